#include "src/worker/running_attempts.hpp"

#include "tests/unit/activity/harness.hpp"

#include <gtest/gtest.h>

namespace hourglass::worker {
namespace {

std::string until_cancelled() {
    return activity::wait_for_cancellation() ? "cancelled" : "not cancelled";
}

/// Before its body began, or in it.
bool was_cancelled(const activity::ExecutionResult& result) {
    return result.has_cancelled() || activity::value_of<std::string>(result) == "cancelled";
}

class RunningAttemptsTest : public ::testing::Test {
protected:
    RunningAttemptsTest() { harness_.definitions.add<&until_cancelled>(); }

    activity::Harness harness_;
    RunningAttempts running_;
};

TEST_F(RunningAttemptsTest, HandACancellationToItsAttempt) {
    running_.announce("token");
    const auto attempt = harness_.start("until_cancelled");
    running_.started("token", attempt.attempt);
    running_.cancel("another", activity::Harness::cancellation());
    EXPECT_FALSE(attempt.attempt->ended());
    running_.cancel("token", activity::Harness::cancellation());
    EXPECT_TRUE(was_cancelled(attempt.result.get()));
}

TEST_F(RunningAttemptsTest, KeepACancellationThatComesBeforeTheAttemptHasStarted) {
    running_.announce("token");
    running_.cancel("token", activity::Harness::cancellation());
    const auto attempt = harness_.start("until_cancelled");
    running_.started("token", attempt.attempt);
    EXPECT_TRUE(was_cancelled(attempt.result.get()));
}

TEST_F(RunningAttemptsTest, ForgetAnAttemptThatEnded) {
    running_.announce("token");
    EXPECT_EQ(running_.size(), 1u);
    running_.remove("token");
    EXPECT_EQ(running_.size(), 0u);
    running_.cancel("token", activity::Harness::cancellation());
    EXPECT_EQ(running_.size(), 0u) << "nobody would ever take it out again";
}

}  // namespace
}  // namespace hourglass::worker
