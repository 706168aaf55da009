#include "hourglass/activity/task.hpp"
#include "hourglass/convert/failures.hpp"
#include "tests/unit/activity/definitions_fixture.hpp"
#include "tests/unit/activity/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::activity {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

void wait_until_one_sleeps(const ManualTimers& timers) {
    while (timers.pending() == 0) {
        std::this_thread::yield();
    }
}

Task<int> half(int n) {
    if (n % 2 != 0) {
        throw ApplicationError{"odd", {.type = "Odd"}};
    }
    co_return n / 2;
}

Task<int> quarter(int n) {
    const int once = co_await half(n);
    const int twice = co_await half(once);
    co_return twice;
}

Task<std::string> nap(std::chrono::seconds duration) {
    const std::string before = info().activity_id;
    co_await sleep_async(duration);
    co_return before + info().activity_id;
}

Task<void> nothing() {
    co_return;
}

Task<int> many(int rounds) {
    for (int round = 0; round < rounds; ++round) {
        co_await nothing();
    }
    co_return rounds;
}

Task<int> depth(int levels) {
    if (levels == 0) {
        co_return 0;
    }
    const int below = co_await depth(levels - 1);
    co_return below + 1;
}

Task<int> twice() {
    Task<int> task = half(2);
    const int first = co_await std::move(task);
    const int second = co_await std::move(task);  // NOLINT(bugprone-use-after-move): the mistake
    co_return first + second;
}

Task<std::string> settled_text(Future<std::string> answer) {
    const std::string text = co_await answer;
    co_return text + info().activity_id;
}

Task<std::string> text_or_broken(Future<int> answer) {
    std::string text;
    try {
        const int number = co_await answer;
        text = std::to_string(number);
    } catch (const BrokenPromiseError&) {
        text = "broken";
    }
    co_return text;
}

struct Guard {
    std::shared_ptr<std::string> seen;
    ~Guard() { *seen = in_activity() ? info().activity_id : "outside"; }
};

Task<void> guarded_nap(std::shared_ptr<std::string> seen) {
    const Guard guard{std::move(seen)};
    co_await sleep_async(10s);
    ADD_FAILURE() << "it must not go on";
}

class ActivityCoroutine : public testing::Test {
protected:
    Harness harness_;
};

TEST_F(ActivityCoroutine, CompletesWithWhatItReturns) {
    harness_.definitions.add<&quarter>();
    EXPECT_EQ(value_of<int>(harness_.run("quarter", 168)), 42);
}

TEST_F(ActivityCoroutine, CompletesWithNullIfItReturnsNothing) {
    harness_.definitions.add<&nothing>();
    EXPECT_EQ(
        harness_.run("nothing").completed().result().metadata().at("encoding"), "binary/null"
    );
}

TEST_F(ActivityCoroutine, FailsWithWhatATaskInsideThrows) {
    harness_.definitions.add<&quarter>();
    EXPECT_EQ(
        harness_.run("quarter", 6).failed().failure().application_failure_info().type(), "Odd"
    );
}

