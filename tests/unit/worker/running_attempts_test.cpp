#include "src/worker/running_attempts.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace hourglass::worker {
namespace {

using coresdk::activity_task::ActivityCancelReason;

class RunningAttemptsTest : public ::testing::Test {
protected:
    static RunningAttempts::Cancel because(ActivityCancelReason reason) {
        RunningAttempts::Cancel cancel;
        cancel.set_reason(reason);
        return cancel;
    }
    void start() {
        running_.started("token", [this](const RunningAttempts::Cancel& cancel) {
            told_.push_back(cancel.reason());
        });
    }

    RunningAttempts running_;
    std::vector<ActivityCancelReason> told_;
};

TEST_F(RunningAttemptsTest, HandACancellationToItsAttempt) {
    running_.announce("token");
    start();
    running_.cancel("another", because(coresdk::activity_task::PAUSED));
    EXPECT_TRUE(told_.empty());
    running_.cancel("token", because(coresdk::activity_task::CANCELLED));
    EXPECT_EQ(told_, std::vector{coresdk::activity_task::CANCELLED});
}

TEST_F(RunningAttemptsTest, KeepACancellationThatComesBeforeTheAttemptHasStarted) {
    running_.announce("token");
    running_.cancel("token", because(coresdk::activity_task::TIMED_OUT));
    start();
    EXPECT_EQ(told_, std::vector{coresdk::activity_task::TIMED_OUT});
}

TEST_F(RunningAttemptsTest, ForgetAnAttemptThatEnded) {
    running_.announce("token");
    EXPECT_EQ(running_.size(), 1u);
    running_.remove("token");
    EXPECT_EQ(running_.size(), 0u);
    running_.cancel("token", because(coresdk::activity_task::CANCELLED));
    EXPECT_EQ(running_.size(), 0u) << "nobody would ever take it out again";
}

}  // namespace
}  // namespace hourglass::worker
