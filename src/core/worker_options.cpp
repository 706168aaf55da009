#include "src/core/worker_options.hpp"

#include "src/core/raw_worker_options.hpp"

#include <algorithm>

namespace hourglass::core {
namespace {

HgPollerBehavior raw_of(const Pollers& pollers) {
    HgPollerBehavior raw{.kind = HG_POLLER_KIND_DEFAULT, .maximum = 0, .minimum = 0, .initial = 0};
    if (!pollers) {
        return raw;
    }
    if (const auto* fixed = std::get_if<FixedPollers>(&*pollers)) {
        raw.kind = HG_POLLER_KIND_SIMPLE_MAXIMUM;
        raw.maximum = fixed->maximum;
    } else if (const auto* scaling = std::get_if<AutoscalingPollers>(&*pollers)) {
        raw.kind = HG_POLLER_KIND_AUTOSCALING;
        raw.minimum = scaling->minimum;
        raw.maximum = scaling->maximum;
        raw.initial = scaling->initial;
    }
    return raw;
}

std::uint64_t count(std::optional<std::chrono::milliseconds> time) {
    return time ? static_cast<std::uint64_t>(std::max<std::int64_t>(time->count(), 1)) : 0;
}

void set_versioning(HgWorkerOptions& raw, const WorkerOptions& options) {
    if (const auto* none = std::get_if<NoVersioning>(&options.versioning)) {
        raw.versioning = HG_VERSIONING_NONE;
        raw.build_id = borrow(none->build_id);
    } else if (const auto* legacy = std::get_if<LegacyBuildIdVersioning>(&options.versioning)) {
        raw.versioning = HG_VERSIONING_LEGACY_BUILD_ID;
        raw.build_id = borrow(legacy->build_id);
    } else if (const auto* by = std::get_if<DeploymentVersioning>(&options.versioning)) {
        raw.versioning = HG_VERSIONING_DEPLOYMENT;
        raw.deployment_name = borrow(by->deployment_name);
        raw.build_id = borrow(by->build_id);
        raw.use_worker_versioning = by->use_worker_versioning;
        raw.default_versioning_behavior = static_cast<std::int32_t>(by->default_behavior);
    }
}

static_assert(
    static_cast<int>(VersioningBehavior::Unspecified) == HG_VERSIONING_BEHAVIOR_UNSPECIFIED
);
static_assert(static_cast<int>(VersioningBehavior::Pinned) == HG_VERSIONING_BEHAVIOR_PINNED);
static_assert(
    static_cast<int>(VersioningBehavior::AutoUpgrade) == HG_VERSIONING_BEHAVIOR_AUTO_UPGRADE
);

}  // namespace

RawWorkerOptions::RawWorkerOptions(const WorkerOptions& options, const Bridge& bridge)
    : raw_{bridge.worker_options_default()} {
    raw_.namespace_ = borrow(options.namespace_name);
    raw_.task_queue = borrow(options.task_queue);
    raw_.identity = borrow(options.identity);
    set_versioning(raw_, options);
    raw_.poll_workflows = options.poll_workflows;
    raw_.run_local_activities = options.run_local_activities;
    raw_.poll_activities = options.poll_activities;
    raw_.poll_nexus = options.poll_nexus;
    raw_.max_cached_workflows = options.max_cached_workflows;
    raw_.max_workflow_tasks = options.max_workflow_tasks.value_or(0);
    raw_.max_activities = options.max_activities.value_or(0);
    raw_.max_local_activities = options.max_local_activities.value_or(0);
    raw_.max_nexus_tasks = options.max_nexus_tasks.value_or(0);
    raw_.workflow_pollers = raw_of(options.workflow_pollers);
    raw_.activity_pollers = raw_of(options.activity_pollers);
    raw_.nexus_pollers = raw_of(options.nexus_pollers);
    raw_.nonsticky_to_sticky_poll_ratio = options.nonsticky_to_sticky_poll_ratio.value_or(0.0F);
    raw_.sticky_queue_schedule_to_start_timeout_ms =
        count(options.sticky_queue_schedule_to_start_timeout);
    raw_.max_heartbeat_throttle_interval_ms = count(options.max_heartbeat_throttle_interval);
    raw_.default_heartbeat_throttle_interval_ms =
        count(options.default_heartbeat_throttle_interval);
    raw_.max_worker_activities_per_second = options.max_worker_activities_per_second.value_or(0);
    raw_.max_task_queue_activities_per_second =
        options.max_task_queue_activities_per_second.value_or(0);
    raw_.max_eager_activities = options.max_eager_activities;
    raw_.graceful_shutdown_period_ms = static_cast<std::uint64_t>(
        std::max<std::int64_t>(options.graceful_shutdown_period.count(), 0)
    );
    raw_.nondeterminism_fails_workflow = options.nondeterminism_fails_workflow;
    for (const std::string& type : options.nondeterminism_fails_types) {
        failing_types_.push_back(borrow(type));
    }
    raw_.nondeterminism_fails_types = failing_types_.data();
    raw_.nondeterminism_fails_types_len = failing_types_.size();
}

}  // namespace hourglass::core
