// What `with` sets goes with each call that there is.
#include "hourglass/client/admin.hpp"
#include "hourglass/client/call_options.hpp"
#include "hourglass/client/nexus_endpoints.hpp"
#include "hourglass/client/task_queues.hpp"
#include "hourglass/client/worker_deployments.hpp"
#include "hourglass/raw.hpp"
#include "src/client/make_client.hpp"
#include "tests/unit/client/schedules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

namespace hourglass::client {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::Pair;

struct NamedCall {
    std::string name;
    std::function<void(const Client&)> make;
};
using Calls = std::vector<NamedCall>;

/// Makes each call of a server that is away: one attempt, which has what `with` set.
void expect_options_with(const Calls& calls) {
    for (const auto& [name, make] : calls) {
        SCOPED_TRACE(name);
        FakeServer server;
        server.channel->fail(RpcCode::Unavailable, "away");
        std::stop_source stop;
        const Client client = server.client.with(
            {.timeout = 3s,
             .stop_token = stop.get_token(),
             .metadata = {{"tenant", "ada"}},
             .retry_policy = RpcRetryPolicy{.maximum_attempts = 1}}
        );
        EXPECT_THROW(make(client), UnavailableError) << name;
        ASSERT_EQ(server.channel->calls(), 1U) << name;
        const RpcRequest sent = server.channel->call_at(0);
        EXPECT_LE(sent.timeout, 3s);
        EXPECT_GT(sent.timeout, 1s);
        EXPECT_TRUE(sent.stop == stop.get_token());
        EXPECT_THAT(sent.metadata, Contains(Pair("tenant", "ada")));
    }
}

TEST(OptionsOfACall, GoWithThoseOfWorkflows) {
    const auto order = [](const Client& client) { return client.handle("order-7"); };
    const auto order_start = with_start("Checkout", {.id = "order-7"});
    expect_options_with({
        {"start", [](const Client& c) { c.start("Checkout", {.id = "order-7"}); }},
        {"execute", [](const Client& c) { c.execute<int>("Checkout", {.id = "order-7"}); }},
        {"signal with start", [&](const Client& c) { c.signal_with_start(order_start, "poke"); }},
        {"update with start",
         [&](const Client& c) { c.update_with_start<int>(order_start, {}, "add"); }},
        {"signal", [&](const Client& c) { order(c).signal("poke"); }},
        {"query", [&](const Client& c) { (void)order(c).query<int>("total"); }},
        {"update", [&](const Client& c) { (void)order(c).update<int>("add"); }},
        {"start of an update", [&](const Client& c) { order(c).start_update<int>({}, "add"); }},
        {"update's result",
         [&](const Client& c) { (void)order(c).update_handle<int>("u-1").result(); }},
        {"cancel", [&](const Client& c) { order(c).cancel(); }},
        {"terminate", [&](const Client& c) { order(c).terminate(); }},
        {"describe", [&](const Client& c) { (void)order(c).describe(); }},
        {"status", [&](const Client& c) { (void)order(c).status(); }},
        {"result", [&](const Client& c) { (void)order(c).result<int>(); }},
        {"history", [&](const Client& c) { (void)order(c).history(); }},
        {"pause", [&](const Client& c) { order(c).pause(); }},
        {"unpause", [&](const Client& c) { order(c).unpause(); }},
        {"reset", [&](const Client& c) { order(c).reset({}); }},
        {"reset to an event",
         [&](const Client& c) { order(c).reset({.point = ResetPoint::event(4)}); }},
        {"update of options",
         [&](const Client& c) { order(c).update_options({.priority = Priority{.key = 1}}); }},
        {"remove", [&](const Client& c) { order(c).remove(); }},
        {"list", [](const Client& c) { (void)c.list_workflows().begin(); }},
        {"histories", [](const Client& c) { (void)c.list_workflows().histories().begin(); }},
        {"count", [](const Client& c) { (void)c.count_workflows(); }},
        {"another namespace",
         [](const Client& c) { (void)c.in_namespace("returns").count_workflows(); }},
    });
}

TEST(OptionsOfACall, GoWithThoseOfSchedules) {
    const auto schedule = [](const Client& client) { return client.schedule("nightly"); };
    const ScheduleTime noon{12h};
    expect_options_with({
        {"create", [](const Client& c) { c.create_schedule("nightly", nightly()); }},
        {"describe", [&](const Client& c) { (void)schedule(c).describe(); }},
        {"update", [&](const Client& c) { schedule(c).update([](ScheduleUpdate&) {}); }},
        {"backfill",
         [&](const Client& c) { schedule(c).backfill({{.start_at = noon, .end_at = noon}}); }},
        {"pause", [&](const Client& c) { schedule(c).pause(); }},
        {"unpause", [&](const Client& c) { schedule(c).unpause(); }},
        {"trigger", [&](const Client& c) { schedule(c).trigger(); }},
        {"remove", [&](const Client& c) { schedule(c).remove(); }},
        {"matching times", [&](const Client& c) { (void)schedule(c).matching_times(noon, noon); }},
        {"list", [](const Client& c) { (void)c.list_schedules().begin(); }},
        {"count", [](const Client& c) { (void)c.count_schedules(); }},
    });
}

TEST(OptionsOfACall, GoWithThoseOfActivities) {
    const StartActivityOptions options{.id = "charge-7", .start_to_close_timeout = 1min};
    const auto charge = [](const Client& client) { return client.activity<int>("charge-7"); };
    const auto by_token = [](const Client& client) { return client.async_activity("token"); };
    const auto by_id = [](const Client& client) {
        return client.async_activity(AsyncActivityId{.workflow_id = "order-7", .activity_id = "1"});
    };
    expect_options_with({
        {"start", [&](const Client& c) { c.start_activity<int>("charge", options); }},
        {"execute", [&](const Client& c) { c.execute_activity<int>("charge", options); }},
        {"result", [&](const Client& c) { (void)charge(c).result(); }},
        {"describe", [&](const Client& c) { (void)charge(c).describe(); }},
        {"cancel", [&](const Client& c) { charge(c).cancel(); }},
        {"terminate", [&](const Client& c) { charge(c).terminate(); }},
        {"pause", [&](const Client& c) { charge(c).pause(); }},
        {"unpause", [&](const Client& c) { charge(c).unpause(); }},
        {"reset", [&](const Client& c) { charge(c).reset(); }},
        {"update of options",
         [&](const Client& c) { charge(c).update_options({.task_queue = "slow"}); }},
        {"options as they were", [&](const Client& c) { charge(c).restore_original_options(); }},
        {"remove", [&](const Client& c) { charge(c).remove(); }},
        {"pause", [&](const Client& c) { charge(c).pause(); }},
        {"unpause", [&](const Client& c) { charge(c).unpause(); }},
        {"reset", [&](const Client& c) { charge(c).reset(); }},
        {"update of options",
         [&](const Client& c) { charge(c).update_options({.task_queue = "other"}); }},
        {"original options", [&](const Client& c) { charge(c).restore_original_options(); }},
        {"list", [](const Client& c) { (void)c.list_activities().begin(); }},
        {"count", [](const Client& c) { (void)c.count_activities(); }},
        {"heartbeat", [&](const Client& c) { by_token(c).heartbeat(); }},
        {"heartbeat by id", [&](const Client& c) { by_id(c).heartbeat(); }},
        {"complete", [&](const Client& c) { by_token(c).complete(1); }},
        {"complete by id", [&](const Client& c) { by_id(c).complete(1); }},
        {"fail", [&](const Client& c) { by_token(c).fail(std::runtime_error{"no"}); }},
        {"fail by id", [&](const Client& c) { by_id(c).fail(std::runtime_error{"no"}); }},
        {"cancelled", [&](const Client& c) { by_token(c).report_cancellation(); }},
        {"cancelled by id", [&](const Client& c) { by_id(c).report_cancellation(); }},
    });
}

TEST(OptionsOfACall, GoWithThoseOfNexusOperations) {
    const auto quote = [](const Client& client) { return client.nexus_operation<int>("quote-7"); };
    const auto shop = [](const Client& client) { return client.nexus_client("shop", "Quotes"); };
    expect_options_with({
        {"start", [&](const Client& c) { shop(c).start<int>("quote", {.id = "quote-7"}); }},
        {"execute", [&](const Client& c) { shop(c).execute<int>("quote", {.id = "quote-7"}); }},
        {"result", [&](const Client& c) { (void)quote(c).result(); }},
        {"describe", [&](const Client& c) { (void)quote(c).describe(); }},
        {"cancel", [&](const Client& c) { quote(c).cancel(); }},
        {"terminate", [&](const Client& c) { quote(c).terminate(); }},
        {"remove", [&](const Client& c) { quote(c).remove(); }},
        {"list", [](const Client& c) { (void)c.list_nexus_operations().begin(); }},
        {"count", [](const Client& c) { (void)c.count_nexus_operations(); }},
    });
}

TEST(OptionsOfACall, GoWithThoseOfTheAdministration) {
    const WorkerDeploymentVersion v1{.deployment_name = "orders", .build_id = "v1"};
    const admin::NexusEndpoint endpoint{
        .id = "id-1", .spec = {.name = "shop", .target = {.task_queue = "q"}}
    };
    expect_options_with({
        {"health", [](const Client& c) { (void)admin::check_health(c); }},
        {"add search attributes",
         [](const Client& c) {
             admin::add_search_attributes(c, {{"CustomerId", SearchAttributeType::Keyword}});
         }},
        {"remove search attributes",
         [](const Client& c) { admin::remove_search_attributes(c, {"CustomerId"}); }},
        {"list search attributes", [](const Client& c) { (void)admin::list_search_attributes(c); }},
        {"create namespace", [](const Client& c) { admin::create_namespace(c, {.name = "shop"}); }},
        {"describe namespace", [](const Client& c) { (void)admin::describe_namespace(c); }},
        {"update namespace", [](const Client& c) { admin::update_namespace(c, "shop", {}); }},
        {"remove namespace", [](const Client& c) { admin::remove_namespace(c, "shop"); }},
        {"list namespaces", [](const Client& c) { (void)admin::list_namespaces(c).begin(); }},
        {"describe task queue",
         [](const Client& c) { (void)admin::describe_task_queue(c, "orders"); }},
        {"list workers", [](const Client& c) { (void)admin::list_workers(c).begin(); }},
        {"count workers", [](const Client& c) { (void)admin::count_workers(c); }},
        {"describe worker", [](const Client& c) { (void)admin::describe_worker(c, "w-1"); }},
        {"count workers", [](const Client& c) { (void)admin::count_workers(c); }},
        {"describe worker", [](const Client& c) { (void)admin::describe_worker(c, "w-1"); }},
        {"describe deployment",
         [](const Client& c) { (void)admin::describe_worker_deployment(c, "orders"); }},
        {"list deployments",
         [](const Client& c) { (void)admin::list_worker_deployments(c).begin(); }},
        {"describe version",
         [&](const Client& c) { (void)admin::describe_deployment_version(c, v1); }},
        {"set current version",
         [](const Client& c) { admin::set_current_version(c, "orders", {.build_id = "v1"}); }},
        {"set ramping version",
         [](const Client& c) { admin::set_ramping_version(c, "orders", 5, {.build_id = "v1"}); }},
        {"update metadata",
         [&](const Client& c) { admin::update_version_metadata(c, v1, {}, {"team"}); }},
        {"remove version", [&](const Client& c) { admin::remove_deployment_version(c, v1); }},
        {"remove deployment", [](const Client& c) { admin::remove_worker_deployment(c, "orders"); }
        },
        {"create endpoint",
         [](const Client& c) {
             admin::create_nexus_endpoint(c, {.name = "shop", .target = {.task_queue = "q"}});
         }},
        {"get endpoint", [](const Client& c) { (void)admin::get_nexus_endpoint(c, "id-1"); }},
        {"find endpoint", [](const Client& c) { (void)admin::find_nexus_endpoint(c, "shop"); }},
        {"update endpoint", [&](const Client& c) { admin::update_nexus_endpoint(c, endpoint); }},
        {"remove endpoint", [&](const Client& c) { admin::remove_nexus_endpoint(c, endpoint); }},
        {"list endpoints", [](const Client& c) { (void)admin::list_nexus_endpoints(c).begin(); }},
        {"raw", [](const Client& c) { (void)raw_call(c, "workflow", "GetClusterInfo", ""); }},
    });
}

TEST(OptionsOfACall, GoWithThoseOfNexusEndpoints) {
    const admin::NexusEndpointSpec spec{.name = "shop", .target = {.task_queue = "orders"}};
    const admin::NexusEndpoint endpoint{.id = "e-1", .version = 1, .spec = spec};
    expect_options_with({
        {"create", [&](const Client& c) { admin::create_nexus_endpoint(c, spec); }},
        {"get", [](const Client& c) { (void)admin::get_nexus_endpoint(c, "e-1"); }},
        {"find", [](const Client& c) { (void)admin::find_nexus_endpoint(c, "shop"); }},
        {"update", [&](const Client& c) { admin::update_nexus_endpoint(c, endpoint); }},
        {"remove", [&](const Client& c) { admin::remove_nexus_endpoint(c, endpoint); }},
        {"list", [](const Client& c) { (void)admin::list_nexus_endpoints(c).begin(); }},
    });
}

TEST(OptionsOfACall, GoWithTheOneThatConnects) {
    expect_options_with({{"connect", [](const Client& client) {
                              (void)detail::when_connected(client).get();
                          }}});
    FakeServer server;
    server.channel->answer(temporal::api::workflowservice::v1::GetSystemInfoResponse{})
        .answer(temporal::api::workflowservice::v1::CountWorkflowExecutionsResponse{});
    std::stop_source stop;
    const CallOptions options{
        .timeout = 3s, .stop_token = stop.get_token(), .metadata = {{"tenant", "ada"}}
    };
    (void)detail::when_connected(server.client, options).get().count_workflows();
    EXPECT_LE(server.channel->call_at(0).timeout, 3s);
    EXPECT_TRUE(server.channel->call_at(0).stop == stop.get_token());
    EXPECT_THAT(server.channel->call_at(0).metadata, ElementsAre(Pair("tenant", "ada")));
    EXPECT_GT(server.channel->call_at(1).timeout, 3s) << "they are of this one call";
    EXPECT_TRUE(server.channel->call_at(1).metadata.empty());
}

}  // namespace
}  // namespace hourglass::client
