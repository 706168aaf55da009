// `hourglass codec-server` as a browser meets it.

#include "tests/support/child_process.hpp"
#include "tests/support/command.hpp"
#include "tests/support/http.hpp"
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
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

namespace fs = std::filesystem;
using hourglass::test::run;
using ::testing::AnyOf;
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
        const auto port = [this] {
            const std::string told = output();
            const auto at = told.find("codec server at http://");
            const auto end = told.find('\n', at);
            const bool whole = at != std::string::npos && end != std::string::npos;
            return whole ? std::stoi(told.substr(told.rfind(':', end) + 1)) : 0;
        };
        while (server_->runs() && port() == 0) {
            std::this_thread::yield();
        }
        EXPECT_NE(port(), 0) << output();
        return httplib::Client{"127.0.0.1", port()};
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
    for (const std::string host :
         {"evil.example", "127.0.0.1.evil.example:8081", "127.evil.example", "localhost.evil"}) {
        EXPECT_EQ(post(client, "/decode", kPlain, {{"Host", host}})->status, 403) << host;
    }
    for (const std::string host : {"localhost:8081", "127.0.0.1", "127.1.2.3:8081", "[::1]:8081"}) {
        EXPECT_EQ(post(client, "/decode", kPlain, {{"Host", host}})->status, 200) << host;
    }
    const auto [code, said] = run(std::string{HOURGLASS_COMMAND} + " codec-server --host 0.0.0.0");
    EXPECT_EQ(code, 2);
    EXPECT_THAT(said, HasSubstr("--token-file"));
}

TEST_F(CodecServer, TakesNoBodyOfARefusedRequestForTheNextOne) {
    static_cast<void>(start());
    const std::string hidden =
        "POST /decode HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: " +
        std::to_string(kPlain.size()) + "\r\n\r\n" + kPlain;
    const auto head_for = [](std::size_t size) {
        return "POST /decode HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n"
               "Content-Type: text/plain\r\nContent-Length: " +
               std::to_string(size) + "\r\n\r\n";
    };
    // The server reads 4096 bytes at once; what it has read with the head it forgets.
    const std::size_t whole = 4096 + hidden.size();
    const std::string head = head_for(whole - head_for(whole).size());
    const std::string before(4096 - head.size(), ' ');
    const hourglass::test::RawClient page{output().substr(0, output().find('\n'))};
    page.send(head + before + hidden);
    const std::string answers = page.receive_all();
    EXPECT_THAT(answers, HasSubstr(" 403 "));
    EXPECT_THAT(answers, HasSubstr("Connection: close"));
    EXPECT_THAT(answers, Not(HasSubstr(" 200 ")));
}

/// What the server says to a request with 300 MiB of blanks behind it, in chunks, and whether it
/// has read them all.
std::pair<std::string, bool> send_too_much(const std::string& address, const std::string& path) {
    const hourglass::test::RawClient client{address};
    client.send(
        "POST " + path +
        " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\nf\r\n{\"payloads\":[]}\r\n"
    );
    const std::string chunk = "100000\r\n" + std::string(1024UL * 1024, ' ') + "\r\n";
    bool all = true;
    try {
        for (int i = 0; i < 300; ++i) {
            client.send(chunk);
        }
        client.send("0\r\n\r\n");
    } catch (const std::runtime_error&) {
        all = false;
    }
    return {client.receive_all(), all};
}

TEST_F(CodecServer, ReadsNoBodyThatIsTooLarge) {
    static_cast<void>(start());
    const std::string address = output().substr(0, output().find('\n'));
    const auto [answer, read] = send_too_much(address, "/decode");
    EXPECT_THAT(answer, HasSubstr(" 413 "));
    EXPECT_FALSE(read);
    for (const std::string path : {"/other", "/%0A/decode", "/%0D/encode"}) {
        const auto [elsewhere, read_elsewhere] = send_too_much(address, path);
        EXPECT_THAT(elsewhere, HasSubstr(" 404 ")) << path;
        EXPECT_FALSE(read_elsewhere) << path;
    }
}

