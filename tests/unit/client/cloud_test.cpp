#include "hourglass/client/cloud.hpp"

#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/cloud/cloudservice/v1/request_response.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

namespace hourglass::client {
namespace {

namespace service = temporal::api::cloud::cloudservice::v1;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(CloudClient, CallsTheMethodOfTheRequest) {
    const FakeServer server;
    const cloud::CloudClient cloud{server.client};
    service::GetNamespacesResponse found;
    found.add_namespaces()->set_namespace_("orders.acct");
    server.channel->answer(found);

    service::GetNamespacesRequest request;
    request.set_page_size(7);
    const auto answer =
        cloud.call<service::GetNamespacesResponse>(request, {.metadata = {{"x-tenant", "ada"}}});

    ASSERT_EQ(answer.namespaces_size(), 1);
    EXPECT_EQ(answer.namespaces(0).namespace_(), "orders.acct");
    const auto call = server.channel->call_at(0);
    EXPECT_EQ(call.service, RpcService::Cloud);
    EXPECT_EQ(call.method, "GetNamespaces");
    EXPECT_EQ(call.metadata, (std::map<std::string, std::string>{{"x-tenant", "ada"}}));
    EXPECT_EQ(server.channel->request<service::GetNamespacesRequest>(0).page_size(), 7);
}

TEST(CloudClient, RefusesMessagesThatDoNotBelongToIt) {
    const FakeServer server;
    const cloud::CloudClient cloud{server.client};
    using temporal::api::workflowservice::v1::GetClusterInfoRequest;
    const auto foreign = thrown_by<ConfigurationError>([&] {
        static_cast<void>(cloud.call<service::GetNamespacesResponse>(GetClusterInfoRequest{}));
    });
    EXPECT_THAT(foreign.what(), HasSubstr("no request of Temporal Cloud's API"));
    const auto other = thrown_by<ConfigurationError>([&] {
        static_cast<void>(cloud.call<service::GetUsersResponse>(service::GetNamespacesRequest{}));
    });
    EXPECT_THAT(other.what(), HasSubstr("GetNamespacesResponse"));
    EXPECT_EQ(server.channel->calls(), 0u);
}

TEST(CloudOptions, AreThoseOfAConnectionWithTlsKeyAndVersion) {
    const auto options =
        cloud::client_options({.api_key = "a-key", .headers = {{"x-tenant", "ada"}}});
    EXPECT_EQ(options.address, "saas-api.tmprl.cloud:443");
    EXPECT_TRUE(options.tls);
    EXPECT_EQ(options.api_key, "a-key");
    EXPECT_EQ(
        options.headers,
        (std::map<std::string, std::string>{
            {"temporal-cloud-api-version", "v0.17.0"}, {"x-tenant", "ada"}
        })
    );
}

TEST(CloudOptions, NameWhatIsMissing) {
    const auto key = thrown_by<ConfigurationError>([] { static_cast<void>(cloud::connect({})); });
    EXPECT_THAT(key.what(), HasSubstr("CloudOptions::api_key"));
    const auto version = thrown_by<ConfigurationError>([] {
        static_cast<void>(cloud::connect({.api_key = "a-key", .api_version = ""}));
    });
    EXPECT_THAT(
        version.what(), AllOf(HasSubstr("CloudOptions::api_version"), Not(HasSubstr("a-key")))
    );
}

}  // namespace
}  // namespace hourglass::client
