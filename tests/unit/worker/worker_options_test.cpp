#include "hourglass/worker/worker_options.hpp"

#include "hourglass/base/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <ostream>
#include <string>
#include <utility>

namespace hourglass {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

void crash() {}

// This binary starts no isolation server.
TEST(WorkerOptionsTest, RefusesIsolatedActivitiesWithoutTheServerThatMakesTheirProcesses) {
    WorkerOptions options;
    options.task_queue = "orders";
    options.activities.emplace().add<&crash>(activity::isolated);
    EXPECT_THAT(
        [&] { options.validate(); },
        ThrowsMessage<ConfigurationError>(
            AllOf(HasSubstr("'orders'"), HasSubstr("hourglass::isolation::start()"))
        )
    );
    options.activities.emplace().add<&crash>();
    EXPECT_NO_THROW(options.validate());
}

WorkerOptions versioned(WorkerDeploymentOptions deployment) {
    WorkerOptions options;
    options.task_queue = "orders";
    options.deployment = std::move(deployment);
    return options;
}

// WaitsForEver is a workflow of cached_runs_test.cpp.
TEST(WorkerOptionsTest, RefusesAVersionedWorkerWhoseWorkflowsDoNotSayWhatAVersionMeans) {
    auto options = versioned({.version = {.deployment_name = "shop", .build_id = "v1"}});
    EXPECT_THAT(
        [&] { options.validate(); },
        ThrowsMessage<ConfigurationError>(AllOf(
            HasSubstr("'orders'"), HasSubstr("'WaitsForEver'"), HasSubstr("versioning(Pinned)")
        ))
    );
    options.deployment->default_versioning_behavior = VersioningBehavior::Pinned;
    EXPECT_NO_THROW(options.validate());
}

TEST(WorkerOptionsTest, TakesWorkflowsWithoutABehaviourWhereVersionsAreOnlyTold) {
    auto options = versioned(
        {.version = {.deployment_name = "shop", .build_id = "v1"}, .use_worker_versioning = false}
    );
    EXPECT_NO_THROW(options.validate());
    options.deployment->default_versioning_behavior = VersioningBehavior::AutoUpgrade;
    EXPECT_THAT(
        [&] { options.validate(); },
        ThrowsMessage<ConfigurationError>(HasSubstr("use_worker_versioning is not"))
    );
}

TEST(WorkerOptionsTest, AsksForTheNameOfADeploymentButNotForABuildId) {
    auto options = versioned(
        {.version = {.build_id = "v1"}, .default_versioning_behavior = VersioningBehavior::Pinned}
    );
    EXPECT_THAT(
        [&] { options.validate(); },
        ThrowsMessage<ConfigurationError>(HasSubstr("deployment_name is empty"))
    );
    options.deployment->version = {.deployment_name = "shop"};
    EXPECT_NO_THROW(options.validate());
}

TEST(ExecutableBuildId, IsInHexadecimalAndTheSameEachTime) {
    const std::string id = executable_build_id();
    EXPECT_THAT(id, ::testing::MatchesRegex("([0-9a-f][0-9a-f])+"));
    EXPECT_EQ(executable_build_id(), id);
}

struct WrongOption {
    const char* what;
    void (*set)(WorkerOptions&);
};
void PrintTo(const WrongOption& wrong, std::ostream* out) {
    *out << wrong.what;
}

class WrongOptionTest : public testing::TestWithParam<WrongOption> {};

TEST_P(WrongOptionTest, IsRefusedByItsName) {
    WorkerOptions options;
    options.task_queue = "orders";
    GetParam().set(options);
    EXPECT_THAT(
        [&] { options.validate(); },
        ThrowsMessage<ConfigurationError>(AllOf(HasSubstr("'orders'"), HasSubstr(GetParam().what)))
    );
}

INSTANTIATE_TEST_SUITE_P(
    All,
    WrongOptionTest,
    testing::Values(
        WrongOption{
            "max_activities_per_second", [](auto& o) { o.max_activities_per_second = 0.0; }
        },
        WrongOption{
            "max_task_queue_activities_per_second",
            [](auto& o) {
                o.max_task_queue_activities_per_second = std::numeric_limits<double>::infinity();
            }
        },
        WrongOption{
            "max_concurrent_nexus_tasks", [](auto& o) { o.max_concurrent_nexus_tasks = 0; }
        },
        WrongOption{
            "nexus_pollers.maximum", [](auto& o) { o.nexus_pollers = FixedPollers{.maximum = 0}; }
        },
        WrongOption{
            "activity_pollers.maximum",
            [](auto& o) { o.activity_pollers = FixedPollers{.maximum = 0}; }
        },
        WrongOption{
            "workflow_pollers.maximum must be at least 2",
            [](auto& o) { o.workflow_pollers = FixedPollers{.maximum = 1}; }
        },
        WrongOption{
            "workflow_pollers.minimum",
            [](auto& o) { o.workflow_pollers = AutoscalingPollers{.minimum = 0}; }
        },
        WrongOption{
            "activity_pollers.initial",
            [](auto& o) { o.activity_pollers = AutoscalingPollers{.maximum = 4, .initial = 5}; }
        },
        WrongOption{
            "nonsticky_to_sticky_poll_ratio",
            [](auto& o) { o.nonsticky_to_sticky_poll_ratio = 1.5F; }
        },
        WrongOption{
            "sticky_schedule_to_start_timeout",
            [](auto& o) { o.sticky_schedule_to_start_timeout = std::chrono::seconds{0}; }
        },
        WrongOption{
            "max_heartbeat_throttle_interval",
            [](auto& o) { o.max_heartbeat_throttle_interval = std::chrono::seconds{-1}; }
        },
        WrongOption{
            "default_heartbeat_throttle_interval",
            [](auto& o) { o.default_heartbeat_throttle_interval = std::chrono::seconds{0}; }
        }
    )
);

TEST(WorkerOptionsTest, RefusesANegativeDeadlockTimeout) {
    WorkerOptions options;
    options.deadlock_timeout = std::chrono::milliseconds{-1};
    EXPECT_THAT(
        [&] { options.validate(); },
        ThrowsMessage<ConfigurationError>(HasSubstr("deadlock_timeout must not be negative"))
    );
    options.deadlock_timeout = std::chrono::milliseconds{0};
    EXPECT_NO_THROW(options.validate());
}

}  // namespace
}  // namespace hourglass
