#include "src/client/callback_pool.hpp"

#include "tests/support/forked.hpp"

#include <gtest/gtest.h>

#include <future>
#include <map>
#include <string>
#include <vector>

namespace hourglass::client {
namespace {

using namespace std::chrono_literals;

/// Of real time: the pool has no other.
void let_pass(std::chrono::milliseconds time) {
    std::promise<void> over;
    CallbackPool clock;
    clock.post_after(time, [&over] { over.set_value(); });
    over.get_future().get();
}

TEST(CallbackPool, RunsWhatIsPosted) {
    CallbackPool pool;
    std::promise<int> ran;
    pool.post([&ran] { ran.set_value(7); });
    EXPECT_EQ(ran.get_future().get(), 7);
}

TEST(CallbackPool, RunsWhatIsToComeNeverNotAtOnce) {
    CallbackPool pool{1};
    bool too_early = false;
    std::promise<void> over;
    pool.post_after(std::chrono::milliseconds::max(), [&too_early] { too_early = true; });
    pool.post_after(1ms, [&over] { over.set_value(); });
    over.get_future().get();
    EXPECT_FALSE(too_early);
}

TEST(CallbackPool, AddsThreadsWhenJobsWaitForLaterJobs) {
    CallbackPool pool;
    std::promise<void> last;
    auto last_ran = last.get_future().share();
    std::vector<std::future<void>> ended;
    for (int i = 0; i < 10; ++i) {
        auto end = std::make_shared<std::promise<void>>();
        ended.push_back(end->get_future());
        pool.post([end, last_ran] {
            last_ran.wait();
            end->set_value();
        });
    }
    pool.post([&last] { last.set_value(); });
    for (auto& each : ended) {
        each.get();
    }
    EXPECT_GE(pool.threads(), 11U);
}

TEST(CallbackPool, FiresTimersThatAreDueWhileAllOtherThreadsAreBlocked) {
    CallbackPool pool;
    std::promise<void> fired;
    auto has_fired = fired.get_future().share();
    std::promise<void> ended;
    pool.post_after(1ms, [&fired] { fired.set_value(); });
    pool.post([&ended, has_fired] {
        has_fired.wait();
        ended.set_value();
    });
    ended.get_future().get();
}

// One thread watches a timer that is far off while the other one has a job, for so long that it may
// give up as soon as the other is back. A near timer wakes it: it must not go without leaving the
// timer to the other one, who would sleep on until it gives up itself.
TEST(CallbackPool, FiresATimerThatWokeAThreadWhichGaveUp) {
    static constexpr auto kIdle = 50ms;
    bool in_time = false;
    for (int attempt = 0; attempt < 5 && !in_time; ++attempt) {  // a busy machine may miss one
        CallbackPool pool{256, kIdle};
        pool.post_after(1h, [] {});
        std::promise<CallbackPool::Clock::time_point> job_ended;
        pool.post([&job_ended] {
            let_pass(kIdle + 5ms);
            job_ended.set_value(CallbackPool::Clock::now());
        });
        const auto other_gives_up = job_ended.get_future().get() + kIdle;
        let_pass(5ms);  // the other one is asleep, behind the first
        std::promise<CallbackPool::Clock::time_point> fired;
        pool.post_after(5ms, [&fired] { fired.set_value(CallbackPool::Clock::now()); });
        in_time = fired.get_future().get() < other_gives_up;
    }
    EXPECT_TRUE(in_time);
}

TEST(CallbackPool, FiresTimersInTheOrderInWhichTheyAreDue) {
    CallbackPool pool{1};
    std::string order;
    std::promise<void> all;
    const auto fire = [&](char name) {
        order += name;
        if (order.size() == 3) {
            all.set_value();
        }
    };
    // By the pool's own word, when each is due: a busy machine may take its time between two calls.
    std::map<CallbackPool::TimerId, char> due;
    const auto add = [&](std::chrono::milliseconds delay, char name) {
        const auto before = CallbackPool::Clock::now();
        const auto timer = pool.post_after(delay, [&fire, name] { fire(name); });
        EXPECT_GE(timer.first, before + delay);
        EXPECT_LE(timer.first, CallbackPool::Clock::now() + delay);
        due[timer] = name;
    };
    std::promise<void> begin;
    pool.post([begins = begin.get_future().share()] { begins.wait(); });
    add(20ms, 'c');
    add(10ms, 'b');
    add(0ms, 'a');
    begin.set_value();
    all.get_future().get();
    std::string expected;
    for (const auto& [timer, name] : due) {
        expected += name;
    }
    EXPECT_EQ(order, expected);
}

TEST(CallbackPool, ForgetsACancelledTimerAtOnce) {
    CallbackPool pool;
    auto held = std::make_shared<int>(1);
    const std::weak_ptr<int> watched = held;
    const auto timer = pool.post_after(1h, [held = std::move(held)] {});
    EXPECT_FALSE(watched.expired());
    pool.cancel(timer);
    EXPECT_TRUE(watched.expired());
    pool.cancel(timer);
}

TEST(CallbackPool, DropsAtItsEndWhatHasNotBegun) {
    auto held = std::make_shared<int>(1);
    const std::weak_ptr<int> watched = held;
    {
        CallbackPool pool;
        pool.post_after(1h, [held = std::move(held)] {});
    }
    EXPECT_TRUE(watched.expired());
}

#ifndef HOURGLASS_TEST_UNDER_TSAN
TEST(CallbackPool, WorksInAForkedChildToo) {
    std::promise<void> in_parent;
    CallbackPool::shared().post([&in_parent] { in_parent.set_value(); });
    in_parent.get_future().get();
    EXPECT_EQ(
        test::end_of(test::forked([] {
            std::promise<void> in_child;
            CallbackPool::shared().post([&in_child] { in_child.set_value(); });
            return in_child.get_future().wait_for(10s) == std::future_status::ready ? 0 : 1;
        })),
        "status 0"
    ) << "nobody ran the child's job";
}
#endif

}  // namespace
}  // namespace hourglass::client
