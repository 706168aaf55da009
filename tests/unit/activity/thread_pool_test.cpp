#include "src/activity/thread_pool.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/base/future.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <mutex>
#include <pthread.h>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

namespace hourglass::activity {
namespace {

using namespace std::chrono_literals;

Job job(std::function<void()> run, std::function<void()> drop = [] {}) {
    return {.label = "body", .run = std::move(run), .drop = std::move(drop)};
}

TEST(ActivityThreadPool, RunsEveryJobOnce) {
    ThreadPool pool{{.max_threads = 4}};
    std::atomic<int> ran = 0;
    for (int i = 0; i < 1000; ++i) {
        ASSERT_TRUE(pool.post(job([&] { ++ran; })));
    }
    EXPECT_TRUE(pool.shutdown(60s).empty());
    EXPECT_EQ(ran, 1000);
}

TEST(ActivityThreadPool, StartsNoThreadBeforeThereIsWork) {
    const ThreadPool pool;
    EXPECT_EQ(pool.stats().threads, 0U);
}

TEST(ActivityThreadPool, RunsAsManyBodiesAtOnceAsItMayHaveThreads) {
    ThreadPool pool{{.max_threads = 3}};
    std::latch all_running{4};
    std::latch go_on{1};
    std::atomic<int> ran = 0;
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(pool.post(job([&] {
            all_running.count_down();
            go_on.wait();
            ++ran;
        })));
    }
    ASSERT_TRUE(pool.post(job([&] { ++ran; })));
    all_running.arrive_and_wait();
    EXPECT_EQ(pool.stats().threads, 3U);
    EXPECT_EQ(pool.stats().queued, 1U);
    go_on.count_down();
    EXPECT_TRUE(pool.shutdown(60s).empty());
    EXPECT_EQ(ran, 4);
}

TEST(ActivityThreadPool, UsesAnIdleThreadAgain) {
    ThreadPool pool;
    std::set<std::thread::id> threads;
    for (int i = 0; i < 50; ++i) {
        Promise<std::thread::id> ran;
        const auto on = ran.future();
        ASSERT_TRUE(pool.post(
            {.label = "body", .run = [&] { ran.set_value(std::this_thread::get_id()); }, .drop = {}}
        ));
        threads.insert(on.get());
        while (pool.stats().running != 0) {
            std::this_thread::yield();
        }
    }
    EXPECT_LE(threads.size(), 2U);
}

TEST(ActivityThreadPool, EndsIdleThreadsAfterAWhile) {
    ThreadPool pool{{.idle = 0ns}};
    for (int round = 0; round < 20; ++round) {
        std::latch ran{1};
        ASSERT_TRUE(pool.post(job([&] { ran.count_down(); })));
        ran.wait();
    }
    while (pool.stats().threads != 0) {
        std::this_thread::yield();
    }
}

TEST(ActivityThreadPool, NamesItsThreads) {
    ThreadPool pool{{.name = "a-name-that-is-too-long"}};
    Promise<std::string> name;
    const auto given = name.future();
    ASSERT_TRUE(pool.post({
        .label = "body",
        .run =
            [&] {
                char buffer[16] = {};
                pthread_getname_np(pthread_self(), buffer, sizeof buffer);
                name.set_value(buffer);
            },
        .drop = {},
    }));
    EXPECT_EQ(given.get(), "a-name-that-i-1");
    pool.shutdown(60s);
}

TEST(ActivityThreadPool, ReportsABodyThatDoesNotEndAndDropsWhatDidNotBegin) {
    std::latch running{1};
    std::latch go_on{1};
    std::latch over{1};
    std::atomic<bool> dropped = false;
    ThreadPool pool{{.max_threads = 1}};
    ASSERT_TRUE(pool.post({
        .label = "charge (7)",
        .run =
            [&] {
                running.count_down();
                go_on.wait();
                over.count_down();
            },
        .drop = {},
    }));
    ASSERT_TRUE(pool.post(job([] { FAIL() << "it was to be dropped"; }, [&] { dropped = true; })));
    running.wait();
    const auto left = pool.shutdown(0ns);
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].label, "charge (7)");
    EXPECT_GE(left[0].running_for, 0ns);
    EXPECT_TRUE(dropped);
    EXPECT_EQ(pool.shutdown(0ns).size(), 1U);
    go_on.count_down();
    over.wait();
    EXPECT_TRUE(pool.shutdown(60s).empty());
}

