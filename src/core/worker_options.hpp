#pragma once

#include "hourglass/base/pollers.hpp"
#include "hourglass/convert/versioning.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hourglass::core {

/// Versioning by worker deployments.
struct DeploymentVersioning {
    std::string deployment_name;
    std::string build_id;
    /// Take only tasks of this version.
    bool use_worker_versioning = false;
    /// For workflows that do not say.
    VersioningBehavior default_behavior = VersioningBehavior::Unspecified;
};

/// Versioning by build ids of a whole worker, the older way.
struct LegacyBuildIdVersioning {
    std::string build_id;
};

/// No versioning; the build id is for people and may be empty.
struct NoVersioning {
    std::string build_id = {};
};

/// How a worker of Core works; what is unset is as Core decides.
struct WorkerOptions {
    std::string namespace_name = {};
    std::string task_queue = {};
    /// Overrides the connection's; empty: does not.
    std::string identity = {};
    std::variant<NoVersioning, DeploymentVersioning, LegacyBuildIdVersioning> versioning = {};
    bool poll_workflows = true;
    bool run_local_activities = true;
    bool poll_activities = true;
    bool poll_nexus = true;
    /// 0: every workflow task replays its history.
    unsigned max_cached_workflows = 1000;
    std::optional<unsigned> max_workflow_tasks = {};
    std::optional<unsigned> max_activities = {};
    std::optional<unsigned> max_local_activities = {};
    std::optional<unsigned> max_nexus_tasks = {};
    Pollers workflow_pollers = {};
    Pollers activity_pollers = {};
    Pollers nexus_pollers = {};
    /// Part of the workflow polls that go to the queue all workers share.
    std::optional<float> nonsticky_to_sticky_poll_ratio = {};
    std::optional<std::chrono::milliseconds> sticky_queue_schedule_to_start_timeout = {};
    std::optional<std::chrono::milliseconds> max_heartbeat_throttle_interval = {};
    std::optional<std::chrono::milliseconds> default_heartbeat_throttle_interval = {};
    std::optional<double> max_worker_activities_per_second = {};
    std::optional<double> max_task_queue_activities_per_second = {};
    /// Activities that may be started with the answer to a workflow task.
    unsigned max_eager_activities = 3;
    /// From the beginning of shutdown until activities are cancelled.
    std::chrono::milliseconds graceful_shutdown_period{0};
    /// Nondeterminism fails the workflow instead of its task.
    bool nondeterminism_fails_workflow = false;
    /// Workflow types that it fails even if the field above says no.
    std::vector<std::string> nondeterminism_fails_types = {};
};

}  // namespace hourglass::core
