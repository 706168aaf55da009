#include "hourglass/client/client.hpp"

#include "hourglass/raw.hpp"
#include "src/client/core_channel.hpp"
#include "src/client/make_client.hpp"
#include "tests/support/bound_codec.hpp"
#include "tests/support/key_pair.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <coroutine>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <memory>
#include <thread>
#include <unistd.h>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Sets variables for one test.
class Environment {
public:
    Environment() {
        for (const char* name : kNames) {
            unsetenv(name);
        }
        set("TEMPORAL_CONFIG_FILE", "/dev/null");  // not the one of who runs the tests
    }
    ~Environment() {
        for (const char* name : kNames) {
            unsetenv(name);
        }
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    static void set(const char* name, const std::string& value) { setenv(name, value.c_str(), 1); }

private:
    static constexpr const char* kNames[] = {
        "TEMPORAL_CONFIG_FILE",
        "TEMPORAL_PROFILE",
        "TEMPORAL_ADDRESS",
        "TEMPORAL_NAMESPACE",
        "TEMPORAL_API_KEY",
        "TEMPORAL_TLS",
        "TEMPORAL_TLS_SERVER_NAME",
        "TEMPORAL_TLS_SERVER_CA_CERT_DATA",
        "TEMPORAL_TLS_CLIENT_CERT_DATA",
        "TEMPORAL_TLS_CLIENT_CERT_PATH",
        "TEMPORAL_TLS_CLIENT_KEY_DATA",
        "TEMPORAL_TLS_CLIENT_KEY_PATH",
    };
};

TEST(ClientOptionsOfTheEnvironment, AreTheDefaultsIfNothingIsSet) {
    const Environment environment;
    const ClientOptions options = ClientOptions::from_environment();
    EXPECT_EQ(options.address, "localhost:7233");
    EXPECT_EQ(options.namespace_, "default");
    EXPECT_EQ(options.api_key, "");
    EXPECT_FALSE(options.tls);
}

TEST(ClientOptionsOfTheEnvironment, AreWhatIsSet) {
    const Environment environment;
    Environment::set("TEMPORAL_ADDRESS", "temporal.test:7234");
    Environment::set("TEMPORAL_NAMESPACE", "orders");
    Environment::set("TEMPORAL_API_KEY", "secret");
    const ClientOptions options = ClientOptions::from_environment();
    EXPECT_EQ(options.address, "temporal.test:7234");
    EXPECT_EQ(options.namespace_, "orders");
    EXPECT_EQ(options.api_key, "secret");
    EXPECT_TRUE(options.tls) << "an API key must not travel in the clear";
}

TEST(ClientOptionsOfTheEnvironment, TakeCertificatesFromFilesOrVariables) {
    const Environment environment;
    const auto path = std::filesystem::temp_directory_path() /
                      ("hourglass-client-test-" + std::to_string(getpid()));
    const std::string certificate = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
    const std::string key = "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n";
    std::ofstream{path} << key;
    Environment::set("TEMPORAL_TLS_CLIENT_CERT_DATA", certificate);
    Environment::set("TEMPORAL_TLS_CLIENT_KEY_PATH", path.string());
    Environment::set("TEMPORAL_TLS_SERVER_NAME", "temporal.internal");
    const ClientOptions options = ClientOptions::from_environment();
    std::filesystem::remove(path);
    ASSERT_TRUE(options.tls);
    EXPECT_EQ(options.tls->client_certificate, certificate);
    EXPECT_EQ(options.tls->client_private_key, key);
    EXPECT_EQ(options.tls->server_name, "temporal.internal");
}

TEST(ClientOptionsOfTheEnvironment, AreThoseOfTheProfileThatItNamesButForTheVariables) {
    const Environment environment;
    const test::TemporaryFolder folder;
    folder.write(
        "temporal.toml",
        "[profile.default]\naddress = \"first.test:7233\"\n"
        "[profile.other]\naddress = \"other.test:7233\"\nnamespace = \"orders\"\n"
        "[profile.other.grpc_meta]\ntenant = \"blue\"\n"
        "[profile.other.codec]\nendpoint = \"https://codec.test\"\n"
    );
    Environment::set("TEMPORAL_CONFIG_FILE", folder.path() + "/temporal.toml");
    EXPECT_EQ(ClientOptions::from_environment().address, "first.test:7233");
    Environment::set("TEMPORAL_PROFILE", "other");
    Environment::set("TEMPORAL_NAMESPACE", "returns");
    EXPECT_THAT(
        thrown_by<ConfigurationError>([] { (void)ClientOptions::from_environment(); }).what(),
        HasSubstr("codec.endpoint")
    );
    const ClientOptions options =
        ClientOptions::from_environment({.codecs = {std::make_shared<test::BoundCodec>()}});
    EXPECT_EQ(options.address, "other.test:7233");
    EXPECT_EQ(options.namespace_, "returns");
    EXPECT_EQ(options.headers, (std::map<std::string, std::string>{{"tenant", "blue"}}));
    EXPECT_EQ(options.data.codecs.size(), 1u);
}

TEST(ClientOptionsOfTheEnvironment, NameTheVariableThatIsWrong) {
    const Environment environment;
    Environment::set("TEMPORAL_TLS", "perhaps");
    const auto read = [] { (void)ClientOptions::from_environment(); };
    EXPECT_THAT(thrown_by<ConfigurationError>(read).what(), HasSubstr("TEMPORAL_TLS"));
    Environment::set("TEMPORAL_TLS", "false");
    EXPECT_FALSE(ClientOptions::from_environment().tls);
    Environment::set("TEMPORAL_API_KEY", "secret");
    EXPECT_THAT(
        thrown_by<ConfigurationError>(read).what(),
        AllOf(HasSubstr("TEMPORAL_TLS"), HasSubstr("api_key"), Not(HasSubstr("secret")))
    );
    Environment::set("TEMPORAL_TLS", "true");
    Environment::set("TEMPORAL_TLS_CLIENT_CERT_PATH", "/nonexistent.pem");
    Environment::set("TEMPORAL_TLS_CLIENT_KEY_PATH", "/nonexistent.key");
    EXPECT_THAT(
        thrown_by<ConfigurationError>(read).what(),
        HasSubstr("the environment: tls.client_cert_path")
    );
    Environment::set("TEMPORAL_TLS_CLIENT_CERT_DATA", "pem");
    EXPECT_THAT(thrown_by<ConfigurationError>(read).what(), HasSubstr("both set"));
}

TEST(ClientOptionsGiven, AreCheckedBeforeAnythingIsSent) {
    const auto channel = std::make_shared<FakeChannel>();
    const auto rejected = [&](const ClientOptions& options) {
        return std::string{thrown_by<ConfigurationError>([&] {
                               (void)detail::make_client(channel, options);
                           }).what()};
    };
    EXPECT_THAT(rejected({.address = "localhost"}), HasSubstr("\"localhost\""));
    EXPECT_THAT(rejected({.address = "http://localhost:7233"}), HasSubstr("without a scheme"));
    EXPECT_THAT(rejected({.address = "localhost:http"}), HasSubstr("host:port"));
    EXPECT_THAT(rejected({.address = ":7233"}), HasSubstr("host:port"));
    EXPECT_THAT(rejected({.namespace_ = ""}), HasSubstr("namespace_ is empty"));
    EXPECT_THAT(rejected({.rpc_timeout = 0s}), HasSubstr("rpc_timeout"));
    EXPECT_THAT(
        rejected({.tls = TlsOptions{.client_certificate = "x"}}), HasSubstr("client_private_key")
    );
    EXPECT_THAT(rejected({.headers = {{"Upper", "x"}}}), HasSubstr("\"Upper\""));
    EXPECT_THAT(
        rejected({.tls = TlsOptions{.server_root_ca = "no PEM"}}),
        HasSubstr("server_root_ca holds no certificate")
    );
    EXPECT_THAT(
        rejected({.tls = TlsOptions{.client_certificate = "x", .client_private_key = "y"}}),
        HasSubstr("client_certificate holds no certificate")
    );
    EXPECT_THAT(
        rejected({.tls = TlsOptions{.server_name = "no host"}}),
        HasSubstr("server_name is \"no host\"")
    );
    EXPECT_THAT(
        rejected({.tls = TlsOptions{.verification_server_name = "nor this"}}),
        HasSubstr("verification_server_name is \"nor this\", expected the name of a host")
    );
    EXPECT_THAT(rejected({.keep_alive = {.interval = 0s}}), HasSubstr("keep_alive"));
    EXPECT_THAT(rejected({.keep_alive = {.timeout = 0s}}), HasSubstr("keep_alive"));
    EXPECT_THAT(rejected({.http_proxy = HttpProxyOptions{}}), HasSubstr("http_proxy"));
    EXPECT_THAT(rejected({.connect_timeout = 0s}), HasSubstr("connect_timeout is 0 ms"));
    EXPECT_THAT(rejected({.dns_load_balancing = 999ms}), HasSubstr("dns_load_balancing is 999 ms"));
    EXPECT_THAT(
        rejected(
            {.http_proxy = HttpProxyOptions{.address = "proxy:3128"}, .dns_load_balancing = 30s}
        ),
        HasSubstr("dns_load_balancing and http_proxy exclude each other")
    );
}

TEST(ClientOptionsGiven, HaveAnApiKeyThatAHeaderCanCarry) {
    for (const std::string key : {"s3cr3t\n", "s3cr3t\r\n", "s3cr3t\x7F", "s3cr\xC3\xA9t"}) {
        const auto error =
            thrown_by<ConfigurationError>([&] { detail::validate({.api_key = key}); });
        EXPECT_THAT(error.what(), HasSubstr("ClientOptions::api_key"));
        EXPECT_THAT(error.what(), Not(HasSubstr("s3cr")));
    }
    EXPECT_NO_THROW(detail::validate({.api_key = "eyJhbGciOi.J9+/=_-"}));
}

TEST(ClientOptionsGiven, HaveAProxyThatCanBeOne) {
    const auto rejected = [](const HttpProxyOptions& proxy) {
        return std::string{thrown_by<ConfigurationError>([&] {
                               detail::validate({.http_proxy = proxy});
                           }).what()};
    };
    for (const std::string address :
         {"proxy", "http://proxy:3128", "proxy:0", "unix:relative", "unix:"}) {
        EXPECT_THAT(
            rejected({.address = address}),
            HasSubstr("HttpProxyOptions::address is \"" + address + "\"")
        );
    }
    EXPECT_THAT(rejected({.address = "user:s3cr3t@proxy:3128"}), Not(HasSubstr("s3cr3t")));
    EXPECT_THAT(
        rejected({.address = "proxy:3128", .password = "s3cr3t"}),
        AllOf(HasSubstr("password is set, but user is not"), Not(HasSubstr("s3cr3t")))
    );
    EXPECT_THAT(
        rejected({.address = "proxy:3128", .user = "tester:s3cr3t"}),
        AllOf(HasSubstr("HttpProxyOptions::user has a colon"), Not(HasSubstr("s3cr3t")))
    );
    EXPECT_NO_THROW(detail::validate({.http_proxy = HttpProxyOptions{.address = "proxy:3128"}}));
    EXPECT_NO_THROW(detail::validate({.http_proxy = HttpProxyOptions{.address = "unix:/proxy"}}));
}

TEST(ClientOptionsGiven, HaveACertificateAndItsOwnKey) {
    const test::KeyPair pair = test::new_key_pair();
    const test::KeyPair other = test::new_key_pair();
    const auto of = [](const std::string& certificate, const std::string& key) {
        return ClientOptions{
            .tls = TlsOptions{.client_certificate = certificate, .client_private_key = key}
        };
    };
    EXPECT_NO_THROW(detail::validate(of(pair.certificate, pair.private_key)));
    const auto secret_of = [](const std::string& key) { return key.substr(key.size() / 2, 12); };
    for (const auto& options :
         {of(pair.certificate, other.private_key),
          of(pair.certificate, "s3cr3t"),
          of(pair.certificate, "-----BEGIN PRIVATE KEY-----\ns3cr3t\n-----END PRIVATE KEY-----\n"),
          of(pair.certificate, pair.private_key.substr(0, pair.private_key.size() / 2)),
          of(pair.private_key, pair.certificate)}) {
        const auto error = thrown_by<ConfigurationError>([&] { detail::validate(options); });
        EXPECT_THAT(error.what(), HasSubstr("client_certificate"));
        EXPECT_THAT(error.what(), Not(HasSubstr("s3cr3t")));
        EXPECT_THAT(error.what(), Not(HasSubstr(secret_of(pair.private_key))));
        EXPECT_THAT(error.what(), Not(HasSubstr(secret_of(other.private_key))));
    }
}

TEST(ConnectTimeout, IsShorterThanACallsUnlessAskedFor) {
    EXPECT_EQ(connect_options({.rpc_timeout = 10s}).connect_timeout, 9s);
    EXPECT_EQ(connect_options({.rpc_timeout = 1ms}).connect_timeout, 1ms);
    EXPECT_EQ(connect_options({.rpc_timeout = 10s, .connect_timeout = 3s}).connect_timeout, 3s);
}

TEST(DnsLoadBalancing, IsEvery30SecondsWithoutAProxyUnlessAskedFor) {
    EXPECT_EQ(connect_options({}).dns_load_balancing, 30s);
    EXPECT_EQ(connect_options({.dns_load_balancing = 5s}).dns_load_balancing, 5s);
    EXPECT_EQ(connect_options({.dns_load_balancing = 0s}).dns_load_balancing, std::nullopt);
    const HttpProxyOptions proxy{.address = "proxy:3128"};
    EXPECT_EQ(connect_options({.http_proxy = proxy}).dns_load_balancing, std::nullopt);
    const ClientOptions off{.http_proxy = proxy, .dns_load_balancing = 0s};
    EXPECT_NO_THROW(detail::validate(off));
}

TEST(Clients, KnowTheirAddressNamespaceAndIdentity) {
    const Client client = detail::make_client(std::make_shared<FakeChannel>(), {});
    EXPECT_EQ(client.address(), "localhost:7233");
    EXPECT_EQ(client.namespace_name(), "default");
    EXPECT_THAT(client.identity(), StartsWith(std::to_string(getpid()) + "@"));
}

TEST(Clients, AreConnectedWhenTheServerHasAnswered) {
    FakeServer server;
    server.channel->fail(RpcCode::Unavailable, "not yet").answer(service::GetSystemInfoResponse{});
    const Client connected = detail::when_connected(server.client).get();
    EXPECT_EQ(connected.backend(), server.client.backend());
    EXPECT_EQ(server.channel->call_at(1).method, "GetSystemInfo");
    server.channel->fail(RpcCode::Unimplemented, "an old server");
    EXPECT_NO_THROW((void)detail::when_connected(server.client).get());
}

TEST(Clients, AreNotConnectedIfNobodyAnswersInTime) {
    FakeServer server;
    server.context->rpc_timeout = 10ms;
    for (int i = 0; i < 1000; ++i) {
        server.channel->fail(RpcCode::Unavailable, "connection refused");
    }
    EXPECT_THROW((void)detail::when_connected(server.client).get(), UnavailableError);
}

TEST(RawCalls, GoToTheServiceWordForWord) {
    FakeServer server;
    service::GetClusterInfoResponse response;
    response.set_server_version("1.30");
    server.channel->answer(response);
    const std::string bytes = raw_call(server.client, "operator", "AnyMethod", "request");
    EXPECT_EQ(bytes, response.SerializeAsString());
    EXPECT_EQ(server.channel->call_at(0).service, RpcService::Operator);
    EXPECT_EQ(server.channel->call_at(0).method, "AnyMethod");
    EXPECT_EQ(server.channel->call_at(0).body, "request");
    server.channel->fail(RpcCode::Unimplemented, "unknown method");
    EXPECT_THROW((void)raw_call(server.client, "workflow", "Nope", ""), RpcError);
    EXPECT_THROW((void)raw_call(server.client, "no such", "Nope", ""), ConfigurationError);
}

/// The smallest coroutine that can await a Future.
struct Detached {
    struct promise_type {
        static Detached get_return_object() { return {}; }
        static std::suspend_never initial_suspend() noexcept { return {}; }
        static std::suspend_never final_suspend() noexcept { return {}; }
        static void return_void() {}
        static void unhandled_exception() { std::terminate(); }
    };
};

Detached await_then_block(Client client, std::promise<std::thread::id>* went_on) {
    const Count first = co_await client.count_workflows_async("a");
    const Count second = client.count_workflows("b");  // blocks: allowed where a Future was awaited
    EXPECT_EQ(first.total, second.total);
    went_on->set_value(std::this_thread::get_id());
}

TEST(Futures, ResumeCoroutinesOnThreadsThatMayBlock) {
    FakeServer server;
    service::CountWorkflowExecutionsResponse response;
    response.set_count(1);
    constexpr int kCoroutines = 8;
    for (int i = 0; i < 2 * kCoroutines; ++i) {
        server.channel->answer(response);
    }
    std::vector<std::promise<std::thread::id>> went_on(kCoroutines);
    for (auto& each : went_on) {
        await_then_block(server.client, &each);
    }
    for (auto& each : went_on) {
        EXPECT_NE(each.get_future().get(), std::thread::id{});
    }
}

}  // namespace
}  // namespace hourglass::client
