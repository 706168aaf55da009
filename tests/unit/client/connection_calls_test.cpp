#include "hourglass/client/connection_calls.hpp"

#include "src/client/core_channel.hpp"
#include "src/client/make_client.hpp"
#include "tests/support/sanitizers.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

using Headers = std::map<std::string, std::string>;

TEST(InNamespace, CallsTheOtherNamespaceOverTheSameConnection) {
    const FakeServer server;
    server.channel->answer(service::CountWorkflowExecutionsResponse{})
        .answer(service::CountWorkflowExecutionsResponse{});
    const Client other =
        server.client.with({.metadata = {{"tenant", "blue"}}}).in_namespace("returns");
    static_cast<void>(other.count_workflows());
    static_cast<void>(server.client.count_workflows());

    EXPECT_EQ(other.namespace_name(), "returns");
    EXPECT_EQ(other.identity(), server.client.identity());
    using Request = service::CountWorkflowExecutionsRequest;
    EXPECT_EQ(server.channel->request<Request>(0).namespace_(), "returns");
    EXPECT_EQ(server.channel->call_at(0).metadata, (Headers{{"tenant", "blue"}}));
    EXPECT_EQ(server.channel->request<Request>(1).namespace_(), "orders");
}

TEST(InNamespace, NamesWhatIsMissing) {
    const FakeServer server;
    const auto error =
        thrown_by<ConfigurationError>([&] { static_cast<void>(server.client.in_namespace("")); });
    EXPECT_THAT(error.what(), HasSubstr("Client::in_namespace"));
}

TEST(InNamespace, NamesTheNamespaceInErrors) {
    const FakeServer server;
    server.channel->fail(RpcCode::PermissionDenied, "no");
    const auto error = thrown_by<PermissionDeniedError>([&] {
        static_cast<void>(server.client.in_namespace("returns").count_workflows());
    });
    EXPECT_THAT(error.what(), HasSubstr("\"returns\""));
}

/// Keeps what it is told to change.
class ChangingChannel : public FakeChannel {
public:
    void replace_credentials(Credentials credentials, ReplacedCallback replaced) override {
        api_key = credentials.api_key;
        replaced(
            refuses ? Result<void, RpcFailure>{failure(*refuses)} : Result<void, RpcFailure>{}
        );
    }
    void replace_headers(std::map<std::string, std::string> given) override {
        headers = std::move(given);
    }

    std::string api_key;
    Headers headers;
    std::optional<RpcFailure> refuses;
};

class ConnectionChanges : public ::testing::Test {
protected:
    ConnectionChanges() { server_.context->calls.channel = channel_; }

    std::shared_ptr<ChangingChannel> channel_ = std::make_shared<ChangingChannel>();
    const FakeServer server_;
    const Client client_{std::make_shared<RpcBackend>(server_.context)};
};

TEST_F(ConnectionChanges, GoToTheChannel) {
    client_.replace_credentials({.api_key = "second"});
    EXPECT_EQ(channel_->api_key, "second");
    client_.in_namespace("returns").replace_headers({{"tenant", "blue"}});
    EXPECT_EQ(channel_->headers, (Headers{{"tenant", "blue"}}));
}

TEST_F(ConnectionChanges, ThatTheServerRefusesAreItsError) {
    channel_->refuses = RpcFailure{.code = RpcCode::Unauthenticated, .message = "who?"};
    const auto error = thrown_by<UnauthenticatedError>([&] {
        client_.replace_credentials({.api_key = "second"});
    });
    EXPECT_THAT(
        error.what(), AllOf(HasSubstr("connect with the new credentials"), HasSubstr("who?"))
    );
}

TEST(ConnectionOfAnother, IsChangedWhereItIsMade) {
    const FakeServer server;
    const auto key = thrown_by<ConfigurationError>([&] {
        server.client.replace_credentials({.api_key = "second"});
    });
    EXPECT_THAT(key.what(), HasSubstr("Application::replace_credentials"));
    const auto headers = thrown_by<ConfigurationError>([&] { server.client.replace_headers({}); });
    EXPECT_THAT(headers.what(), HasSubstr("Application::replace_headers"));
}

#ifndef HOURGLASS_TEST_UNDER_TSAN

class ChannelOfCore : public ::testing::Test {
protected:
    /// Nobody is there.
    const ClientOptions options_{.address = "127.0.0.1:9", .rpc_timeout = 2s, .lazy = true};
    const Client client_ = detail::make_client(make_core_channel(options_), options_);
};

TEST_F(ChannelOfCore, ConnectsWithNewCredentialsBeforeTheyCount) {
    const auto error = thrown_by<UnavailableError>([&] {
        client_.replace_credentials({.tls = TlsOptions{}, .api_key = "second"});
    });
    EXPECT_THAT(
        error.what(), AllOf(HasSubstr("connect with the new credentials"), HasSubstr("127.0.0.1:9"))
    );
}

TEST_F(ChannelOfCore, RefusesWhatCannotWork) {
    const auto pem = thrown_by<ConfigurationError>([&] {
        client_.replace_credentials({.tls = TlsOptions{.server_root_ca = "no PEM"}});
    });
    EXPECT_THAT(pem.what(), HasSubstr("no certificate"));
    EXPECT_NO_THROW(client_.replace_headers({{"tenant", "blue"}, {"trace-bin", {"\0\xff", 2}}}));
    const auto key =
        thrown_by<ConfigurationError>([&] { client_.replace_headers({{"Tenant", "blue"}}); });
    EXPECT_THAT(key.what(), HasSubstr("Tenant"));
    const auto value =
        thrown_by<ConfigurationError>([&] { client_.replace_headers({{"tenant", "two\nlines"}}); });
    EXPECT_THAT(value.what(), HasSubstr("tenant"));
}

#endif

}  // namespace
}  // namespace hourglass::client
