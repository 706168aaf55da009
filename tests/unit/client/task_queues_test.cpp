#include "hourglass/client/task_queues.hpp"

#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using namespace std::chrono_literals;
using Time = std::chrono::system_clock::time_point;

struct TaskQueues : testing::Test {
    FakeServer server;
    const Client& client = server.client;
};
struct Workers : TaskQueues {};

TEST_F(TaskQueues, AreDescribed) {
    service::DescribeTaskQueueResponse queue;
    auto& poller = *queue.add_pollers();
    poller.set_identity("worker@host");
    poller.mutable_last_access_time()->set_seconds(100);
    poller.set_rate_per_second(50);
    poller.mutable_deployment_options()->set_deployment_name("orders");
    poller.mutable_deployment_options()->set_build_id("v1");
    queue.mutable_stats()->set_approximate_backlog_count(5);
    queue.mutable_stats()->mutable_approximate_backlog_age()->set_seconds(2);
    queue.mutable_stats()->set_tasks_add_rate(1.5F);
    queue.mutable_stats()->set_tasks_dispatch_rate(0.5F);
    queue.mutable_versioning_info()->mutable_current_deployment_version()->set_build_id("v1");
    queue.mutable_versioning_info()->set_ramping_version_percentage(25);
    server.channel->answer(queue);
    const auto description =
        admin::describe_task_queue(client, "payments", admin::TaskQueueKind::Activity);
    EXPECT_EQ(description.pollers.at(0).identity, "worker@host");
    EXPECT_EQ(description.pollers.at(0).deployment_version->build_id, "v1");
    EXPECT_EQ(description.pollers.at(0).deployment_version->deployment_name, "orders");
    EXPECT_EQ(description.pollers.at(0).last_access, Time{100s});
    EXPECT_EQ(description.pollers.at(0).rate_per_second, 50);
    EXPECT_EQ(description.stats.backlog, 5);
    EXPECT_EQ(description.stats.add_rate, 1.5);
    EXPECT_EQ(description.stats.dispatch_rate, 0.5);
    EXPECT_EQ(description.stats.backlog_age, 2s);
    EXPECT_EQ(description.current_version->build_id, "v1");
    EXPECT_EQ(description.ramping_version, std::nullopt);
    EXPECT_EQ(description.ramping_percentage, 25);
    const auto sent = server.channel->request<service::DescribeTaskQueueRequest>(0);
    EXPECT_EQ(sent.namespace_(), "orders");
    EXPECT_EQ(sent.task_queue().name(), "payments");
    EXPECT_EQ(sent.task_queue_type(), enums::TASK_QUEUE_TYPE_ACTIVITY);
    EXPECT_TRUE(sent.report_stats());
}

TEST_F(TaskQueues, WithoutWorkersHaveNoVersions) {
    service::DescribeTaskQueueResponse queue;
    queue.mutable_versioning_info()->mutable_ramping_deployment_version()->set_build_id("v2");
    server.channel->answer(queue).answer(service::DescribeTaskQueueResponse{});
    EXPECT_EQ(admin::describe_task_queue(client, "payments").ramping_version->build_id, "v2");
    const auto nobody = admin::describe_task_queue(client, "payments");
    EXPECT_EQ(nobody.ramping_version, std::nullopt);
    EXPECT_EQ(nobody.current_version, std::nullopt);
    EXPECT_TRUE(nobody.pollers.empty());
}

/// What a list and a description have in common.
template <class Proto>
void fill(Proto& worker) {
    worker.set_worker_instance_key("w-1");
    worker.set_worker_identity("worker@host");
    worker.set_task_queue("payments");
    worker.mutable_deployment_version()->set_deployment_name("orders");
    worker.mutable_deployment_version()->set_build_id("v1");
    worker.set_sdk_name("hourglass");
    worker.set_sdk_version("1.0");
    worker.set_status(enums::WORKER_STATUS_SHUTTING_DOWN);
    worker.mutable_start_time()->set_seconds(100);
}

void expect_filled(const admin::WorkerSummary& worker) {
    EXPECT_EQ(worker.instance_key, "w-1");
    EXPECT_EQ(worker.identity, "worker@host");
    EXPECT_EQ(worker.task_queue, "payments");
    EXPECT_EQ(worker.host_name, "host");
    EXPECT_EQ(worker.process_id, "42");
    EXPECT_EQ(worker.sdk_name, "hourglass");
    EXPECT_EQ(worker.sdk_version, "1.0");
    EXPECT_EQ(worker.status, admin::WorkerStatus::ShuttingDown);
    EXPECT_EQ(worker.started_at, Time{100s});
    ASSERT_TRUE(worker.deployment_version);
    EXPECT_EQ(worker.deployment_version->deployment_name, "orders");
    EXPECT_EQ(worker.deployment_version->build_id, "v1");
}

