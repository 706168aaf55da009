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

TEST_F(Admin, DescribesTaskQueuesAndListsWorkers) {
    service::DescribeTaskQueueResponse queue;
    auto& poller = *queue.add_pollers();
    poller.set_identity("worker@host");
    poller.mutable_deployment_options()->set_deployment_name("orders");
    poller.mutable_deployment_options()->set_build_id("v1");
    queue.mutable_stats()->set_approximate_backlog_count(5);
    queue.mutable_stats()->mutable_approximate_backlog_age()->set_seconds(2);
    queue.mutable_versioning_info()->mutable_current_deployment_version()->set_build_id("v1");
    queue.mutable_versioning_info()->set_ramping_version_percentage(25);
    server.channel->answer(queue);
    const auto description =
        admin::describe_task_queue(client, "payments", admin::TaskQueueKind::Activity);
    EXPECT_EQ(description.pollers.at(0).identity, "worker@host");
    EXPECT_EQ(description.pollers.at(0).deployment_version->build_id, "v1");
    EXPECT_EQ(description.stats.backlog, 5);
    EXPECT_EQ(description.stats.backlog_age, 2s);
    EXPECT_EQ(description.current_version->build_id, "v1");
    EXPECT_EQ(description.ramping_version, std::nullopt);
    EXPECT_EQ(description.ramping_percentage, 25);
    const auto sent = server.channel->request<service::DescribeTaskQueueRequest>(0);
    EXPECT_EQ(sent.task_queue_type(), enums::TASK_QUEUE_TYPE_ACTIVITY);
    EXPECT_TRUE(sent.report_stats());

    service::ListWorkersResponse workers;
    auto& worker = *workers.add_workers();
    worker.set_worker_instance_key("w-1");
    worker.set_status(enums::WORKER_STATUS_RUNNING);
    server.channel->answer(workers);
    for (const auto& each : admin::list_workers(client, "TaskQueue = 'payments'")) {
        EXPECT_EQ(each.instance_key, "w-1");
        EXPECT_EQ(each.status, admin::WorkerStatus::Running);
    }
    EXPECT_EQ(
        server.channel->request<service::ListWorkersRequest>(1).query(), "TaskQueue = 'payments'"
    );
}

TEST_F(Admin, RoutesTasksToVersions) {
    const WorkerDeploymentVersion v1{.deployment_name = "orders", .build_id = "v1"};
    service::DescribeWorkerDeploymentResponse response;
    response.set_conflict_token("t-1");
    auto& info = *response.mutable_worker_deployment_info();
    info.set_name("orders");
    auto& summary = *info.add_version_summaries();
    summary.mutable_deployment_version()->set_build_id("v1");
    summary.set_status(enums::WORKER_DEPLOYMENT_VERSION_STATUS_CURRENT);
    info.mutable_routing_config()->mutable_current_deployment_version()->set_build_id("v1");
    server.channel->answer(response);
    const auto description = admin::describe_worker_deployment(client, "orders");
    EXPECT_EQ(description.versions.at(0).status, admin::DeploymentVersionStatus::Current);
    EXPECT_EQ(to_text(description.versions.at(0).status), "Current");
    EXPECT_EQ(description.routing.current->build_id, "v1");
    EXPECT_EQ(description.routing.ramping, std::nullopt);

    service::SetWorkerDeploymentCurrentVersionResponse current;
    current.set_conflict_token("t-2");
    service::SetWorkerDeploymentRampingVersionResponse ramping;
    ramping.set_conflict_token("t-3");
    server.channel->answer(current).answer(ramping);
    EXPECT_EQ(
        admin::set_current_version(
            client, "orders", {.build_id = "v1", .conflict_token = description.conflict_token}
        ),
        "t-2"
    );
    EXPECT_EQ(
        admin::set_ramping_version(
            client, "orders", 25, {.build_id = "v2", .allow_no_pollers = true}
        ),
        "t-3"
    );
    const auto first =
        server.channel->request<service::SetWorkerDeploymentCurrentVersionRequest>(1);
    EXPECT_EQ(first.build_id(), "v1");
    EXPECT_EQ(first.conflict_token(), "t-1");
    EXPECT_EQ(first.identity(), "tester");
    const auto second =
        server.channel->request<service::SetWorkerDeploymentRampingVersionRequest>(2);
    EXPECT_EQ(second.percentage(), 25);
    EXPECT_TRUE(second.allow_no_pollers());

    server.channel->answer(service::DeleteWorkerDeploymentVersionResponse{})
        .answer(service::DeleteWorkerDeploymentResponse{});
    admin::remove_deployment_version(client, v1, true);
    admin::remove_worker_deployment(client, "orders");
    EXPECT_TRUE(
        server.channel->request<service::DeleteWorkerDeploymentVersionRequest>(3).skip_drainage()
    );
}

TEST_F(Admin, RefusesWhatCannotBeMeantBeforeAnythingIsSent) {
    EXPECT_THROW(admin::add_search_attributes(client, {}), ConfigurationError);
    EXPECT_THROW(
        admin::add_search_attributes(client, {{"", SearchAttributeType::Int}}), ConfigurationError
    );
    EXPECT_THROW(
        admin::add_search_attributes(client, {{"X", SearchAttributeType::Unspecified}}),
        ConfigurationError
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
