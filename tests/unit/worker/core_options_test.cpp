#include "src/worker/core_options.hpp"

#include "hourglass/workflow/workflow.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <exception>
#include <stdexcept>
#include <variant>

struct FailsWithEverything {
    hourglass::Task<void> run() { co_return; }
};
HOURGLASS_WORKFLOW(FailsWithEverything, run, failure_types(std::exception), versioning(Pinned))

struct FailsWithLogicErrors {
    hourglass::Task<void> run() { co_return; }
};
HOURGLASS_WORKFLOW(FailsWithLogicErrors, run, failure_types(std::logic_error), versioning(Pinned))

namespace hourglass::worker {
namespace {

using namespace std::chrono_literals;

TEST(CoreOptionsTest, HandsEachOptionOn) {
    WorkerOptions worker;
    worker.task_queue = "orders";
    worker.identity = "me";
    worker.max_cached_workflows = 11;
    worker.max_concurrent_workflow_tasks = 12;
    worker.max_concurrent_activities = 13;
    worker.max_concurrent_local_activities = 14;
    worker.max_concurrent_nexus_tasks = 17;
    worker.max_task_queue_activities_per_second = 1.5;
    worker.graceful_shutdown_timeout = 7s;
    worker.max_activities_per_second = 2.5;
    worker.max_eager_activities = 0;
    worker.workflow_pollers = FixedPollers{.maximum = 15};
    worker.nexus_pollers = FixedPollers{.maximum = 18};
    worker.activity_pollers = AutoscalingPollers{.minimum = 2, .maximum = 16, .initial = 3};
    worker.nonsticky_to_sticky_poll_ratio = 0.5F;
    worker.sticky_schedule_to_start_timeout = 8s;
    worker.max_heartbeat_throttle_interval = 9s;
    worker.default_heartbeat_throttle_interval = 10s;
    const auto options = core_options("shop", worker);
    EXPECT_EQ(options.namespace_name, "shop");
    EXPECT_EQ(options.task_queue, "orders");
    EXPECT_EQ(options.identity, "me");
    EXPECT_EQ(options.max_cached_workflows, 11u);
    EXPECT_EQ(options.max_workflow_tasks, 12u);
    EXPECT_EQ(options.max_activities, 13u);
    EXPECT_EQ(options.max_local_activities, 14u);
    EXPECT_EQ(options.max_nexus_tasks, 17u);
    EXPECT_EQ(std::get<FixedPollers>(options.nexus_pollers.value()).maximum, 18u);
    EXPECT_EQ(options.max_task_queue_activities_per_second, 1.5);
    EXPECT_EQ(options.graceful_shutdown_period, 7s);
    EXPECT_EQ(options.max_worker_activities_per_second, 2.5);
    EXPECT_EQ(options.max_eager_activities, 0u);
    EXPECT_EQ(std::get<FixedPollers>(options.workflow_pollers.value()).maximum, 15u);
    const auto scaling = std::get<AutoscalingPollers>(options.activity_pollers.value());
    EXPECT_EQ(scaling.minimum, 2u);
    EXPECT_EQ(scaling.maximum, 16u);
    EXPECT_EQ(scaling.initial, 3u);
    EXPECT_EQ(options.nonsticky_to_sticky_poll_ratio, 0.5F);
    EXPECT_EQ(options.sticky_queue_schedule_to_start_timeout, 8s);
    EXPECT_EQ(options.max_heartbeat_throttle_interval, 9s);
    EXPECT_EQ(options.default_heartbeat_throttle_interval, 10s);
}

TEST(CoreOptionsTest, HandsTheDeploymentOn) {
    WorkerOptions worker;
    worker.deployment = WorkerDeploymentOptions{
        .version = {.deployment_name = "shop", .build_id = "v1"},
        .default_versioning_behavior = VersioningBehavior::AutoUpgrade
    };
    const auto versioning =
        std::get<core::DeploymentVersioning>(core_options("default", worker).versioning);
    EXPECT_EQ(versioning.deployment_name, "shop");
    EXPECT_EQ(versioning.build_id, "v1");
    EXPECT_TRUE(versioning.use_worker_versioning);
    EXPECT_EQ(versioning.default_behavior, VersioningBehavior::AutoUpgrade);
}

TEST(CoreOptionsTest, TakesTheBuildIdOfTheProgramWhereNoneIsGiven) {
    WorkerOptions worker;
    const auto plain = std::get<core::NoVersioning>(core_options("default", worker).versioning);
    EXPECT_EQ(plain.build_id, executable_build_id());
    worker.deployment = WorkerDeploymentOptions{.version = {.deployment_name = "shop"}};
    const auto versioned =
        std::get<core::DeploymentVersioning>(core_options("default", worker).versioning);
    EXPECT_EQ(versioned.build_id, executable_build_id());
}

TEST(CoreOptionsTest, TellsCoreWhereNondeterminismFailsTheWorkflow) {
    WorkerOptions worker;
    EXPECT_FALSE(core_options("shop", worker).nondeterminism_fails_workflow);
    EXPECT_THAT(
        core_options("shop", worker).nondeterminism_fails_types,
        testing::ElementsAre("FailsWithEverything")
    );
    worker.fails_workflow = workflow::failure_types<std::logic_error>();
    EXPECT_FALSE(core_options("shop", worker).nondeterminism_fails_workflow);
    worker.fails_workflow = workflow::failure_types<workflow::NondeterminismError>();
    EXPECT_TRUE(core_options("shop", worker).nondeterminism_fails_workflow);
}

TEST(CoreOptionsTest, TakesAChoiceThatThrowsForOneThatFailsTheTask) {
    WorkerOptions worker;
    worker.fails_workflow = [](const std::exception&) -> bool { throw std::logic_error{"a bug"}; };
    EXPECT_FALSE(core_options("shop", worker).nondeterminism_fails_workflow);
    worker.fails_workflow = [](const std::exception&) -> bool { throw 1; };
    EXPECT_FALSE(core_options("shop", worker).nondeterminism_fails_workflow);
}

TEST(CoreOptionsTest, PollsNothingThatNobodyHereCouldAnswer) {
    const auto options = core_options("shop", WorkerOptions{});
    EXPECT_TRUE(options.poll_workflows);
    EXPECT_TRUE(options.poll_activities);
    EXPECT_FALSE(options.poll_nexus);
    EXPECT_TRUE(options.run_local_activities);
    WorkerOptions handles;
    handles.nexus_services.add("greetings", "greet", [] {});
    EXPECT_TRUE(core_options("shop", handles).poll_nexus);
}

TEST(CoreOptionsTest, LeavesToCoreWhatIsUnset) {
    const auto options = core_options("shop", WorkerOptions{});
    EXPECT_FALSE(options.max_task_queue_activities_per_second);
    EXPECT_EQ(options.graceful_shutdown_period, 0ms) << "unset would mean for ever to Core";
    EXPECT_TRUE(options.identity.empty());
}

}  // namespace
}  // namespace hourglass::worker
