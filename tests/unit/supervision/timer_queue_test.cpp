#include "src/supervision/timer_queue.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace hourglass::supervision::detail {
namespace {

using namespace std::chrono_literals;

constexpr TimerQueue::TimePoint kStart{};

class TimerQueueTest : public ::testing::Test {
protected:
    /// Runs what is due at `now`, in the queue's order.
    std::string fired_until(TimerQueue::TimePoint now) {
        fired_.clear();
        while (auto fire = timers_.take_due(now)) {
            fire();
        }
        return fired_;
    }

    bool set(std::uint64_t id, TimerQueue::TimePoint deadline, char name) {
        return timers_.add(id, deadline, [this, name] { fired_ += name; });
    }

    TimerQueue timers_;
    std::string fired_;
};

TEST_F(TimerQueueTest, FiresInTheOrderOfDeadlinesAndThenOfSetting) {
    EXPECT_TRUE(set(1, kStart + 2s, 'c'));
    EXPECT_TRUE(set(2, kStart + 1s, 'a'));
    EXPECT_FALSE(set(3, kStart + 1s, 'b'));
    EXPECT_EQ(fired_until(kStart + 2s), "abc");
}

TEST_F(TimerQueueTest, FiresNothingBeforeItsTime) {
    set(1, kStart + 2s, 'a');
    EXPECT_EQ(timers_.next_deadline(), kStart + 2s);
    EXPECT_EQ(fired_until(kStart + 1s), "");
    EXPECT_EQ(fired_until(kStart + 2s), "a");
    EXPECT_EQ(timers_.next_deadline(), std::nullopt);
}

TEST_F(TimerQueueTest, CancelsWhatHasNotFired) {
    set(1, kStart + 1s, 'a');
    set(2, kStart + 1s, 'b');
    EXPECT_TRUE(timers_.cancel(1));
    EXPECT_EQ(fired_until(kStart + 1s), "b");
    EXPECT_FALSE(timers_.cancel(2)) << "it has fired";
}

}  // namespace
}  // namespace hourglass::supervision::detail
