#include "src/subsystem/status_health.hpp"

#include <gtest/gtest.h>

namespace hourglass::subsystem {
namespace {

using Phase = TreeLife::Phase;

WorkerStatus worker(std::string queue, bool registered) {
    return {.task_queue = std::move(queue), .registered = registered};
}

TEST(Liveness, IsGoodUntilTheTreeGivesUp) {
    EXPECT_TRUE(liveness({.phase = Phase::Running}).good);
    EXPECT_TRUE(liveness({.phase = Phase::Stopping}).good);
    const Health gave_up = liveness({.phase = Phase::GaveUp, .reason = "too many restarts"});
    EXPECT_FALSE(gave_up.good);
    EXPECT_NE(gave_up.text.find("too many restarts"), std::string::npos);
}

TEST(Readiness, IsGoodWhenAllWorkersAreRegistered) {
    EXPECT_TRUE(readiness({}, {worker("a", true), worker("b", true)}).good);
    EXPECT_TRUE(readiness({}, {}).good) << "a process that should have no worker";
}

TEST(Readiness, NamesTheQueuesThatAreNotRegistered) {
    const Health health =
        readiness({}, {worker("a", true), worker("b", false), worker("c", false)});
    EXPECT_FALSE(health.good);
    EXPECT_EQ(health.text, "not registered with the server: task queue 'b', 'c'");
}

TEST(Readiness, EndsAsSoonAsTheTreeStops) {
    for (const Phase phase : {Phase::Stopping, Phase::GaveUp}) {
        EXPECT_FALSE(readiness({.phase = phase}, {worker("a", true)}).good) << to_text(phase);
    }
}

}  // namespace
}  // namespace hourglass::subsystem
