#pragma once

// What a server knows of task queues and of the workers that poll them. Each function blocks until
// the answer is there; its twin with `_async` returns a Future of it.

#include "hourglass/base/future.hpp"
#include "hourglass/client/client.hpp"
#include "hourglass/client/paged.hpp"
#include "hourglass/convert/versioning.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::admin {

/// The tasks of a queue are of one of these kinds, with the server's numbers.
enum class TaskQueueKind : std::uint8_t { Workflow = 1, Activity = 2, Nexus = 3 };

/// Somebody who asked a queue for tasks in the last minutes.
struct TaskQueuePoller {
    std::string identity = {};
    std::chrono::system_clock::time_point last_access = {};
    /// Of the worker's limit for the whole queue; 0: none.
    double rate_per_second = 0;
    /// None without worker versioning.
    std::optional<WorkerDeploymentVersion> deployment_version = {};
};

/// What waits in a queue, approximately.
struct TaskQueueStats {
    std::int64_t backlog = 0;
    /// Of the oldest task that waits.
    std::chrono::milliseconds backlog_age{0};
    /// Tasks a second that come in, and that go out.
    double add_rate = 0;
    double dispatch_rate = 0;
};

struct TaskQueueDescription {
    std::vector<TaskQueuePoller> pollers = {};
    TaskQueueStats stats = {};
    /// Which version gets the tasks; none without worker versioning.
    std::optional<WorkerDeploymentVersion> current_version = {};
    std::optional<WorkerDeploymentVersion> ramping_version = {};
    /// 0 to 100.
    double ramping_percentage = 0;
};

/// @throws ConfigurationError if the name is empty.
Future<TaskQueueDescription> describe_task_queue_async(
    const Client& client, std::string name, TaskQueueKind kind = TaskQueueKind::Workflow
);
[[nodiscard]] inline TaskQueueDescription describe_task_queue(
    const Client& client, std::string name, TaskQueueKind kind = TaskQueueKind::Workflow
) {
    return describe_task_queue_async(client, std::move(name), kind).get();
}

/// The server's numbers.
enum class WorkerStatus : std::uint8_t {
    Unspecified = 0,
    Running = 1,
    ShuttingDown = 2,
    Shutdown = 3
};

/// A worker, as its heartbeats tell.
struct WorkerSummary {
    /// Of this one worker of its process.
    std::string instance_key = {};
    std::string identity = {};
    std::string task_queue = {};
    std::string host_name = {};
    std::string process_id = {};
    std::string sdk_name = {};
    std::string sdk_version = {};
    WorkerStatus status = WorkerStatus::Unspecified;
    std::chrono::system_clock::time_point started_at = {};
    /// None without worker versioning.
    std::optional<WorkerDeploymentVersion> deployment_version = {};
};

/// The workers of the client's namespace that sent a heartbeat lately, lazily; those of an
/// Application send one each `TelemetryOptions::worker_heartbeat_interval`.
/// @param query  a list filter: `TaskQueue = 'orders'`.
[[nodiscard]] Paged<WorkerSummary> list_workers(
    const Client& client, std::string query = {}, ListOptions options = {}
);

/// How many there are.
/// @param query  as `list_workers`.
Future<std::int64_t> count_workers_async(const Client& client, std::string query = {});
[[nodiscard]] inline std::int64_t count_workers(const Client& client, std::string query = {}) {
    return count_workers_async(client, std::move(query)).get();
}

/// How many tasks of one kind a worker has in hand, and had.
struct WorkerSlots {
    int available = 0;
    int used = 0;
    /// "Fixed", "ResourceBased" or another name of what hands the slots out.
    std::string supplier_kind = {};
    /// Since the worker's start.
    int processed = 0;
    int failed = 0;
};

/// The open polls of one kind of a worker.
struct WorkerPollers {
    int current = 0;
    std::optional<std::chrono::system_clock::time_point> last_successful_poll = {};
    bool is_autoscaling = false;
};

/// A worker, as its last heartbeat told.
struct WorkerDescription : WorkerSummary {
    std::chrono::system_clock::time_point heartbeat_at = {};
    /// Of the whole machine, 0 to 1.
    double host_cpu_usage = 0;
    double host_memory_usage = 0;
    WorkerSlots workflow_slots = {};
    WorkerSlots activity_slots = {};
    WorkerSlots local_activity_slots = {};
    WorkerSlots nexus_slots = {};
    WorkerPollers workflow_pollers = {};
    WorkerPollers sticky_pollers = {};
    WorkerPollers activity_pollers = {};
    WorkerPollers nexus_pollers = {};
    /// Workflow tasks whose run was in the cache, and was not.
    int cache_hits = 0;
    int cache_misses = 0;
    int cached_workflows = 0;
};

/// @param instance_key  WorkerSummary::instance_key.
/// @throws RpcError with the code NotFound if no such worker sent a heartbeat lately;
/// ConfigurationError if the key is empty.
Future<WorkerDescription> describe_worker_async(const Client& client, std::string instance_key);
[[nodiscard]] inline WorkerDescription describe_worker(
    const Client& client, std::string instance_key
) {
    return describe_worker_async(client, std::move(instance_key)).get();
}

}  // namespace hourglass::admin
