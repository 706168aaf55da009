// What operators do, and the raw API, against a real server without a worker of ours.
#include "hourglass/client/admin.hpp"

#include "grpc/health/v1/health.pb.h"
#include "hourglass/client/nexus_endpoints.hpp"
#include "hourglass/client/task_queues.hpp"
#include "hourglass/client/worker_deployments.hpp"
#include "hourglass/raw.hpp"
#include "tests/support/test_server.hpp"

#include "temporal/api/operatorservice/v1/request_response.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace hourglass {
namespace {

namespace service = temporal::api::workflowservice::v1;
using namespace std::chrono_literals;
using test::eventually;
using test::unique;
using testing::Contains;
using testing::HasSubstr;

struct Operators : testing::Test {
    Client client = Client::connect({.address = test::server_address()});
    std::string name = unique("admin");
};

TEST_F(Operators, SeeThatTheServerIsHealthy) {
    EXPECT_TRUE(admin::check_health(client));
    EXPECT_THROW((void)admin::check_health(client, "no such service"), RpcError);
}

TEST_F(Operators, MakeChangeAndRemoveNexusEndpoints) {
    // [endpoint]
    admin::NexusEndpoint endpoint = admin::create_nexus_endpoint(
        client, {.name = name, .target = {.task_queue = "shop"}, .description = "where the shop is"}
    );
    endpoint.spec.target.task_queue = "new-shop";
    endpoint = admin::update_nexus_endpoint(client, endpoint);
    // [endpoint]
    EXPECT_EQ(endpoint.spec.name, name);
    EXPECT_EQ(endpoint.spec.target.workflow_namespace, "default");
    EXPECT_EQ(endpoint.spec.target.task_queue, "new-shop");
    EXPECT_EQ(endpoint.spec.description, "where the shop is");
    EXPECT_NE(endpoint.last_modified_time, std::nullopt);
    EXPECT_EQ(admin::get_nexus_endpoint(client, endpoint.id).version, endpoint.version);
    EXPECT_EQ(admin::find_nexus_endpoint(client, name)->id, endpoint.id);
    EXPECT_FALSE(admin::find_nexus_endpoint(client, name + "-other"));
    bool listed = false;
    for (const auto& each : admin::list_nexus_endpoints(client, {.page_size = 2})) {
        listed = listed || each.id == endpoint.id;
    }
    EXPECT_TRUE(listed);
    auto seen_before = endpoint;
    --seen_before.version;
    try {
        admin::update_nexus_endpoint(client, seen_before);
        FAIL() << "somebody else was faster";
    } catch (const RpcError& error) {
        EXPECT_EQ(error.code(), RpcCode::FailedPrecondition);
    }
    try {
        admin::create_nexus_endpoint(client, endpoint.spec);
        FAIL() << "the name is taken";
    } catch (const RpcError& error) {
        EXPECT_EQ(error.code(), RpcCode::AlreadyExists);
    }
    admin::remove_nexus_endpoint(client, endpoint);
    try {
        (void)admin::get_nexus_endpoint(client, endpoint.id);
        FAIL() << "it was removed";
    } catch (const RpcError& error) {
        EXPECT_EQ(error.code(), RpcCode::NotFound);
    }
}

TEST_F(Operators, CallTheRawApiWithItsMessages) {
    const auto system = raw::call<service::GetSystemInfoResponse>(
        client, raw::Service::Workflow, "GetSystemInfo", service::GetSystemInfoRequest{}
    );
    EXPECT_FALSE(system.server_version().empty());
    // [raw]
    namespace operations = temporal::api::operatorservice::v1;
    operations::ListSearchAttributesRequest request;
    request.set_namespace_("default");
    const auto attributes = raw::call<operations::ListSearchAttributesResponse>(
        client, raw::Service::Operator, "ListSearchAttributes", request, {.timeout = 5s}
    );
    // [raw]
    EXPECT_TRUE(attributes.system_attributes().contains("WorkflowType"));
    EXPECT_EQ(
        raw::call<grpc::health::v1::HealthCheckResponse>(
            client, raw::Service::Health, "Check", grpc::health::v1::HealthCheckRequest{}
        )
            .status(),
        grpc::health::v1::HealthCheckResponse::SERVING
    );
}

TEST_F(Operators, AddAndRemoveSearchAttributes) {
    const std::string attribute = "Hg" + std::to_string(getpid());
    admin::add_search_attributes(client, {{attribute, SearchAttributeType::Keyword}});
    EXPECT_TRUE(eventually([&] {
        const auto list = admin::list_search_attributes(client);
        const auto found = list.custom.find(attribute);
        return found != list.custom.end() && found->second == SearchAttributeType::Keyword;
    }));
    EXPECT_EQ(
        admin::list_search_attributes(client).system.at("WorkflowType"),
        SearchAttributeType::Keyword
    );
    admin::remove_search_attributes(client, {attribute});
    EXPECT_TRUE(eventually([&] {
        return !admin::list_search_attributes(client).custom.contains(attribute);
    }));
}

TEST_F(Operators, ManageNamespaces) {
    admin::create_namespace(
        client,
        {.name = name,
         .description = "of a test",
         .owner_email = "ada@example.org",
         .retention = 24h,
         .data = {{"team", "orders"}}}
    );
    ASSERT_TRUE(eventually([&] {
        try {
            return admin::describe_namespace(client, name).state ==
                   admin::NamespaceState::Registered;
        } catch (const NamespaceNotFoundError&) {
            return false;
        }
    }));
    const auto updated = admin::update_namespace(client, name, {.retention = 48h});
    EXPECT_EQ(updated.retention, 48h);
    EXPECT_EQ(updated.description, "of a test") << "not set: it stays";
    EXPECT_EQ(updated.owner_email, "ada@example.org");
    EXPECT_EQ(updated.data.at("team"), "orders");
    EXPECT_TRUE(updated.capabilities.sync_update);
    std::vector<std::string> names;
    for (const auto& each : admin::list_namespaces(client, {.page_size = 1})) {
        names.push_back(each.name);
    }
    EXPECT_THAT(names, Contains(name));
    EXPECT_THAT(names, Contains("default"));
    admin::remove_namespace(client, name);
    EXPECT_THROW((void)admin::describe_namespace(client, "no such namespace"), RpcError);
}

TEST_F(Operators, SeeWhoPollsATaskQueue) {
    // A worker, for as long as it takes to be seen.
    service::PollWorkflowTaskQueueRequest poll;
    poll.set_namespace_("default");
    poll.mutable_task_queue()->set_name(name);
    poll.set_identity("a poller");
    const auto polled = raw::call_async<service::PollWorkflowTaskQueueResponse>(
        client, raw::Service::Workflow, "PollWorkflowTaskQueue", poll
    );
    EXPECT_TRUE(eventually([&] {
        const auto pollers = admin::describe_task_queue(client, name).pollers;
        return pollers.size() == 1 && pollers[0].identity == "a poller";
    }));
    EXPECT_TRUE(
        admin::describe_task_queue(client, name, admin::TaskQueueKind::Activity).pollers.empty()
    );
    client.start("X", {.id = name, .task_queue = name + "-2"});
    EXPECT_TRUE(eventually([&] {
        const auto stats = admin::describe_task_queue(client, name + "-2").stats;
        return stats.backlog == 1 && stats.backlog_age > 0ms;
    }));
    client.handle(name).terminate();
    client.start("X", {.id = name, .task_queue = name});
    EXPECT_FALSE(polled.get().task_token().empty()) << "the poll ends with a task";
    client.handle(name).terminate();
}

TEST_F(Operators, RouteTasksToVersionsOfADeployment) {
    service::CreateWorkerDeploymentRequest made;
    made.set_namespace_("default");
    made.set_deployment_name(name);
    made.set_request_id(name);
    (void)raw::call<service::CreateWorkerDeploymentResponse>(
        client, raw::Service::Workflow, "CreateWorkerDeployment", made
    );
    for (const std::string build : {"v1", "v2"}) {
        service::CreateWorkerDeploymentVersionRequest version;
        version.set_namespace_("default");
        version.set_request_id(name + build);
        version.mutable_deployment_version()->set_deployment_name(name);
        version.mutable_deployment_version()->set_build_id(build);
        (void)raw::call<service::CreateWorkerDeploymentVersionResponse>(
            client, raw::Service::Workflow, "CreateWorkerDeploymentVersion", version
        );
    }
    const auto before = admin::describe_worker_deployment(client, name);
    EXPECT_EQ(before.name, name);
    EXPECT_EQ(before.versions.size(), 2U);
    EXPECT_EQ(before.routing.current, std::nullopt);
    const WorkerDeploymentVersion v1{.deployment_name = name, .build_id = "v1"};
    const WorkerDeploymentVersion v2{.deployment_name = name, .build_id = "v2"};

    const std::string token = admin::set_current_version(
        client,
        name,
        {.build_id = "v1",
         .conflict_token = before.conflict_token,
         .ignore_missing_task_queues = true,
         .allow_no_pollers = true}
    );
    EXPECT_THROW(
        admin::set_current_version(
            client,
            name,
            {.build_id = "v2", .conflict_token = before.conflict_token, .allow_no_pollers = true}
        ),
        RpcError
    ) << "the deployment has changed since";
    admin::set_ramping_version(
        client,
        name,
        25,
        {.build_id = "v2",
         .conflict_token = token,
         .ignore_missing_task_queues = true,
         .allow_no_pollers = true}
    );
    const auto routed = admin::describe_worker_deployment(client, name);
    EXPECT_EQ(routed.routing.current, v1);
    EXPECT_EQ(routed.routing.ramping, v2);
    EXPECT_EQ(routed.routing.ramping_percentage, 25);
    EXPECT_EQ(routed.last_modifier_identity, client.identity());
    EXPECT_EQ(
        admin::describe_deployment_version(client, v1).status,
        admin::DeploymentVersionStatus::Current
    );
    EXPECT_EQ(admin::describe_deployment_version(client, v2).ramp_percentage, 25);
    const auto metadata =
        admin::update_version_metadata(client, v1, {{"commit", to_payload(std::string{"abc"})}});
    EXPECT_EQ(metadata.at("commit"), to_payload(std::string{"abc"}));
    EXPECT_EQ(admin::describe_deployment_version(client, v1).metadata, metadata);
    EXPECT_TRUE(eventually([&] {
        for (const auto& each : admin::list_worker_deployments(client)) {
            if (each.name == name) {
                return each.routing.current == v1;
            }
        }
        return false;
    }));
    EXPECT_THROW(admin::remove_worker_deployment(client, name), RpcError)
        << "it has versions that are in use";
    admin::set_ramping_version(client, name, 0, {});
    admin::set_current_version(client, name, {});
    admin::remove_deployment_version(client, v1, true);
    admin::remove_deployment_version(client, v2, true);
    EXPECT_TRUE(eventually([&] {
        try {
            admin::remove_worker_deployment(client, name);
            return true;
        } catch (const RpcError&) {
            return false;
        }
    }));
}

}  // namespace
}  // namespace hourglass