/// Ends the sockets of another process under its hands. @returns false if the system forbids it.
bool end_sockets_of(pid_t process) {
    const auto handle = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
    bool ended = false;
    for (int descriptor = 3; handle >= 0 && descriptor < 32; ++descriptor) {
        const auto taken = static_cast<int>(::syscall(SYS_pidfd_getfd, handle, descriptor, 0));
        ended = (taken >= 0 && ::shutdown(taken, SHUT_RDWR) == 0) || ended;
        ::close(taken);
    }
    ::close(handle);
    return ended;
}

TEST_F(CodecServer, EndsWhenItCannotAcceptAnyMore) {
    static_cast<void>(start());
    ASSERT_TRUE(end_sockets_of(server_->id())) << "it takes pidfd_getfd for one's own children";
    EXPECT_EQ(server_->wait(), 2);
    EXPECT_THAT(output(), HasSubstr("could not accept connections"));
}

TEST_F(CodecServer, WarnsIfItHasNoCodec) {
    const auto warning = HasSubstr("warning: there is no codec");
    static_cast<void>(start(HOURGLASS_COMMAND, {}));
    EXPECT_THAT(output(), warning);
    static_cast<void>(start(HOURGLASS_COMMAND, {"--zlib"}));
    EXPECT_THAT(output(), Not(warning));
    static_cast<void>(start(HOURGLASS_COMMAND, {"--storage-folder", file("stored")}));
    EXPECT_THAT(output(), Not(warning));
    static_cast<void>(start(CLI_PROGRAM_WITH_OPTIONS, {}));
    EXPECT_THAT(output(), Not(warning));
}

TEST_F(CodecServer, SaysWhatAKeyMustBe) {
    for (const std::string given : {"k1", "=key"}) {
        const auto [code, said] =
            run(std::string{HOURGLASS_COMMAND} + " codec-server --aes-key " + given);
        EXPECT_EQ(code, 2);
        EXPECT_THAT(said, HasSubstr("is not ID=FILE: the key's id, an equals sign"));
    }
}

TEST_F(CodecServer, NamesAKeyThatIsNone) {
    write("key", "short");
    const auto [code, said] =
        run(std::string{HOURGLASS_COMMAND} + " codec-server --aes-key k=" + file("key"));
    EXPECT_EQ(code, 2);
    EXPECT_THAT(said, HasSubstr("has no key of 32 bytes"));
}

TEST_F(CodecServer, NamesFilesThatAreNoFiles) {
    const std::string command = std::string{HOURGLASS_COMMAND} + " codec-server ";
    const std::string folder = folder_.string();
    const auto key = run(command + "--aes-key k=" + folder);
    EXPECT_EQ(key.code, 2);
    EXPECT_THAT(key.output, HasSubstr("the key file " + folder + " cannot be read"));
    const auto token = run(command + "--token-file " + folder);
    EXPECT_EQ(token.code, 2);
    EXPECT_THAT(token.output, HasSubstr("the token file " + folder + " cannot be read"));
    const auto device = run(command + "--token-file /dev/zero");
    EXPECT_EQ(device.code, 2);
    EXPECT_THAT(device.output, HasSubstr("/dev/zero has more than"));
}

TEST_F(CodecServer, DoesNotShowASecretThatStandsWhereItsPathBelongs) {
    const std::string command = std::string{HOURGLASS_COMMAND} + " codec-server ";
    const std::string secret = "5ec2e7" + std::string(58, 'a');
    for (const std::string& flags :
         {"--aes-key " + secret,
          "--aes-key k=" + secret,
          "--aes-key k=/" + secret,
          "--token-file " + secret}) {
        const auto [code, said] = run(command + flags);
        EXPECT_EQ(code, 2);
        EXPECT_THAT(said, AnyOf(HasSubstr("ID=FILE"), HasSubstr("is not the path of a file")));
        EXPECT_THAT(said, Not(HasSubstr("5ec2e7")));
    }
    const auto gone = run(command + "--token-file " + file("gone"));
    EXPECT_THAT(gone.output, HasSubstr("the token file " + file("gone") + " cannot be read"));
}

TEST_F(CodecServer, RefusesTwoKeysOfOneId) {
    const std::string key = " --aes-key k=" + file("key");
    const auto [code, said] = run(std::string{HOURGLASS_COMMAND} + " codec-server" + key + key);
    EXPECT_EQ(code, 2);
    EXPECT_THAT(said, HasSubstr("the id \"k\" twice"));
}

}  // namespace
