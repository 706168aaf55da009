#include "hourglass/client/worker_deployments.hpp"

#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using namespace std::chrono_literals;
using testing::ElementsAre;
using Time = std::chrono::system_clock::time_point;

struct WorkerDeployments : testing::Test {
    FakeServer server;
    const Client& client = server.client;
};

TEST_F(WorkerDeployments, RouteTasksToVersions) {
    const WorkerDeploymentVersion v1{.deployment_name = "orders", .build_id = "v1"};
    service::DescribeWorkerDeploymentResponse response;
    response.set_conflict_token("t-1");
    auto& info = *response.mutable_worker_deployment_info();
    info.set_name("orders");
    info.mutable_create_time()->set_seconds(50);
    info.set_last_modifier_identity("ada@host");
    auto& summary = *info.add_version_summaries();
    summary.mutable_deployment_version()->set_build_id("v1");
    summary.mutable_create_time()->set_seconds(60);
    summary.set_status(enums::WORKER_DEPLOYMENT_VERSION_STATUS_CURRENT);
    info.mutable_routing_config()->mutable_current_deployment_version()->set_build_id("v1");
    server.channel->answer(response);
    const auto description = admin::describe_worker_deployment(client, "orders");
    EXPECT_EQ(description.versions.at(0).status, admin::DeploymentVersionStatus::Current);
    EXPECT_EQ(to_text(description.versions.at(0).status), "Current");
    EXPECT_EQ(description.name, "orders");
    EXPECT_EQ(description.created_at, Time{50s});
    EXPECT_EQ(description.versions.at(0).created_at, Time{60s});
    EXPECT_EQ(description.last_modifier_identity, "ada@host");
    EXPECT_EQ(description.routing.current->build_id, "v1");
    EXPECT_EQ(description.routing.ramping, std::nullopt);

    service::SetWorkerDeploymentCurrentVersionResponse current;
    current.set_conflict_token("t-2");
    service::SetWorkerDeploymentRampingVersionResponse ramping;
    ramping.set_conflict_token("t-3");
    server.channel->answer(current).answer(ramping);
    EXPECT_EQ(
        admin::set_current_version(
            client,
            "orders",
            {.build_id = "v1",
             .conflict_token = description.conflict_token,
             .ignore_missing_task_queues = true}
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
    EXPECT_TRUE(first.ignore_missing_task_queues());
    EXPECT_FALSE(first.allow_no_pollers());
    const auto second =
        server.channel->request<service::SetWorkerDeploymentRampingVersionRequest>(2);
    EXPECT_EQ(second.percentage(), 25);
    EXPECT_TRUE(second.allow_no_pollers());
    EXPECT_FALSE(second.ignore_missing_task_queues());

    server.channel->answer(service::DeleteWorkerDeploymentVersionResponse{})
        .answer(service::DeleteWorkerDeploymentResponse{});
    admin::remove_deployment_version(client, v1, true);
    admin::remove_worker_deployment(client, "orders");
    EXPECT_TRUE(
        server.channel->request<service::DeleteWorkerDeploymentVersionRequest>(3).skip_drainage()
    );
}

TEST_F(WorkerDeployments, AreListedWithTheirRouting) {
    service::ListWorkerDeploymentsResponse page;
    auto& one = *page.add_worker_deployments();
    one.set_name("orders");
    one.mutable_create_time()->set_seconds(50);
    auto& routing = *one.mutable_routing_config();
    routing.mutable_current_deployment_version()->set_build_id("v1");
    routing.mutable_ramping_deployment_version()->set_build_id("v2");
    routing.set_ramping_version_percentage(25);
    server.channel->answer(page);
    const auto list = admin::list_worker_deployments(client);
    const admin::WorkerDeploymentDescription listed = *list.begin();
    EXPECT_EQ(listed.name, "orders");
    EXPECT_EQ(listed.created_at, Time{50s});
    EXPECT_EQ(listed.routing.current->build_id, "v1");
    EXPECT_EQ(listed.routing.ramping->build_id, "v2");
    EXPECT_EQ(listed.routing.ramping_percentage, 25);
}

TEST_F(WorkerDeployments, DescribeTheirVersions) {
    const WorkerDeploymentVersion v1{.deployment_name = "orders", .build_id = "v1"};
    service::DescribeWorkerDeploymentVersionResponse response;
    auto& info = *response.mutable_worker_deployment_version_info();
    info.mutable_deployment_version()->set_deployment_name("orders");
    info.mutable_deployment_version()->set_build_id("v1");
    info.set_status(enums::WORKER_DEPLOYMENT_VERSION_STATUS_RAMPING);
    info.mutable_create_time()->set_seconds(10);
    info.mutable_current_since_time()->set_seconds(20);
    info.mutable_ramping_since_time()->set_seconds(30);
    info.set_ramp_percentage(25);
    auto& queue = *info.add_task_queue_infos();
    queue.set_name("payments");
    queue.set_type(enums::TASK_QUEUE_TYPE_NEXUS);
    (*info.mutable_metadata()->mutable_entries())["commit"].set_data("abc");
    server.channel->answer(response).answer(service::DescribeWorkerDeploymentVersionResponse{});
    const auto description = admin::describe_deployment_version(client, v1);
    EXPECT_EQ(description.version, v1);
    EXPECT_EQ(description.status, admin::DeploymentVersionStatus::Ramping);
    EXPECT_EQ(description.created_at, Time{10s});
    EXPECT_EQ(description.current_since, Time{20s});
    EXPECT_EQ(description.ramping_since, Time{30s});
    EXPECT_EQ(description.ramp_percentage, 25);
    ASSERT_EQ(description.task_queues.size(), 1U);
    EXPECT_EQ(description.task_queues[0].name, "payments");
    EXPECT_EQ(description.task_queues[0].kind, admin::TaskQueueKind::Nexus);
    EXPECT_EQ(description.metadata.at("commit").data, "abc");
    const auto sent = server.channel->request<service::DescribeWorkerDeploymentVersionRequest>(0);
    EXPECT_EQ(sent.namespace_(), "orders");
    EXPECT_EQ(sent.deployment_version().build_id(), "v1");
    const auto unused = admin::describe_deployment_version(client, v1);
    EXPECT_EQ(unused.current_since, std::nullopt);
    EXPECT_EQ(unused.ramping_since, std::nullopt);
}

TEST_F(WorkerDeployments, SetAndRemoveMetadataOfVersions) {
    const WorkerDeploymentVersion v1{.deployment_name = "orders", .build_id = "v1"};
    service::UpdateWorkerDeploymentVersionMetadataResponse response;
    (*response.mutable_metadata()->mutable_entries())["commit"].set_data("abc");
    server.channel->answer(response);
    const auto now = admin::update_version_metadata(
        client, v1, {{"commit", to_payload("abc")}}, {"team", "branch"}
    );
    EXPECT_EQ(now.at("commit").data, "abc");
    const auto sent =
        server.channel->request<service::UpdateWorkerDeploymentVersionMetadataRequest>(0);
    EXPECT_EQ(sent.deployment_version().deployment_name(), "orders");
    EXPECT_EQ(sent.upsert_entries().at("commit").data(), "\"abc\"");
    EXPECT_THAT(sent.remove_entries(), ElementsAre("team", "branch"));
    EXPECT_EQ(sent.identity(), "tester");
}

}  // namespace
}  // namespace hourglass::client
