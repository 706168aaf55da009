#include "hourglass/worker/worker_options.hpp"

#include "hourglass/activity/isolation.hpp"
#include "hourglass/base/error.hpp"
#include "hourglass/base/log.hpp"
#include "hourglass/workflow/catalog.hpp"
#include "src/convert/utf8.hpp"
#include "src/worker/activities_of.hpp"

#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <variant>

namespace hourglass {
namespace {

void require(bool holds, const WorkerOptions& options, const std::string& what) {
    if (!holds) {
        throw ConfigurationError{"worker of task queue '" + options.task_queue + "': " + what};
    }
}

bool is_rate(const std::optional<double>& per_second) {
    return !per_second || (std::isfinite(*per_second) && *per_second > 0);
}

void check_pollers(const WorkerOptions& options, const Pollers& pollers, const char* which) {
    const auto name = [which](const char* field) { return std::string{which} + "." + field; };
    if (!pollers) {
        return;
    }
    if (const auto* fixed = std::get_if<FixedPollers>(&*pollers)) {
        require(fixed->maximum > 0, options, name("maximum must be at least 1"));
        return;
    }
    const auto& scaling = std::get<AutoscalingPollers>(*pollers);
    require(scaling.minimum > 0, options, name("minimum must be at least 1"));
    require(
        scaling.minimum <= scaling.initial && scaling.initial <= scaling.maximum,
        options,
        name("initial must not be less than minimum, nor more than maximum")
    );
}

void check_polls(const WorkerOptions& options) {
    check_pollers(options, options.workflow_pollers, "workflow_pollers");
    check_pollers(options, options.activity_pollers, "activity_pollers");
    check_pollers(options, options.nexus_pollers, "nexus_pollers");
    const auto* fixed =
        options.workflow_pollers ? std::get_if<FixedPollers>(&*options.workflow_pollers) : nullptr;
    require(
        fixed == nullptr || fixed->maximum > 1 || options.max_cached_workflows == 0,
        options,
        "workflow_pollers.maximum must be at least 2 with a cache: one for the runs in it, one for "
        "new ones"
    );
    const auto ratio = options.nonsticky_to_sticky_poll_ratio;
    require(
        !ratio || (*ratio > 0 && *ratio <= 1),
        options,
        "nonsticky_to_sticky_poll_ratio must be more than 0 and at most 1"
    );
}

void check_positive(
    const WorkerOptions& options,
    const std::optional<std::chrono::milliseconds>& interval,
    const char* name
) {
    require(
        !interval || interval->count() > 0,
        options,
        std::string{name} + " must be more than 0; leave it unset for the default"
    );
}

// The server takes no answer of a versioned worker without a behaviour: each task would fail.
void check_behaviors(const WorkerOptions& options) {
    std::string without;
    for (const std::string& name : workflow::Catalog::process().without_versioning()) {
        without.append(without.empty() ? "'" : ", '").append(name).append("'");
    }
    require(
        without.empty(),
        options,
        "it uses versioning, but these workflows do not say what a new version means to them: " +
            without +
            "; add versioning(Pinned) or versioning(AutoUpgrade) to their HOURGLASS_WORKFLOW, or "
            "set "
            "default_versioning_behavior"
    );
}

void check_deployment(const WorkerOptions& options) {
    const WorkerDeploymentOptions& deployment = *options.deployment;
    require(
        !deployment.version.deployment_name.empty(),
        options,
        "deployment.version.deployment_name is empty; give the name that all versions share"
    );
    require(
        !deployment.version.build_id.empty() || !executable_build_id().empty(),
        options,
        "deployment.version.build_id is empty, and the program has no build id of its own to take "
        "instead; set it, or link with -Wl,--build-id"
    );
    const bool has_default =
        deployment.default_versioning_behavior != VersioningBehavior::Unspecified;
    require(
        deployment.use_worker_versioning || !has_default,
        options,
        "deployment.default_versioning_behavior is set although use_worker_versioning is not, so "
        "that it would mean nothing; unset it, or use versioning"
    );
    if (deployment.use_worker_versioning && !has_default) {
        check_behaviors(options);
    }
}

}  // namespace

void WorkerOptions::validate() const {
    require(!task_queue.empty(), *this, "task_queue is empty; name the queue that it is to poll");
    require(
        convert::valid_utf8(task_queue) == task_queue,
        *this,
        "task_queue is not valid UTF-8, and the server takes no other"
    );
    require(
        max_concurrent_workflow_tasks > 0, *this, "max_concurrent_workflow_tasks must be at least 1"
    );
    require(max_concurrent_activities > 0, *this, "max_concurrent_activities must be at least 1");
    require(
        max_concurrent_local_activities > 0,
        *this,
        "max_concurrent_local_activities must be at least 1"
    );
    require(max_concurrent_nexus_tasks > 0, *this, "max_concurrent_nexus_tasks must be at least 1");
    require(
        is_rate(max_task_queue_activities_per_second),
        *this,
        "max_task_queue_activities_per_second must be a number more than 0; leave it unset for no "
        "limit"
    );
    require(
        is_rate(max_activities_per_second),
        *this,
        "max_activities_per_second must be a number more than 0; leave it unset for no limit"
    );
    check_polls(*this);
    check_positive(*this, sticky_schedule_to_start_timeout, "sticky_schedule_to_start_timeout");
    check_positive(*this, max_heartbeat_throttle_interval, "max_heartbeat_throttle_interval");
    check_positive(
        *this, default_heartbeat_throttle_interval, "default_heartbeat_throttle_interval"
    );
    require(
        graceful_shutdown_timeout.count() >= 0,
        *this,
        "graceful_shutdown_timeout must not be negative"
    );
    if (deployment) {
        check_deployment(*this);
    }
    require(
        deadlock_timeout.count() >= 0,
        *this,
        "deadlock_timeout must not be negative; 0 lets workflow code run as long as it likes"
    );
    for (const auto& each : interceptors) {
        require(each != nullptr, *this, "one of its interceptors is null; leave it out");
    }
    const activity::Definitions runs = worker::activities_of(*this);
    require(
        !runs.any_isolated() || isolation::started(),
        *this,
        "it has isolated activities, whose processes can only be made if "
        "hourglass::isolation::start() was called before there was a thread; call it first in main"
    );
    for (const std::string& problem : runs.unusable_with(objects)) {
        log::warn(problem, {{"task_queue", task_queue}});
    }
}

}  // namespace hourglass
