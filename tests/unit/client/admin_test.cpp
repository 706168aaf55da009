#include "hourglass/client/admin.hpp"

#include "grpc/health/v1/health.pb.h"
#include "hourglass/client/task_queues.hpp"
#include "hourglass/client/worker_deployments.hpp"
#include "hourglass/convert/search_attributes.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/errordetails/v1/message.pb.h"
#include "temporal/api/operatorservice/v1/request_response.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace operations = temporal::api::operatorservice::v1;
namespace enums = temporal::api::enums::v1;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

struct Admin : testing::Test {
    FakeServer server;
    const Client& client = server.client;
};

TEST_F(Admin, ChecksTheServersHealth) {
    grpc::health::v1::HealthCheckResponse response;
    response.set_status(grpc::health::v1::HealthCheckResponse::SERVING);
    server.channel->answer(response);
    EXPECT_TRUE(admin::check_health(client));
    EXPECT_EQ(server.channel->call_at(0).service, RpcService::Health);
    response.set_status(grpc::health::v1::HealthCheckResponse::NOT_SERVING);
    server.channel->answer(response);
    EXPECT_FALSE(admin::check_health(client.with({.timeout = 1s}), "other"));
    EXPECT_EQ(server.channel->request<grpc::health::v1::HealthCheckRequest>(1).service(), "other");
    EXPECT_LE(server.channel->call_at(1).timeout, 1s);
}

TEST_F(Admin, AddsRemovesAndListsSearchAttributes) {
    server.channel->answer(operations::AddSearchAttributesResponse{})
        .answer(operations::RemoveSearchAttributesResponse{});
    admin::add_search_attributes(client, {{"CustomerId", SearchAttributeType::Keyword}});
    admin::remove_search_attributes(client, {"CustomerId"});
    const auto add = server.channel->request<operations::AddSearchAttributesRequest>(0);
    EXPECT_EQ(add.namespace_(), "orders");
    EXPECT_EQ(add.search_attributes().at("CustomerId"), enums::INDEXED_VALUE_TYPE_KEYWORD);
    EXPECT_EQ(server.channel->call_at(0).service, RpcService::Operator);
    EXPECT_THAT(
        server.channel->request<operations::RemoveSearchAttributesRequest>(1).search_attributes(),
        ElementsAre("CustomerId")
    );
    operations::ListSearchAttributesResponse list;
    (*list.mutable_custom_attributes())["Cents"] = enums::INDEXED_VALUE_TYPE_INT;
    (*list.mutable_system_attributes())["StartTime"] = enums::INDEXED_VALUE_TYPE_DATETIME;
    server.channel->answer(list);
    const auto known = admin::list_search_attributes(client);
    EXPECT_EQ(known.custom.at("Cents"), SearchAttributeType::Int);
    EXPECT_EQ(
        to_text(SearchAttributeType::KeywordList), search_attribute::keyword_list("Tags").type()
    ) << "keys of attributes have the types' names";
    EXPECT_EQ(known.system.at("StartTime"), SearchAttributeType::Datetime);
}

