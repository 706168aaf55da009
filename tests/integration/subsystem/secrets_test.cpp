// What nobody may read in a log, a text of an exception or the status page, while everything fails
// that shows it to somebody.
#include "flows.hpp"
#include "tests/support/connect_proxy.hpp"
#include "tests/support/http.hpp"
#include "tests/support/key_pair.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/test_server.hpp"
#include "tests/support/tls_endpoints.hpp"
#include <hourglass/codec/aes_gcm_codec.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using hg::test::ConnectProxy;
using hg::test::http;
using hg::test::KeyPair;
using hg::test::TlsEndpoints;
using hg::test::unique;
using ::testing::HasSubstr;
using ::testing::Not;

// Nobody listens there: the discard port.
constexpr auto kNobody = "127.0.0.1:9";

// In each of them, and "s3cr3t" as bytes in decimal, as Rust writes them.
constexpr auto kMark = "s3cr3t";
constexpr auto kMarkInBytes = "115, 51, 99, 114";
constexpr auto kApiKey = "s3cr3t-api-key";
constexpr auto kHeader = "Bearer s3cr3t-header";
constexpr auto kUser = "s3cr3t-user";
constexpr auto kPassword = "s3cr3t-password";
// What the proxy gets of them.
constexpr auto kUserAndPasswordInBase64 = "czNjcjN0LXVzZXI6czNjcjN0LXBhc3N3b3Jk";
constexpr auto kAesKey = "s3cr3t-aes-key-of-32-bytes-01234";

class Secrets : public ::testing::Test {
protected:
    Secrets() { hg::log::set_level(hg::log::Level::Debug); }
    ~Secrets() override { hg::log::set_level(hg::log::Level::Info); }

    hg::ApplicationOptions with_secrets(const std::string& address) const {
        hg::ApplicationOptions options;
        options.client.address = address;
        options.client.rpc_timeout = 500ms;
        options.client.headers = {{"authorization", kHeader}, {"x-tenant-token", kHeader}};
        options.client.api_key = kApiKey;
        options.client.data.codecs = {
            hg::aes_gcm_codec({.key_id = "2026", .keys = {{"2026", kAesKey}}})
        };
        options.default_worker.task_queue = queue_;
        options.status_page.enabled = true;
        options.telemetry.core_log_filter = "debug";
        options.telemetry.prometheus_address = "127.0.0.1:0";
        return options;
    }

    void expect_refused(const std::function<void()>& what) {
        try {
            what();
            ADD_FAILURE() << "it was taken";
        } catch (const hg::Error& error) {
            texts_.emplace_back(error.what());
        }
    }

    /// What somebody can read who looks at the application.
    void read_pages(const hg::Application& app) {
        const std::string page = app.status_page_address();
        for (const char* path : {"/", "/tree.json", "/readyz", "/healthz"}) {
            texts_.push_back(http(page, path).body);
        }
        texts_.push_back(http(app.prometheus_address(), "/metrics").body);
        texts_.push_back(app.tree_text());
    }

    /// Makes calls and replacements that fail, and a crash.
    void fail_in_all_ways(hg::Application& app) {
        EXPECT_FALSE(app.wait_until_polling(queue_, 1s));
        expect_refused([&] { app.client().start<&flows::Echo::run>({.id = "x"}, "text"); });
        expect_refused([&] { app.replace_credentials({.api_key = "s3cr3t-api-key-2"}); });
        expect_refused([&] {
            app.replace_credentials(
                {.tls =
                     hg::TlsOptions{
                         .client_certificate = pair_.certificate,
                         .client_private_key = pair_.private_key
                     }}
            );
        });
        app.replace_headers({{"authorization", "Bearer s3cr3t-header-2"}});
        expect_refused([&] { app.replace_headers({{"authorization", "s3cr3t\n"}}); });
        read_pages(app);
        EXPECT_TRUE(app.kill("BridgeHolder"));
        read_pages(app);
    }

    void expect_nothing_told() {
        std::vector<std::string> all = lines_.at_least(hg::log::Level::Trace);
        all.insert(all.end(), texts_.begin(), texts_.end());
        EXPECT_GE(all.size(), 10U) << "where nothing is said, nothing is told";
        // A line of the key in the middle of it.
        const std::string key = pair_.private_key.substr(pair_.private_key.size() / 2, 16);
        for (const std::string& text : all) {
            EXPECT_THAT(text, Not(HasSubstr(kMark)));
            EXPECT_THAT(text, Not(HasSubstr(kMarkInBytes)));
            EXPECT_THAT(text, Not(HasSubstr(kUserAndPasswordInBase64)));
            EXPECT_THAT(text, Not(HasSubstr(key)));
        }
    }

