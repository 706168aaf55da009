// `hourglass codec-server` as a browser meets it.

#include "tests/support/child_process.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <csignal>
#include <cstdlib>
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

    /// With a key, and a page that may ask.
    httplib::Client start(const std::vector<std::string>& more = {}) {
        std::vector<std::string> flags{"--aes-key", "k=" + file("key"), "--origin", kOrigin};
        flags.insert(flags.end(), more.begin(), more.end());
        return start(HOURGLASS_COMMAND, flags);
    }
    /// Starts it on a port of its own, which it tells.
    httplib::Client start(const std::string& program, const std::vector<std::string>& flags) {
        std::vector<std::string> command{program, "codec-server", "--port", "0"};
        command.insert(command.end(), flags.begin(), flags.end());
        server_.reset();
        fs::remove(file("output"));
        server_ = std::make_unique<hourglass::test::ChildProcess>(command, file("output"));
        while (server_->runs() && output().find('\n') == std::string::npos) {
            std::this_thread::yield();
        }
        const std::string told = output();
        EXPECT_THAT(told, HasSubstr("codec server at http://"));
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
    EXPECT_THAT(output(), HasSubstr("at http://127.0.0.1:")) << "for this machine alone";
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

TEST_F(CodecServer, HasItsTokenFromTheEnvironmentIfNoFileIsNamed) {
    setenv("HOURGLASS_CODEC_TOKEN", "open barley", 1);
    const httplib::Headers barley{{"Authorization", "Bearer open barley"}};
    auto client = start();
    EXPECT_EQ(post(client, "/decode", kPlain)->status, 401);
    EXPECT_EQ(post(client, "/decode", kPlain, barley)->status, 200);
    auto other = start({"--token-file", file("token")});
    unsetenv("HOURGLASS_CODEC_TOKEN");
    EXPECT_EQ(post(other, "/decode", kPlain, barley)->status, 401);
}

TEST_F(CodecServer, ServesEveryHostWithAToken) {
    auto client = start({"--host", "0.0.0.0", "--token-file", file("token")});
    httplib::Headers headers{{"Host", "payloads.example"}};
    EXPECT_EQ(post(client, "/decode", kPlain, headers)->status, 401);
    headers.emplace("Authorization", "Bearer open sesame");
    EXPECT_EQ(post(client, "/decode", kPlain, headers)->status, 200);
}

TEST_F(CodecServer, TellsItsCodecsTheNamespace) {
    auto client = start(CLI_PROGRAM_WITH_OPTIONS, {});
    const httplib::Headers shop{{"X-Namespace", "shop"}};
    const auto encoded = post(client, "/encode", kPlain, shop);
    ASSERT_TRUE(encoded);
    EXPECT_THAT(encoded->body, HasSubstr("\"stamp\":\"c2hvcA==\"")) << "shop";
    EXPECT_EQ(post(client, "/decode", encoded->body, shop)->body, kPlain);
    const auto refused = post(client, "/decode", encoded->body, {{"X-Namespace", "bank"}});
    EXPECT_EQ(refused->status, 422);
    EXPECT_THAT(refused->body, HasSubstr("it belongs to shop"));
}

/// A payload "aaa…".
std::string large(std::size_t bytes) {
    std::string data;
    for (std::size_t i = 0; i < bytes; i += 3) {
        data += "YWFh";
    }
    return R"({"payloads":[{"metadata":{"encoding":"YmluYXJ5L3BsYWlu"},"data":")" + data + "\"}]}";
}

TEST_F(CodecServer, Compresses) {
    auto client = start(HOURGLASS_COMMAND, {"--zlib"});
    const std::string plain = large(6000);
    const auto encoded = post(client, "/encode", plain);
    ASSERT_TRUE(encoded);
    EXPECT_THAT(encoded->body, HasSubstr("YmluYXJ5L3psaWI=")) << "binary/zlib";
    EXPECT_LT(encoded->body.size(), 1000U);
    EXPECT_EQ(post(client, "/decode", encoded->body)->body, plain);
}

TEST_F(CodecServer, StoresLargePayloadsInItsFolder) {
    auto client = start(HOURGLASS_COMMAND, {"--storage-folder", file("stored")});
    const std::string plain = large(300'000);
    const auto encoded = post(client, "/encode", plain);
    ASSERT_TRUE(encoded);
    EXPECT_LT(encoded->body.size(), 1000U) << "a reference";
    EXPECT_FALSE(fs::is_empty(file("stored")));
    EXPECT_EQ(post(client, "/decode", encoded->body)->body, plain);
}

TEST_F(CodecServer, TellsNobodyItsTokenOrItsKey) {
    write("key", "5ec2e7" + std::string(58, 'a'));
    write("token", "s3cr3t-token");
    auto client = start({"--token-file", file("token")});
    const httplib::Headers knows{{"Authorization", "Bearer s3cr3t-token"}};
    std::string broken = post(client, "/encode", kPlain, knows)->body;
    broken.replace(broken.find("\"data\":\"") + 8, 8, "AAAAAAAA");
    std::string told;
    const auto expect = [&](int status, const httplib::Result& result) {
        ASSERT_TRUE(result);
        EXPECT_EQ(result->status, status);
        told += result->body;
        for (const auto& [name, value] : result->headers) {
            told.append(name).append(value);
        }
    };
    expect(401, post(client, "/decode", kPlain));
    expect(401, post(client, "/decode", kPlain, {{"Authorization", "Bearer s3cr3t"}}));
    expect(403, post(client, "/decode", kPlain, {{"Origin", "http://evil.example"}}));
    expect(422, post(client, "/decode", broken, knows));
    expect(400, post(client, "/decode", "no json", knows));
    expect(404, post(client, "/other", kPlain, knows));
    server_->signal(SIGTERM);
    EXPECT_EQ(server_->wait(), 0);
    told += output();
    EXPECT_THAT(told, Not(HasSubstr("s3cr3t-token")));
    EXPECT_THAT(told, Not(HasSubstr("5ec2e7")));
    EXPECT_THAT(told, Not(HasSubstr("XsLn"))) << "the key in base64";
}

TEST_F(CodecServer, RefusesOriginsThatNoPageHas) {
    for (const std::string origin :
         {"http://localhost:8233/",
          "http://localhost:8233/ui",
          "localhost:8233",
          "http://",
          "http://user@localhost",
          "http://localhost:0",
          "http://localhost:",
          "http://localhost:80",
          "https://ui.example:443",
          "http://Localhost",
          "*"}) {
        const auto [code, said] =
            run(std::string{HOURGLASS_COMMAND} + " codec-server --port 0 --origin '" + origin + "'"
            );
        EXPECT_EQ(code, 2) << origin;
        EXPECT_THAT(said, HasSubstr("--origin is \"" + origin + "\""));
        EXPECT_THAT(said, HasSubstr("scheme://host:port"));
    }
    const std::string page = "https://ui.example";
    const std::string local = "http://[::1]:8233";
    auto client = start({"--origin", page, "--origin", local});
    EXPECT_EQ(post(client, "/decode", kPlain, {{"Origin", page}})->status, 200);
    EXPECT_EQ(post(client, "/decode", kPlain, {{"Origin", local}})->status, 200);
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