TEST_F(ActivityCoroutine, AwaitsManyTasksWithoutGrowingTheStack) {
    harness_.definitions.add<&many>().add<&depth>();
    EXPECT_EQ(value_of<int>(harness_.run("many", 100'000)), 100'000);
    EXPECT_EQ(value_of<int>(harness_.run("depth", 100'000)), 100'000);
}

TEST_F(ActivityCoroutine, SaysSoWhenItAwaitsATaskTwice) {
    harness_.definitions.add<&twice>();
    EXPECT_THAT(
        harness_.run("twice").failed().failure().message(), HasSubstr("A Task is awaited once")
    );
}

TEST_F(ActivityCoroutine, HoldsNoThreadWhileItSleeps) {
    harness_.pool = std::make_shared<ThreadPool>(ThreadPoolOptions{.max_threads = 1});
    harness_.definitions.add("nap", [] { return nap(10s); }).add<&shop::fetch>();
    const auto sleeping = harness_.start("nap");
    wait_until_one_sleeps(*harness_.timers);
    EXPECT_EQ(value_of<std::string>(harness_.run("fetch-page", "x")), "<x>");
    harness_.timers->advance(9s);
    EXPECT_FALSE(sleeping.result.ready());
    harness_.timers->advance(1s);
    EXPECT_EQ(value_of<std::string>(sleeping.result.get()), "77");
}

TEST_F(ActivityCoroutine, HasItsOwnContextAfterEachSuspension) {
    harness_.pool = std::make_shared<ThreadPool>(ThreadPoolOptions{.max_threads = 2});
    harness_.definitions.add("nap", [] { return nap(1s); });
    std::vector<Harness::Running> running;
    for (int i = 0; i < 20; ++i) {
        auto task = Harness::task("nap");
        task.set_activity_id(std::to_string(i));
        running.push_back(harness_.start(task));
    }
    while (harness_.timers->pending() < running.size()) {
        std::this_thread::yield();
    }
    harness_.timers->advance(1s);
    for (std::size_t i = 0; i < running.size(); ++i) {
        EXPECT_EQ(
            value_of<std::string>(running[i].result.get()), std::to_string(i) + std::to_string(i)
        );
    }
    EXPECT_FALSE(in_activity());
}

TEST_F(ActivityCoroutine, IsWokenFromItsSleepByACancellation) {
    harness_.definitions.add("nap", [] { return nap(10s); });
    const auto sleeping = harness_.start("nap");
    wait_until_one_sleeps(*harness_.timers);
    sleeping.attempt->cancel(Harness::cancellation());
    EXPECT_TRUE(sleeping.result.get().has_cancelled());
    EXPECT_EQ(harness_.timers->pending(), 0U);
}

TEST_F(ActivityCoroutine, AwaitsAFutureThatAnotherThreadSettles) {
    Promise<std::string> promise;
    harness_.definitions.add("wait", [answer = promise.future()] { return settled_text(answer); });
    const auto running = harness_.start("wait");
    std::thread settler{[&] { promise.set_value("settled"); }};
    EXPECT_EQ(value_of<std::string>(running.result.get()), "settled7");
    settler.join();
}

TEST_F(ActivityCoroutine, CanHandleWhatAFutureFailedWith) {
    auto promise = std::make_unique<Promise<int>>();
    harness_.definitions.add("wait", [answer = promise->future()] {
        return text_or_broken(answer);
    });
    const auto running = harness_.start("wait");
    promise.reset();
    EXPECT_EQ(value_of<std::string>(running.result.get()), "broken");
}

TEST_F(ActivityCoroutine, FailsIfItAwaitsNoOperation) {
    harness_.definitions.add("wait", []() -> Task<void> {
        const Future<void> none;
        co_await none;
    });
    EXPECT_THAT(
        harness_.run("wait").failed().failure().message(), HasSubstr("default-constructed")
    );
}

TEST_F(ActivityCoroutine, RunsAsAMemberFunctionAndKeepsItsObject) {
    harness_.definitions.add<&shop::Orders::refund>();
    harness_.objects.add(std::make_shared<shop::Orders>());
    EXPECT_EQ(value_of<int>(harness_.run("refund", 5)), -5);
}

TEST_F(ActivityCoroutine, MayBeALambdaWhoseCapturesLiveAsLongAsTheAttempt) {
    // NOLINTBEGIN(cppcoreguidelines-avoid-capturing-lambda-coroutines): that it works here is the
    // point
    harness_.definitions.add("nap", [text = std::string(100, 'x')]() -> Task<std::string> {
        co_await sleep_async(1s);
        co_return text;
    });
    // NOLINTEND(cppcoreguidelines-avoid-capturing-lambda-coroutines)
    const auto running = harness_.start("nap");
    wait_until_one_sleeps(*harness_.timers);
    harness_.definitions = {};
    harness_.timers->advance(1s);
    EXPECT_EQ(value_of<std::string>(running.result.get()), std::string(100, 'x'));
}

TEST_F(ActivityCoroutine, CompletesLaterIfItSaysSo) {
    harness_.definitions.add("ask", []() -> Task<int> {
        complete_async();
        co_return 1;
    });
    EXPECT_TRUE(harness_.run("ask").has_will_complete_async());
}

TEST_F(ActivityCoroutine, FailsIfItsResultCannotBeEncoded) {
    harness_.definitions.add("ratio", []() -> Task<double> {
        co_return std::numeric_limits<double>::infinity();
    });
    EXPECT_THAT(
        harness_.run("ratio").failed().failure().message(),
        HasSubstr("the result of activity 'ratio'")
    );
}

TEST_F(ActivityCoroutine, IsDestroyedAndAnsweredIfThePoolStoppedMeanwhile) {
    const auto seen = std::make_shared<std::string>();
    harness_.definitions.add("nap", [seen] { return guarded_nap(seen); });
    const auto sleeping = harness_.start("nap");
    wait_until_one_sleeps(*harness_.timers);
    EXPECT_TRUE(harness_.pool->shutdown(60s).empty());
    EXPECT_FALSE(sleeping.result.ready());
    harness_.timers->advance(10s);
    EXPECT_EQ(
        sleeping.result.get().failed().failure().application_failure_info().type(), "WorkerShutdown"
    );
    EXPECT_EQ(*seen, "7");
}

TEST(ActivityCoroutineOutside, CannotBeStartedOnceItWasMovedAway) {
    Task<void> task = nothing();
    const Task<void> moved = std::move(task);
    // NOLINTNEXTLINE(bugprone-use-after-move): that is the mistake
    EXPECT_THROW(task.start([] {}), ConfigurationError);
    bool finished = false;
    moved.start([&] { finished = true; });
    EXPECT_TRUE(finished);
}

TEST(ActivityCoroutineOutside, IsAClearErrorWhereItWouldWait) {
    Promise<int> never;
    const auto wait = [](Future<int> answer) -> Task<int> {
        const int number = co_await answer;
        co_return number;
    };
    const Task<int> task = wait(never.future());
    bool finished = false;
    task.start([&] { finished = true; });
    ASSERT_TRUE(finished);
    EXPECT_THAT(
        [&] { static_cast<void>(task.result()); },
        testing::ThrowsMessage<Error>(HasSubstr("outside of an attempt"))
    );
}

}  // namespace
}  // namespace hourglass::activity
