#pragma once

#include "hourglass/activity/definitions.hpp"
#include "hourglass/activity/objects.hpp"
#include "hourglass/base/pollers.hpp"
#include "hourglass/convert/versioning.hpp"
#include "hourglass/nexus/services.hpp"
#include "hourglass/workflow/failure_types.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hourglass {

/// Whether the tree starts a worker again that a caller had started and a cascade took along.
enum class WorkerRestart : std::uint8_t {
    Temporary,  ///< no: the caller is told (Application::on_worker_lost) and decides
    Permanent,  ///< yes, as it does with the default worker
};

/// Of which build of which program a worker is, so that the server can tell versions apart.
struct WorkerDeploymentOptions {
    /// The deployment's name, not empty, and the build. An empty build_id is that of the program's
    /// file, as executable_build_id() tells it.
    WorkerDeploymentVersion version = {};
    /// Whether it takes only tasks that the server routes to this version: none, until the version
    /// is made the current or the ramping one. If not, it tells its version and works like any
    /// other.
    bool use_worker_versioning = true;
    /// Of workflows whose definition does not say: `versioning(...)` in HOURGLASS_WORKFLOW. Only
    /// with use_worker_versioning; then each workflow needs one or the other.
    VersioningBehavior default_versioning_behavior = VersioningBehavior::Unspecified;
};

/// The identity that the linker gave the program's file (`-Wl,--build-id`), in hexadecimal: the
/// same for the same code and flags. It tells nothing of shared libraries. Empty if there is none.
/// @threads any.
[[nodiscard]] std::string executable_build_id();

class WorkerInterceptor;

/// One worker: what it polls, what it runs, how much at a time. Unset optionals leave the choice to
/// Core.
struct WorkerOptions {
    /// Not empty.
    std::string task_queue = "default";

    /// The activities it runs; unset: all that HOURGLASS_ACTIVITY defines in this process.
    /// Workflows are always all that HOURGLASS_WORKFLOW defines.
    std::optional<activity::Definitions> activities = {};
    /// The objects whose member functions are activities.
    activity::Objects objects = {};
    /// The Nexus services that it handles; none: it takes no Nexus requests.
    nexus::Services nexus_services = {};

    /// Runs kept in memory between their tasks; 0 keeps none and replays each from its history.
    std::uint32_t max_cached_workflows = 1000;
    /// Activations being evaluated at once; > 0.
    std::uint32_t max_concurrent_workflow_tasks = 100;
    /// Attempts running at once, a thread each if they block; > 0.
    std::uint32_t max_concurrent_activities = 100;
    /// Attempts of local activities running at once; > 0.
    std::uint32_t max_concurrent_local_activities = 100;
    /// Nexus requests being handled at once, a thread each; > 0.
    std::uint32_t max_concurrent_nexus_tasks = 100;
    /// Limits the whole task queue, on the server; > 0, unset: no limit.
    std::optional<double> max_task_queue_activities_per_second = {};
    /// Limits this worker: attempts that it begins in a second, local ones not counted; > 0, unset:
    /// no limit.
    std::optional<double> max_activities_per_second = {};
    /// Activities that the answer to a workflow task may bring with it, if this worker has room for
    /// them: they save the server a round. 0: none.
    std::uint32_t max_eager_activities = 3;

    Pollers workflow_pollers = {};
    Pollers activity_pollers = {};
    Pollers nexus_pollers = {};
    /// Of the polls for workflow tasks those that are for new runs, not for those in this worker's
    /// memory; > 0 and at most 1, unset: 0.2.
    std::optional<float> nonsticky_to_sticky_poll_ratio = {};
    /// How long a task of a run in this worker's memory waits for it before any other worker may
    /// take it; > 0, unset: 10 s.
    std::optional<std::chrono::milliseconds> sticky_schedule_to_start_timeout = {};
    /// An attempt's heartbeats are sent to the server after 80 % of its heartbeat timeout, this at
    /// most; > 0, unset: 60 s.
    std::optional<std::chrono::milliseconds> max_heartbeat_throttle_interval = {};
    /// The same for attempts without a heartbeat timeout; > 0, unset: 30 s.
    std::optional<std::chrono::milliseconds> default_heartbeat_throttle_interval = {};

    /// How long running activities and handlers of Nexus requests may go on, after the worker was
    /// told to stop, before they are cancelled; >= 0.
    std::chrono::milliseconds graceful_shutdown_timeout{0};
    /// How long workflow code may run without coming to an await, before its workflow task fails
    /// with [TMPRL1101] and the log says where it stands; 0: as long as it likes, >= 0. Off while a
    /// debugger is attached, and where the environment variable TEMPORAL_DEBUG is set.
    std::chrono::milliseconds deadlock_timeout{2000};
    /// Which exceptions of workflow code fail the workflow, beside those that its
    /// HOURGLASS_WORKFLOW names and every FailureError;
    /// `workflow::failure_types<std::logic_error>()`.
    workflow::FailsWorkflow fails_workflow = {};
    /// Stand around what the worker runs, the first one outermost; not null. See
    /// <hourglass/worker/interceptor.hpp>.
    std::vector<std::shared_ptr<WorkerInterceptor>> interceptors = {};
    /// Named in histories; the client's identity if empty.
    std::string identity = {};

    /// Unset: it takes no part in versioning, and tells executable_build_id() for people.
    std::optional<WorkerDeploymentOptions> deployment = {};

    /// Of a worker started with Application::start_worker.
    WorkerRestart restart = WorkerRestart::Temporary;

    /// @throws ConfigurationError naming the option; DuplicateRegistrationError.
    void validate() const;
};

}  // namespace hourglass