TEST_F(Workers, AreListedAndCounted) {
    service::ListWorkersResponse first;
    auto& worker = *first.add_workers();
    fill(worker);
    worker.set_host_name("host");
    worker.set_process_id("42");
    first.set_next_page_token("p2");
    service::ListWorkersResponse second;
    second.add_workers()->set_worker_instance_key("w-2");
    server.channel->answer(first).answer(second);
    std::vector<admin::WorkerSummary> workers;
    for (const auto& each : admin::list_workers(client, "TaskQueue = 'payments'")) {
        workers.push_back(each);
    }
    ASSERT_EQ(workers.size(), 2U);
    expect_filled(workers[0]);
    EXPECT_EQ(workers[1].instance_key, "w-2");
    EXPECT_EQ(workers[1].deployment_version, std::nullopt);
    const auto sent = server.channel->request<service::ListWorkersRequest>(1);
    EXPECT_EQ(sent.namespace_(), "orders");
    EXPECT_EQ(sent.query(), "TaskQueue = 'payments'");
    EXPECT_EQ(sent.next_page_token(), "p2");

    service::CountWorkersResponse count;
    count.set_count(2);
    server.channel->answer(count);
    EXPECT_EQ(admin::count_workers(client, "TaskQueue = 'payments'"), 2);
    const auto counted = server.channel->request<service::CountWorkersRequest>(2);
    EXPECT_EQ(counted.namespace_(), "orders");
    EXPECT_EQ(counted.query(), "TaskQueue = 'payments'");
}

void fill(temporal::api::worker::v1::WorkerSlotsInfo& slots, int number) {
    slots.set_current_available_slots(number);
    slots.set_current_used_slots(number + 1);
    slots.set_total_processed_tasks(number + 2);
    slots.set_total_failed_tasks(number + 3);
    slots.set_slot_supplier_kind("Fixed");
}

void expect_filled(const admin::WorkerSlots& slots, int number) {
    EXPECT_EQ(slots.available, number);
    EXPECT_EQ(slots.used, number + 1);
    EXPECT_EQ(slots.processed, number + 2);
    EXPECT_EQ(slots.failed, number + 3);
    EXPECT_EQ(slots.supplier_kind, "Fixed");
}

TEST_F(Workers, AreDescribed) {
    service::DescribeWorkerResponse response;
    auto& worker = *response.mutable_worker_info()->mutable_worker_heartbeat();
    fill(worker);
    worker.mutable_host_info()->set_host_name("host");
    worker.mutable_host_info()->set_process_id("42");
    worker.mutable_host_info()->set_current_host_cpu_usage(0.5F);
    worker.mutable_host_info()->set_current_host_mem_usage(0.25F);
    worker.mutable_heartbeat_time()->set_seconds(200);
    fill(*worker.mutable_workflow_task_slots_info(), 10);
    fill(*worker.mutable_activity_task_slots_info(), 20);
    fill(*worker.mutable_local_activity_slots_info(), 30);
    fill(*worker.mutable_nexus_task_slots_info(), 40);
    worker.mutable_workflow_poller_info()->set_current_pollers(1);
    worker.mutable_workflow_poller_info()->set_is_autoscaling(true);
    worker.mutable_workflow_sticky_poller_info()->set_current_pollers(2);
    worker.mutable_activity_poller_info()->set_current_pollers(3);
    worker.mutable_activity_poller_info()->mutable_last_successful_poll_time()->set_seconds(150);
    worker.mutable_nexus_poller_info()->set_current_pollers(4);
    worker.set_total_sticky_cache_hit(5);
    worker.set_total_sticky_cache_miss(6);
    worker.set_current_sticky_cache_size(7);
    server.channel->answer(response);
    const auto description = admin::describe_worker(client, "w-1");
    expect_filled(description);
    EXPECT_EQ(description.host_cpu_usage, 0.5);
    EXPECT_EQ(description.host_memory_usage, 0.25);
    EXPECT_EQ(description.heartbeat_at, Time{200s});
    expect_filled(description.workflow_slots, 10);
    expect_filled(description.activity_slots, 20);
    expect_filled(description.local_activity_slots, 30);
    expect_filled(description.nexus_slots, 40);
    EXPECT_EQ(description.workflow_pollers.current, 1);
    EXPECT_TRUE(description.workflow_pollers.is_autoscaling);
    EXPECT_EQ(description.workflow_pollers.last_successful_poll, std::nullopt);
    EXPECT_EQ(description.sticky_pollers.current, 2);
    EXPECT_EQ(description.activity_pollers.current, 3);
    EXPECT_FALSE(description.activity_pollers.is_autoscaling);
    EXPECT_EQ(description.activity_pollers.last_successful_poll, Time{150s});
    EXPECT_EQ(description.nexus_pollers.current, 4);
    EXPECT_EQ(description.cache_hits, 5);
    EXPECT_EQ(description.cache_misses, 6);
    EXPECT_EQ(description.cached_workflows, 7);
    const auto sent = server.channel->request<service::DescribeWorkerRequest>(0);
    EXPECT_EQ(sent.namespace_(), "orders");
    EXPECT_EQ(sent.worker_instance_key(), "w-1");
    EXPECT_THROW((void)admin::describe_worker(client, ""), ConfigurationError);
    EXPECT_EQ(server.channel->calls(), 1U);
}

}  // namespace
}  // namespace hourglass::client