    const std::string queue_ = unique("secrets");
    hg::test::LogLines lines_;
    std::vector<std::string> texts_;
    const KeyPair pair_ = hg::test::new_key_pair();
};

TEST_F(Secrets, AreNotToldWhereNobodyAnswers) {
    {
        hg::Application app{with_secrets(kNobody)};
        fail_in_all_ways(app);
    }
    EXPECT_GE(lines_.count("the server cannot be reached"), 1U);
    expect_nothing_told();
}

TEST_F(Secrets, AreNotToldWhenAProxyRefusesThem) {
    const ConnectProxy proxy{"somebody", "else"};
    hg::ApplicationOptions options = with_secrets("temporal.test:7233");
    options.client.http_proxy =
        hg::HttpProxyOptions{.address = proxy.address(), .user = kUser, .password = kPassword};
    {
        hg::Application app{options};
        fail_in_all_ways(app);
        hg::ClientOptions own = options.client;
        own.headers.clear();
        expect_refused([&] { (void)hg::Client::connect(own); });
    }
    EXPECT_GE(lines_.count("via proxy at"), 1U) << "which Core says at the level Debug";
    EXPECT_GE(lines_.count("407"), 1U);
    expect_nothing_told();
}

TEST_F(Secrets, AreNotToldWhenTheyCannotBeUsed) {
    const KeyPair other = hg::test::new_key_pair();
    const std::string begin = "-----BEGIN PRIVATE KEY";
    std::vector<hg::Credentials> wrong{{.api_key = "s3cr3t-api-key\n"}};
    for (const std::string& key :
         {other.private_key,
          std::string{kMark},
          begin + kMark,
          begin + "-----\n" + kMark + "\n-----END PRIVATE KEY-----\n",
          pair_.private_key.substr(0, pair_.private_key.size() - 40)}) {
        wrong.push_back(
            {.tls =
                 hg::TlsOptions{.client_certificate = pair_.certificate, .client_private_key = key}}
        );
        wrong.push_back(
            {.tls =
                 hg::TlsOptions{.client_certificate = key, .client_private_key = pair_.certificate}}
        );
        wrong.push_back({.tls = hg::TlsOptions{.server_root_ca = key}});
    }
    hg::Application app{with_secrets(kNobody)};
    const hg::Client client = hg::Client::connect({.address = kNobody, .lazy = true});
    for (const hg::Credentials& each : wrong) {
        hg::ApplicationOptions options = with_secrets(kNobody);
        options.client.tls = each.tls;
        options.client.api_key = each.api_key;
        expect_refused([&] { (void)hg::Client::connect(options.client); });
        expect_refused([&] { const hg::Application refused{options}; });
        expect_refused([&] { app.replace_credentials(each); });
        expect_refused([&] { client.replace_credentials(each); });
    }
    for (const std::string address : {"s3cr3t:s3cr3t@127.0.0.1:9", "http://s3cr3t@127.0.0.1:9"}) {
        expect_refused([&] { (void)hg::Client::connect({.address = address}); });
        const hg::HttpProxyOptions proxy{.address = address, .user = kUser, .password = kPassword};
        expect_refused([&] { (void)hg::Client::connect({.http_proxy = proxy}); });
    }
    const hg::HttpProxyOptions half{.address = kNobody, .password = kPassword};
    expect_refused([&] { (void)hg::Client::connect({.http_proxy = half}); });
    expect_refused([] {
        (void)hg::aes_gcm_codec({.key_id = "2026", .keys = {{"2026", "s3cr3t-too-short"}}});
    });
    read_pages(app);
    expect_nothing_told();
}

TEST_F(Secrets, AreNotToldWhileEverythingWorks) {
    const std::string server = hg::test::server_address();
    const TlsEndpoints endpoints{
        static_cast<std::uint16_t>(std::stoi(server.substr(server.rfind(':') + 1)))
    };
    hg::ApplicationOptions options =
        with_secrets("127.0.0.1:" + std::to_string(endpoints.port("mutual")));
    options.client.rpc_timeout = 10s;
    options.client.tls = endpoints.client_of("ours");
    const std::string key = options.client.tls->client_private_key;
    {
        hg::Application app{options};
        ASSERT_TRUE(app.wait_until_polling(queue_, 20s));
        const auto handle = app.client().start<&flows::Echo::run>(
            {.id = unique("secrets"), .task_queue = queue_}, "text"
        );
        EXPECT_EQ(handle.result(), "text");
        app.replace_credentials({.tls = options.client.tls, .api_key = "s3cr3t-api-key-2"});
        read_pages(app);
    }
    for (const std::string& line : lines_.at_least(hg::log::Level::Trace)) {
        EXPECT_THAT(line, Not(HasSubstr(key.substr(key.size() / 2, 16))));
    }
    expect_nothing_told();
}

}  // namespace
