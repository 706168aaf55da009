// Each field of a worker's options gets to the bridge, and to its own place there. What the bridge
// makes of it for Core has a test in bridge/tests/bridge/worker_options.rs.
#include "src/core/worker_options.hpp"

#include "src/core/bridge.hpp"
#include "src/core/raw_worker_options.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace hourglass::core {
namespace {

using namespace std::chrono_literals;

std::string_view text(const HgBytesRef& bytes) {
    return {reinterpret_cast<const char*>(bytes.data), bytes.len};
}

std::string text(const HgPollerBehavior& pollers) {
    return std::to_string(pollers.kind) + ": " + std::to_string(pollers.minimum) + " to " +
           std::to_string(pollers.maximum) + " from " + std::to_string(pollers.initial);
}

/// No two fields of one type have the same value, and none its default.
WorkerOptions distinct() {
    WorkerOptions options;
    options.namespace_name = "namespace";
    options.task_queue = "queue";
    options.identity = "identity";
    options.versioning = DeploymentVersioning{
        .deployment_name = "deployment",
        .build_id = "build",
        .use_worker_versioning = true,
        .default_behavior = VersioningBehavior::AutoUpgrade
    };
    options.max_cached_workflows = 11;
    options.max_workflow_tasks = 12;
    options.max_activities = 13;
    options.max_local_activities = 14;
    options.max_nexus_tasks = 15;
    options.workflow_pollers = FixedPollers{.maximum = 16};
    options.activity_pollers = AutoscalingPollers{.minimum = 17, .maximum = 19, .initial = 18};
    options.nexus_pollers = AutoscalingPollers{.minimum = 20, .maximum = 22, .initial = 21};
    options.nonsticky_to_sticky_poll_ratio = 0.25F;
    options.sticky_queue_schedule_to_start_timeout = 23ms;
    options.max_heartbeat_throttle_interval = 24ms;
    options.default_heartbeat_throttle_interval = 25ms;
    options.max_worker_activities_per_second = 26.5;
    options.max_task_queue_activities_per_second = 27.5;
    options.max_eager_activities = 28;
    options.graceful_shutdown_period = 29ms;
    options.nondeterminism_fails_workflow = true;
    options.nondeterminism_fails_types = {"One", "Two"};
    return options;
}

TEST(RawWorkerOptions, HasEachFieldInItsPlace) {
    const WorkerOptions options = distinct();
    const RawWorkerOptions made{options, bridge()};
    // All fields: with one more or less this does not compile.
    const auto& [workflow_namespace, task_queue, identity, versioning, deployment_name, build_id, use_worker_versioning, default_versioning_behavior, poll_workflows, run_local_activities, poll_activities, poll_nexus, max_cached_workflows, max_workflow_tasks, max_activities, max_local_activities, max_nexus_tasks, workflow_pollers, activity_pollers, nexus_pollers, nonsticky_to_sticky_poll_ratio, sticky_queue_schedule_to_start_timeout_ms, max_heartbeat_throttle_interval_ms, default_heartbeat_throttle_interval_ms, max_worker_activities_per_second, max_task_queue_activities_per_second, max_eager_activities, graceful_shutdown_period_ms, nondeterminism_fails_workflow, nondeterminism_fails_types, nondeterminism_fails_types_len] =
        *made.get();
    EXPECT_EQ(text(workflow_namespace), "namespace");
    EXPECT_EQ(text(task_queue), "queue");
    EXPECT_EQ(text(identity), "identity");
    EXPECT_EQ(versioning, HG_VERSIONING_DEPLOYMENT);
    EXPECT_EQ(text(deployment_name), "deployment");
    EXPECT_EQ(text(build_id), "build");
    EXPECT_TRUE(use_worker_versioning);
    EXPECT_EQ(default_versioning_behavior, HG_VERSIONING_BEHAVIOR_AUTO_UPGRADE);
    EXPECT_TRUE(poll_workflows);
    EXPECT_TRUE(run_local_activities);
    EXPECT_TRUE(poll_activities);
    EXPECT_TRUE(poll_nexus);
    EXPECT_EQ(max_cached_workflows, 11U);
    EXPECT_EQ(max_workflow_tasks, 12U);
    EXPECT_EQ(max_activities, 13U);
    EXPECT_EQ(max_local_activities, 14U);
    EXPECT_EQ(max_nexus_tasks, 15U);
    EXPECT_EQ(
        text(workflow_pollers), std::to_string(HG_POLLER_KIND_SIMPLE_MAXIMUM) + ": 0 to 16 from 0"
    );
    EXPECT_EQ(
        text(activity_pollers), std::to_string(HG_POLLER_KIND_AUTOSCALING) + ": 17 to 19 from 18"
    );
    EXPECT_EQ(
        text(nexus_pollers), std::to_string(HG_POLLER_KIND_AUTOSCALING) + ": 20 to 22 from 21"
    );
    EXPECT_EQ(nonsticky_to_sticky_poll_ratio, 0.25F);
    EXPECT_EQ(sticky_queue_schedule_to_start_timeout_ms, 23U);
    EXPECT_EQ(max_heartbeat_throttle_interval_ms, 24U);
    EXPECT_EQ(default_heartbeat_throttle_interval_ms, 25U);
    EXPECT_EQ(max_worker_activities_per_second, 26.5);
    EXPECT_EQ(max_task_queue_activities_per_second, 27.5);
    EXPECT_EQ(max_eager_activities, 28U);
    EXPECT_EQ(graceful_shutdown_period_ms, 29U);
    EXPECT_TRUE(nondeterminism_fails_workflow);
    ASSERT_EQ(nondeterminism_fails_types_len, 2U);
    EXPECT_EQ(text(nondeterminism_fails_types[0]), "One");
    EXPECT_EQ(text(nondeterminism_fails_types[1]), "Two");
}

TEST(RawWorkerOptions, HasEachOfTheSwitches) {
    struct Switch {
        bool WorkerOptions::* given;
        bool HgWorkerOptions::* raw;
    };
    constexpr Switch kSwitches[] = {
        {&WorkerOptions::poll_workflows, &HgWorkerOptions::poll_workflows},
        {&WorkerOptions::run_local_activities, &HgWorkerOptions::run_local_activities},
        {&WorkerOptions::poll_activities, &HgWorkerOptions::poll_activities},
        {&WorkerOptions::poll_nexus, &HgWorkerOptions::poll_nexus},
        {&WorkerOptions::nondeterminism_fails_workflow,
         &HgWorkerOptions::nondeterminism_fails_workflow},
    };
    for (const Switch& turned : kSwitches) {
        WorkerOptions options;
        options.*turned.given = !(options.*turned.given);
        const RawWorkerOptions made{options, bridge()};
        for (const Switch& each : kSwitches) {
            EXPECT_EQ(made.get()->*each.raw, options.*each.given);
        }
    }
}

TEST(RawWorkerOptions, HasTheBuildIdOfEachKindOfVersioning) {
    WorkerOptions options;
    options.versioning = NoVersioning{"for people"};
    const RawWorkerOptions none{options, bridge()};
    EXPECT_EQ(none.get()->versioning, HG_VERSIONING_NONE);
    EXPECT_EQ(text(none.get()->build_id), "for people");
    options.versioning = LegacyBuildIdVersioning{"legacy"};
    const RawWorkerOptions legacy{options, bridge()};
    EXPECT_EQ(legacy.get()->versioning, HG_VERSIONING_LEGACY_BUILD_ID);
    EXPECT_EQ(text(legacy.get()->build_id), "legacy");
}

TEST(RawWorkerOptions, LeavesToCoreWhatIsUnset) {
    const RawWorkerOptions made{WorkerOptions{}, bridge()};
    const HgWorkerOptions usual = bridge().worker_options_default();
    EXPECT_EQ(made.get()->max_workflow_tasks, 0U);
    EXPECT_EQ(made.get()->workflow_pollers.kind, HG_POLLER_KIND_DEFAULT);
    EXPECT_EQ(made.get()->nonsticky_to_sticky_poll_ratio, 0.0F);
    EXPECT_EQ(made.get()->sticky_queue_schedule_to_start_timeout_ms, 0U);
    EXPECT_EQ(made.get()->max_worker_activities_per_second, 0.0);
    EXPECT_EQ(made.get()->max_cached_workflows, usual.max_cached_workflows);
    EXPECT_EQ(made.get()->max_eager_activities, usual.max_eager_activities);
    EXPECT_EQ(made.get()->nondeterminism_fails_types_len, 0U);
}

TEST(RawWorkerOptions, KeepsTimesThatRoundToNothingFromMeaningUnset) {
    WorkerOptions options;
    options.max_heartbeat_throttle_interval = 0ms;
    options.graceful_shutdown_period = -5ms;
    const RawWorkerOptions made{options, bridge()};
    EXPECT_EQ(made.get()->max_heartbeat_throttle_interval_ms, 1U);
    EXPECT_EQ(made.get()->graceful_shutdown_period_ms, 0U);
}

}  // namespace
}  // namespace hourglass::core
