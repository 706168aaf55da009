#include "src/client/callback_pool.hpp"

#include "tests/support/forked.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <future>
#include <istream>
#include <map>
#include <memory>
#include <pthread.h>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace hourglass::client {
namespace {

using namespace std::chrono_literals;

/// As on a system at its limit.
class NoMoreThreads {
public:
    NoMoreThreads() {
        EXPECT_EQ(pthread_getattr_default_np(&before_), 0);
        pthread_attr_t huge;
        EXPECT_EQ(pthread_getattr_default_np(&huge), 0);
        EXPECT_EQ(pthread_attr_setstacksize(&huge, std::size_t{1} << 50), 0);
        EXPECT_EQ(pthread_setattr_default_np(&huge), 0);
        pthread_attr_destroy(&huge);
    }
    NoMoreThreads(const NoMoreThreads&) = delete;
    NoMoreThreads& operator=(const NoMoreThreads&) = delete;
    ~NoMoreThreads() {
        EXPECT_EQ(pthread_setattr_default_np(&before_), 0);
        pthread_attr_destroy(&before_);
    }

private:
    pthread_attr_t before_{};
};

/// How often threads that keep the time have gone to sleep, of all pools there are.
int sleeps() {
    int count = 0;
    for (const auto& task : std::filesystem::directory_iterator{"/proc/self/task"}) {
        std::string line;
        std::getline(std::ifstream{task.path() / "comm"} >> std::ws, line);
        if (line != "hg-client-time") {
            continue;
        }
        std::ifstream status{task.path() / "status"};
        while (std::getline(status, line)) {
            if (line.starts_with("voluntary_ctxt_switches:")) {
                count += std::stoi(line.substr(line.find(':') + 1));
            }
        }
    }
    return count;
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
    EXPECT_GE(pool.threads(), 12U);
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

TEST(CallbackPool, WakesNobodyForTimersThatAreCancelledBeforeTheyAreDue) {
    constexpr int kCalls = 1000;
    const int before = sleeps();
    CallbackPool pool;
    for (int call = 0; call < kCalls; ++call) {
        pool.cancel(pool.post_after(1h, [] {}));
    }
    EXPECT_LT(sleeps() - before, kCalls / 10);
    EXPECT_EQ(pool.threads(), 1U);
}

TEST(CallbackPool, FiresANearTimerThoughAFarOneIsWatched) {
    CallbackPool pool;
    pool.post_after(1h, [] {});
    for (int time = 0; time < 10; ++time) {  // after the first it is the far one that is watched
        std::promise<void> fired;
        pool.post_after(1ms, [&fired] { fired.set_value(); });
        fired.get_future().get();
    }
}

TEST(CallbackPool, DoesItsWorkOnTheThreadThatKeepsTimeIfThereIsNoOther) {
    CallbackPool pool;
    pool.post_after(1h, [] {});
    const NoMoreThreads limit;
    std::promise<void> fired;
    pool.post_after(1ms, [&fired] { fired.set_value(); });
    fired.get_future().get();
    std::promise<void> ran;
    pool.post([&ran] { ran.set_value(); });
    ran.get_future().get();
    EXPECT_EQ(pool.threads(), 1U);
}

TEST(CallbackPool, SaysThatTheSystemGivesItNoThreadAndKeepsNothing) {
    CallbackPool pool;
    const auto held = std::make_shared<int>(1);
    {
        const NoMoreThreads limit;
        EXPECT_THROW(pool.post([held] {}), std::system_error);
        EXPECT_THROW(pool.post_after(1ms, [held] {}), std::system_error);
        EXPECT_EQ(held.use_count(), 1);
    }
    std::promise<void> ran;
    pool.post([&ran] { ran.set_value(); });
    ran.get_future().get();
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
