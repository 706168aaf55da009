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

/// The workers of the client's namespace that sent a heartbeat lately, lazily.
/// @param query  a list filter: `TaskQueue = 'orders'`.
[[nodiscard]] Paged<WorkerSummary> list_workers(
    const Client& client, std::string query = {}, ListOptions options = {}
);

}  // namespace hourglass::admin
