#pragma once

// Worker deployments and their versions: which build of a program gets the tasks of its queues.
// Each function blocks until the answer is there; its twin with `_async` returns a Future of it.

#include "hourglass/base/future.hpp"
#include "hourglass/client/client.hpp"
#include "hourglass/client/paged.hpp"
#include "hourglass/client/task_queues.hpp"
#include "hourglass/convert/versioning.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::admin {

/// Where a version is in its life, with the server's numbers.
enum class DeploymentVersionStatus : std::uint8_t {
    Unspecified = 0,
    Inactive = 1,
    Current = 2,
    Ramping = 3,
    /// Neither current nor ramping, with pinned workflows that still run.
    Draining = 4,
    Drained = 5,
    Created = 6,
};

/// "Draining"; "Unspecified" for a number that this version does not know.
[[nodiscard]] std::string_view to_text(DeploymentVersionStatus status);

/// Which versions of a deployment get tasks.
struct DeploymentRouting {
    /// Of all workflows that are not pinned; none: workers without versioning.
    std::optional<WorkerDeploymentVersion> current = {};
    std::optional<WorkerDeploymentVersion> ramping = {};
    /// Of the tasks that go to the ramping version, 0 to 100.
    double ramping_percentage = 0;
};

struct DeploymentVersionSummary {
    WorkerDeploymentVersion version = {};
    DeploymentVersionStatus status = DeploymentVersionStatus::Unspecified;
    std::chrono::system_clock::time_point created_at = {};
};

struct WorkerDeploymentDescription {
    std::string name = {};
    std::chrono::system_clock::time_point created_at = {};
    DeploymentRouting routing = {};
    /// Empty in a list.
    std::vector<DeploymentVersionSummary> versions = {};
    std::string last_modifier_identity = {};
    /// Give it to a change that is to fail if somebody else was faster; empty in a list.
    std::string conflict_token = {};
};

/// A queue that workers of a version poll.
struct DeploymentTaskQueue {
    std::string name = {};
    TaskQueueKind kind = TaskQueueKind::Workflow;
};

struct DeploymentVersionDescription {
    WorkerDeploymentVersion version = {};
    DeploymentVersionStatus status = DeploymentVersionStatus::Unspecified;
    std::chrono::system_clock::time_point created_at = {};
    std::optional<std::chrono::system_clock::time_point> current_since = {};
    std::optional<std::chrono::system_clock::time_point> ramping_since = {};
    double ramp_percentage = 0;
    std::vector<DeploymentTaskQueue> task_queues = {};
    std::map<std::string, Payload> metadata = {};
};

/// How tasks are routed anew.
struct RoutingChange {
    /// Empty: to the workers without versioning.
    std::string build_id = {};
    /// Of a description: the change fails if the deployment changed since. Empty: it does not.
    std::string conflict_token = {};
    /// Also if the version lacks a queue that the present one has: its tasks would wait.
    bool ignore_missing_task_queues = false;
    /// Also if no worker of the version was ever seen.
    bool allow_no_pollers = false;
};

/// @throws RpcError with the code NotFound if no worker of the deployment was seen.
Future<WorkerDeploymentDescription> describe_worker_deployment_async(
    const Client& client, std::string name
);
[[nodiscard]] inline WorkerDeploymentDescription describe_worker_deployment(
    const Client& client, std::string name
) {
    return describe_worker_deployment_async(client, std::move(name)).get();
}

/// The deployments of the client's namespace, lazily.
[[nodiscard]] Paged<WorkerDeploymentDescription> list_worker_deployments(
    const Client& client, ListOptions options = {}
);

Future<DeploymentVersionDescription> describe_deployment_version_async(
    const Client& client, WorkerDeploymentVersion version
);
[[nodiscard]] inline DeploymentVersionDescription describe_deployment_version(
    const Client& client, WorkerDeploymentVersion version
) {
    return describe_deployment_version_async(client, std::move(version)).get();
}

/// Sends all tasks of workflows that are not pinned to a version.
/// @returns a conflict token for the next change.
/// @throws RpcError with the code FailedPrecondition if the version lacks pollers or queues, or the
/// conflict token is not the deployment's.
Future<std::string> set_current_version_async(
    const Client& client, std::string deployment_name, RoutingChange change
);
inline std::string set_current_version(
    const Client& client, std::string deployment_name, RoutingChange change
) {
    return set_current_version_async(client, std::move(deployment_name), std::move(change)).get();
}

/// Sends a part of these tasks to another version than the current one.
/// @param percentage  0 to 100.
/// @returns, throws as set_current_version; ConfigurationError for another percentage.
Future<std::string> set_ramping_version_async(
    const Client& client, std::string deployment_name, double percentage, RoutingChange change
);
inline std::string set_ramping_version(
    const Client& client, std::string deployment_name, double percentage, RoutingChange change
) {
    return set_ramping_version_async(
               client, std::move(deployment_name), percentage, std::move(change)
    )
        .get();
}

/// Sets and removes values that describe a version to people and programs.
/// @returns all of them after the change.
Future<std::map<std::string, Payload>> update_version_metadata_async(
    const Client& client,
    WorkerDeploymentVersion version,
    std::map<std::string, Payload> set,
    std::vector<std::string> remove = {}
);
inline std::map<std::string, Payload> update_version_metadata(
    const Client& client,
    WorkerDeploymentVersion version,
    std::map<std::string, Payload> set,
    std::vector<std::string> remove = {}
) {
    return update_version_metadata_async(
               client, std::move(version), std::move(set), std::move(remove)
    )
        .get();
}

/// Deletes a version that is neither current nor ramping, has no pollers and is drained.
/// @param skip_drainage  also if workflows are pinned to it: they stand still until they are moved.
Future<void> remove_deployment_version_async(
    const Client& client, WorkerDeploymentVersion version, bool skip_drainage = false
);
inline void remove_deployment_version(
    const Client& client, WorkerDeploymentVersion version, bool skip_drainage = false
) {
    remove_deployment_version_async(client, std::move(version), skip_drainage).get();
}

/// Deletes a deployment that has no version any more.
Future<void> remove_worker_deployment_async(const Client& client, std::string name);
inline void remove_worker_deployment(const Client& client, std::string name) {
    remove_worker_deployment_async(client, std::move(name)).get();
}

}  // namespace hourglass::admin
