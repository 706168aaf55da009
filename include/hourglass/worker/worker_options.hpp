#pragma once

#include "hourglass/activity/definitions.hpp"
#include "hourglass/activity/objects.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace hourglass {

/// Whether the tree starts a worker again that a caller had started and a cascade took along.
enum class WorkerRestart : std::uint8_t {
    Temporary,  ///< no: the caller is told (Application::on_worker_lost) and decides
    Permanent,  ///< yes, as it does with the default worker
};

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

    /// Runs kept in memory between their tasks; 0 keeps none and replays each from its history.
    std::uint32_t max_cached_workflows = 1000;
    /// Activations being evaluated at once; > 0.
    std::uint32_t max_concurrent_workflow_tasks = 100;
    /// Attempts running at once, a thread each if they block; > 0.
    std::uint32_t max_concurrent_activities = 100;
    /// Attempts of local activities running at once; > 0.
    std::uint32_t max_concurrent_local_activities = 100;
    /// Limits the whole task queue, on the server; unset: no limit.
    std::optional<double> max_task_queue_activities_per_second = {};

    /// How long running activities may go on, after the worker was told to stop, before they are
    /// cancelled; >= 0.
    std::chrono::milliseconds graceful_shutdown_timeout{0};
    /// Named in histories; the client's identity if empty.
    std::string identity = {};

    /// Of a worker started with Application::start_worker.
    WorkerRestart restart = WorkerRestart::Temporary;

    /// @throws ConfigurationError naming the option; DuplicateRegistrationError.
    void validate() const;
};

}  // namespace hourglass
