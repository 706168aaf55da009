// `hourglass codec-server` as a browser meets it.

#include "tests/support/child_process.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace fs = std::filesystem;
using hourglass::test::run;
using ::testing::HasSubstr;
using ::testing::Not;

// The JSON text "secret" in the form that the Web UI sends.
const std::string kPlain =
    R"({"payloads":[{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"InNlY3JldCI="}]})";
const std::string kOrigin = "http://localhost:8233";

class CodecServer : public ::testing::Test {
protected:
    CodecServer() {
        write("key", std::string(64, 'a'));
        write("token", "open sesame\n");
    }
    ~CodecServer() override {
        server_.reset();
        fs::remove_all(folder_);
    }

    [[nodiscard]] std::string file(const std::string& name) const {
        return (folder_ / name).string();
    }
    void write(const std::string& name, const std::string& content) const {
        std::ofstream{folder_ / name} << content;
    }
    [[nodiscard]] std::string output() const {
        std::ifstream stream{folder_ / "output"};
        return {std::istreambuf_iterator<char>{stream}, {}};
    }

    /// Starts it on a port of its own, which it tells.
    httplib::Client start(const std::vector<std::string>& more = {}) {
        std::vector<std::string> command{
            HOURGLASS_COMMAND, "codec-server", "--port", "0", "--aes-key", "k=" + file("key")
        };
        command.insert(command.end(), {"--origin", kOrigin});
        command.insert(command.end(), more.begin(), more.end());
        server_ = std::make_unique<hourglass::test::ChildProcess>(command, file("output"));
        while (server_->runs() && output().find('\n') == std::string::npos) {
            std::this_thread::yield();
        }
        const std::string told = output();
        EXPECT_THAT(told, HasSubstr("codec server at http://127.0.0.1:"));
        const auto port = told.rfind(':') + 1;
        return httplib::Client{"127.0.0.1", std::stoi(told.substr(port))};
    }
    static httplib::Result post(
        httplib::Client& client,
        const std::string& path,
        const std::string& body,
        const httplib::Headers& headers = {}
    ) {
        return client.Post(path, headers, body, "application/json");
    }

    const fs::path folder_ = hourglass::test::new_temporary_folder();
    std::unique_ptr<hourglass::test::ChildProcess> server_;
};

TEST_F(CodecServer, EncodesAndDecodes) {
    auto client = start();
    const auto encoded = post(client, "/encode", kPlain);
    ASSERT_TRUE(encoded);
    EXPECT_EQ(encoded->status, 200);
    EXPECT_THAT(encoded->body, Not(HasSubstr("InNlY3JldCI=")));
    // "binary/encrypted"
    EXPECT_THAT(encoded->body, HasSubstr("YmluYXJ5L2VuY3J5cHRlZA=="));
    const auto decoded = post(client, "/shop/decode", encoded->body);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->status, 200);
    EXPECT_EQ(decoded->body, kPlain);
    server_->signal(SIGTERM);
    EXPECT_EQ(server_->wait(), 0);
}

TEST_F(CodecServer, LetsThePagesAskThatItKnows) {
    auto client = start();
    const auto may = client.Options("/decode", httplib::Headers{{"Origin", kOrigin}});
    ASSERT_TRUE(may);
    EXPECT_EQ(may->status, 204);
    EXPECT_EQ(may->get_header_value("Access-Control-Allow-Origin"), kOrigin);
    EXPECT_THAT(may->get_header_value("Access-Control-Allow-Headers"), HasSubstr("X-Namespace"));
    const auto answered = post(client, "/decode", kPlain, {{"Origin", kOrigin}});
    EXPECT_EQ(answered->get_header_value("Access-Control-Allow-Origin"), kOrigin);
    const auto other = post(client, "/decode", kPlain, {{"Origin", "http://evil.example"}});
    EXPECT_EQ(other->status, 403);
    EXPECT_FALSE(other->has_header("Access-Control-Allow-Origin"));
}

TEST_F(CodecServer, WantsItsToken) {
    auto client = start({"--token-file", file("token")});
    EXPECT_EQ(post(client, "/decode", kPlain)->status, 401);
    EXPECT_EQ(post(client, "/decode", kPlain, {{"Authorization", "Bearer no"}})->status, 401);
    EXPECT_EQ(
        post(client, "/decode", kPlain, {{"Authorization", "Bearer open sesame"}})->status, 200
    );
    EXPECT_EQ(client.Options("/decode", httplib::Headers{{"Origin", kOrigin}})->status, 204)
        << "a browser asks without it";
}

TEST_F(CodecServer, RefusesWhatItCannotRead) {
    auto client = start();
    EXPECT_EQ(post(client, "/decode", "no json")->status, 400);
    EXPECT_EQ(client.Post("/decode", kPlain, "text/plain")->status, 415);
    EXPECT_EQ(client.Get("/decode")->status, 404);
    const auto encoded = post(client, "/encode", kPlain);
    std::string broken = encoded->body;
    broken.replace(broken.find("\"data\":\"") + 8, 8, "AAAAAAAA");
    const auto refused = post(client, "/decode", broken);
    EXPECT_EQ(refused->status, 422);
    EXPECT_THAT(refused->body, HasSubstr("AES-256-GCM could not decode payloads"));
}

TEST_F(CodecServer, ServesThisMachineOnlyWithoutAToken) {
    auto client = start();
    EXPECT_EQ(post(client, "/decode", kPlain, {{"Host", "evil.example"}})->status, 403);
    const auto [code, said] = run(std::string{HOURGLASS_COMMAND} + " codec-server --host 0.0.0.0");
    EXPECT_EQ(code, 2);
    EXPECT_THAT(said, HasSubstr("--token-file"));
}

TEST_F(CodecServer, NamesAKeyThatIsNone) {
    write("key", "short");
    const auto [code, said] =
        run(std::string{HOURGLASS_COMMAND} + " codec-server --aes-key k=" + file("key"));
    EXPECT_EQ(code, 2);
    EXPECT_THAT(said, HasSubstr("has no key of 32 bytes"));
}

}  // namespace