TEST_F(Admin, ManagesNamespaces) {
    server.channel->answer(service::RegisterNamespaceResponse{});
    admin::create_namespace(client, {.name = "shop", .retention = 48h, .data = {{"a", "b"}}});
    const auto made = server.channel->request<service::RegisterNamespaceRequest>(0);
    EXPECT_EQ(made.namespace_(), "shop");
    EXPECT_EQ(made.workflow_execution_retention_period().seconds(), 48 * 3600);
    EXPECT_EQ(made.data().at("a"), "b");

    service::DescribeNamespaceResponse is;
    is.mutable_namespace_info()->set_name("shop");
    is.mutable_namespace_info()->set_description("orders");
    is.mutable_namespace_info()->set_owner_email("ada@example.org");
    is.mutable_namespace_info()->set_state(enums::NAMESPACE_STATE_REGISTERED);
    is.mutable_namespace_info()->mutable_capabilities()->set_workflow_pause(true);
    service::UpdateNamespaceResponse updated;
    *updated.mutable_namespace_info() = is.namespace_info();
    server.channel->answer(is).answer(updated);
    const auto description =
        admin::update_namespace(client, "shop", {.owner_email = "bob@example.org"});
    EXPECT_EQ(description.state, admin::NamespaceState::Registered);
    EXPECT_TRUE(description.capabilities.workflow_pause);
    const auto change = server.channel->request<service::UpdateNamespaceRequest>(2);
    EXPECT_EQ(change.update_info().owner_email(), "bob@example.org");
    EXPECT_EQ(change.update_info().description(), "orders") << "not set: it stays";
    EXPECT_FALSE(change.has_config());

    service::ListNamespacesResponse page;
    page.add_namespaces()->mutable_namespace_info()->set_name("shop");
    server.channel->answer(page).answer(operations::DeleteNamespaceResponse{});
    EXPECT_EQ(admin::list_namespaces(client).begin()->name, "shop");
    admin::remove_namespace(client, "shop");
    EXPECT_EQ(server.channel->request<operations::DeleteNamespaceRequest>(4).namespace_(), "shop");
}

TEST_F(Admin, SaysWhichNamespaceIsMissing) {
    temporal::api::errordetails::v1::NamespaceNotFoundFailure detail;
    detail.set_namespace_("shop");
    server.channel->fail(RpcCode::NotFound, "no", detail);
    const auto error =
        thrown_by<NamespaceNotFoundError>([&] { (void)admin::describe_namespace(client, "shop"); });
    EXPECT_EQ(error.name(), "shop");
    EXPECT_THAT(error.what(), HasSubstr("cannot describe namespace \"shop\""));
}

TEST_F(Admin, RefusesWhatCannotBeMeantBeforeAnythingIsSent) {
    EXPECT_THROW(admin::add_search_attributes(client, {}), ConfigurationError);
    const auto refused = [this](const std::string& name, SearchAttributeType type) {
        return std::string{thrown_by<ConfigurationError>([&] {
                               admin::add_search_attributes(client, {{name, type}});
                           }).what()};
    };
    EXPECT_THAT(refused("", SearchAttributeType::Int), HasSubstr("is empty; name it"));
    EXPECT_THAT(refused("\xff", SearchAttributeType::Int), HasSubstr("is not valid UTF-8"));
    EXPECT_THAT(
        refused("X", SearchAttributeType::Unspecified),
        HasSubstr(
            "cannot add the search attribute \"X\": its type is Unspecified; it must be one of "
            "Text, Keyword, Int, Double, Bool, Datetime, KeywordList"
        )
    );
    EXPECT_THAT(
        refused("X", static_cast<SearchAttributeType>(99)),
        HasSubstr("its type is the number 99; it must be one of Text, ")
    );
    EXPECT_THROW(admin::remove_search_attributes(client, {}), ConfigurationError);
    EXPECT_THROW(admin::create_namespace(client, {}), ConfigurationError);
    EXPECT_THROW(
        admin::create_namespace(client, {.name = "a", .retention = 0s}), ConfigurationError
    );
    EXPECT_THROW(admin::remove_namespace(client, ""), ConfigurationError);
    EXPECT_THROW((void)admin::describe_task_queue(client, ""), ConfigurationError);
    EXPECT_THROW((void)admin::describe_worker_deployment(client, ""), ConfigurationError);
    EXPECT_THROW(
        (void)admin::describe_deployment_version(client, {.deployment_name = "a"}),
        ConfigurationError
    );
    EXPECT_THROW(admin::set_ramping_version(client, "a", 101, {}), ConfigurationError);
    EXPECT_EQ(server.channel->calls(), 0U);
}

}  // namespace
}  // namespace hourglass::client