TEST(ActivityThreadPool, TakesNoJobAfterItsShutdown) {
    ThreadPool pool;
    pool.shutdown(0ns);
    EXPECT_FALSE(pool.post(job([] {})));
}

TEST(ActivityThreadPool, TakesJobsOfBodiesThatRunWhileItShutsDown) {
    ThreadPool pool;
    std::atomic<bool> followed = false;
    std::latch running{1};
    std::latch go_on{1};
    ASSERT_TRUE(pool.post(job([&] {
        running.count_down();
        go_on.wait();
        EXPECT_TRUE(pool.post(job([&] { followed = true; })));
    })));
    running.wait();
    std::thread stopper{[&] { EXPECT_TRUE(pool.shutdown(60s).empty()); }};
    go_on.count_down();
    stopper.join();
    EXPECT_TRUE(followed);
}

TEST(ActivityThreadPool, RefusesAJobIfItHasNoThreadAndGetsNone) {
    ThreadPool pool{{.spawn = [](std::function<void()>) -> std::thread {
        throw std::system_error{std::make_error_code(std::errc::resource_unavailable_try_again)};
    }}};
    EXPECT_FALSE(pool.post(job([] {})));
    EXPECT_EQ(pool.stats().queued, 0U);
}

TEST(ActivityThreadPool, RunsAJobLaterIfItGetsNoSecondThread) {
    std::atomic<int> spawned = 0;
    ThreadPool pool{{.spawn = [&](std::function<void()> body) {
        if (++spawned > 1) {
            throw std::system_error{std::make_error_code(std::errc::resource_unavailable_try_again)
            };
        }
        return std::thread{std::move(body)};
    }}};
    std::latch go_on{1};
    std::atomic<int> ran = 0;
    ASSERT_TRUE(pool.post(job([&] {
        go_on.wait();
        ++ran;
    })));
    while (pool.stats().running == 0) {
        std::this_thread::yield();
    }
    EXPECT_TRUE(pool.post(job([&] { ++ran; })));
    go_on.count_down();
    EXPECT_TRUE(pool.shutdown(60s).empty());
    EXPECT_EQ(ran, 2);
}

TEST(ActivityThreadPool, GoesOnAfterABodyThatThrewOrEndedItsThread) {
    ThreadPool pool{{.max_threads = 1}};
    std::atomic<bool> ran = false;
    ASSERT_TRUE(pool.post(job([] { throw 42; })));
    ASSERT_TRUE(pool.post(job([] { pthread_exit(nullptr); })));
    ASSERT_TRUE(pool.post(job([&] { ran = true; })));
    EXPECT_TRUE(pool.shutdown(60s).empty());
    EXPECT_TRUE(ran);
}

TEST(ActivityThreadPool, MustBeAllowedAThread) {
    EXPECT_THROW(ThreadPool{{.max_threads = 0}}, ConfigurationError);
}

TEST(ActivityThreadPool, IsUsedByManyThreadsAtOnce) {
    ThreadPool pool{{.max_threads = 4, .idle = 0ns}};
    std::atomic<int> ran = 0;
    std::vector<std::thread> posters;
    for (int p = 0; p < 4; ++p) {
        posters.emplace_back([&] {
            for (int i = 0; i < 250; ++i) {
                EXPECT_TRUE(pool.post(job([&] { ++ran; })));
            }
        });
    }
    for (auto& poster : posters) {
        poster.join();
    }
    EXPECT_TRUE(pool.shutdown(60s).empty());
    EXPECT_EQ(ran, 1000);
}

}  // namespace
}  // namespace hourglass::activity
