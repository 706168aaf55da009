#include "hourglass/client/client.hpp"

#include "hourglass/raw.hpp"
#include "src/client/make_client.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <coroutine>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>
#include <unistd.h>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

/// Sets variables for one test.
class Environment {
public:
    Environment() {
        for (const char* name : kNames) {
            unsetenv(name);
        }
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
    std::ofstream{path} << "key pem";
    Environment::set("TEMPORAL_TLS_CLIENT_CERT_DATA", "cert pem");
    Environment::set("TEMPORAL_TLS_CLIENT_KEY_PATH", path.string());
    Environment::set("TEMPORAL_TLS_SERVER_NAME", "temporal.internal");
    const ClientOptions options = ClientOptions::from_environment();
    std::filesystem::remove(path);
    ASSERT_TRUE(options.tls);
    EXPECT_EQ(options.tls->client_certificate, "cert pem");
    EXPECT_EQ(options.tls->client_private_key, "key pem");
    EXPECT_EQ(options.tls->server_name, "temporal.internal");
}

TEST(ClientOptionsOfTheEnvironment, NameTheVariableThatIsWrong) {
    const Environment environment;
    Environment::set("TEMPORAL_TLS", "perhaps");
    const auto read = [] { (void)ClientOptions::from_environment(); };
    EXPECT_THAT(thrown_by<ConfigurationError>(read).what(), HasSubstr("TEMPORAL_TLS"));
    Environment::set("TEMPORAL_TLS", "false");
    EXPECT_FALSE(ClientOptions::from_environment().tls);
    Environment::set("TEMPORAL_API_KEY", "secret");
    EXPECT_THAT(thrown_by<ConfigurationError>(read).what(), HasSubstr("TEMPORAL_API_KEY"));
    Environment::set("TEMPORAL_TLS", "true");
    Environment::set("TEMPORAL_TLS_CLIENT_CERT_PATH", "/nonexistent.pem");
    EXPECT_THAT(
        thrown_by<ConfigurationError>(read).what(), HasSubstr("TEMPORAL_TLS_CLIENT_CERT_PATH")
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
        HasSubstr("server_root_ca_cert holds no certificate")
    );
    EXPECT_THAT(
        rejected({.tls = TlsOptions{.client_certificate = "x", .client_private_key = "y"}}),
        HasSubstr("client_cert holds no certificate")
    );
    EXPECT_THAT(rejected({.tls = TlsOptions{.server_name = "no host"}}), HasSubstr("\"no host\""));
    EXPECT_THAT(rejected({.keep_alive = {.interval = 0s}}), HasSubstr("keep_alive"));
    EXPECT_THAT(rejected({.keep_alive = {.timeout = 0s}}), HasSubstr("keep_alive"));
    EXPECT_THAT(rejected({.http_proxy = HttpProxyOptions{}}), HasSubstr("http_proxy"));
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
