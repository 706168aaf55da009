#include "src/activity/timers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <mutex>
#include <vector>

namespace hourglass::activity {
namespace {

using namespace std::chrono_literals;

TEST(ActivityTimers, CallBackInTheOrderOfTheirTimes) {
    ThreadTimers timers;
    std::vector<int> order;
    std::latch all{3};
    const auto note = [&](int which) {
        return [&, which] {
            order.push_back(which);
            all.count_down();
        };
    };
    timers.after(2ms, note(3));
    timers.after(1ms, note(2));
    timers.after(0ms, note(1));
    all.wait();
    EXPECT_THAT(order, testing::ElementsAre(1, 2, 3));
}

TEST(ActivityTimers, ForgetWhatWasCancelled) {
    ThreadTimers timers;
    std::atomic<bool> called = false;
    timers.cancel(timers.after(1h, [&] { called = true; }));
    const auto first = timers.after(0ms, [] {});
    std::latch later{1};
    timers.after(1ms, [&] { later.count_down(); });
    later.wait();
    timers.cancel(first);
    EXPECT_FALSE(called);
}

TEST(ActivityTimers, DropWhatIsStillToComeAtTheirEnd) {
    const auto token = std::make_shared<int>(1);
    {
        ThreadTimers timers;
        timers.after(1h, [token] {});
        timers.after(std::chrono::nanoseconds::max(), [token] {});
    }
    EXPECT_EQ(token.use_count(), 1);
}

TEST(ActivityTimers, MayBeDestroyedByACallback) {
    std::latch over{1};
    auto timers = std::make_shared<ThreadTimers>();
    auto* const raw = timers.get();
    raw->after(0ms, [timers = std::move(timers), &over]() mutable {
        timers.reset();
        over.count_down();
    });
    over.wait();
}

}  // namespace
}  // namespace hourglass::activity
