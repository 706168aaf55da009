#include "src/activity/attempt.hpp"

#include "hourglass/convert/failures.hpp"
#include "tests/unit/activity/definitions_fixture.hpp"
#include "tests/unit/activity/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <optional>
#include <pthread.h>
#include <stdexcept>
#include <string>

namespace hourglass::activity {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

const std::string& failure_type(const ExecutionResult& result) {
    return result.failed().failure().application_failure_info().type();
}

class ActivityAttempt : public testing::Test {
protected:
    Harness harness_;
};

TEST_F(ActivityAttempt, CompletesWithWhatTheFunctionReturns) {
    harness_.definitions.add("add", [](int a, int b) { return a + b; });
    EXPECT_EQ(value_of<int>(harness_.run("add", 40, 2)), 42);
}

TEST_F(ActivityAttempt, CompletesWithNullForAFunctionThatReturnsNothing) {
    bool ran = false;
    harness_.definitions.add("note", [&ran] { ran = true; });
    const auto result = harness_.run("note");
    EXPECT_EQ(result.completed().result().metadata().at("encoding"), "binary/null");
    EXPECT_TRUE(ran);
}

TEST_F(ActivityAttempt, RunsAMemberFunctionOnTheObjectGiven) {
    harness_.definitions.add<&shop::Orders::charge>();
    harness_.objects.add(std::make_shared<shop::Orders>(7));
    EXPECT_EQ(value_of<std::string>(harness_.run("charge", "order", 3)), "order:21");
}

TEST_F(ActivityAttempt, FailsNamingTheClassIfNoObjectWasGiven) {
    harness_.definitions.add<&shop::Orders::charge>();
    harness_.objects.add(std::make_shared<std::string>());
    const auto result = harness_.run("charge", "order", 3);
    EXPECT_THAT(
        result.failed().failure().message(),
        AllOf(
            HasSubstr("'charge'"),
            HasSubstr("objects.add(std::make_shared<shop::Orders>"),
            HasSubstr("std::string")
        )
    );
}

TEST_F(ActivityAttempt, RunsTheDynamicActivityForATypeThatNobodyElseDefines) {
    harness_.definitions.add("add", [](int a, int b) { return a + b; });
    harness_.definitions.add_dynamic([](const Payloads& arguments) {
        return info().activity_type + ":" + std::to_string(arguments.size()) + ":" +
               from_payload<std::string>(arguments.at(1));
    });
    EXPECT_EQ(value_of<std::string>(harness_.run("anything", 40, "x")), "anything:2:x");
    EXPECT_EQ(value_of<int>(harness_.run("add", 40, 2)), 42);
}

TEST_F(ActivityAttempt, FailsNamingTheKnownTypesIfItsOwnIsUnknown) {
    harness_.definitions.add<&shop::fetch>().add<&shop::Orders::charge>();
    const auto result = harness_.run("chrage");
    EXPECT_EQ(failure_type(result), "NotFoundError");
    EXPECT_THAT(
        result.failed().failure().message(),
        AllOf(HasSubstr("'chrage'"), HasSubstr("'orders'"), HasSubstr("charge, fetch-page"))
    );
    EXPECT_FALSE(result.failed().failure().application_failure_info().non_retryable());
}

TEST_F(ActivityAttempt, FailsIfTheNumberOfArgumentsIsWrong) {
    harness_.definitions.add("add", [](int a, int b) { return a + b; });
    const auto result = harness_.run("add", 1);
    EXPECT_EQ(failure_type(result), "hourglass::ArgumentCountError");
    EXPECT_THAT(
        result.failed().failure().message(),
        AllOf(HasSubstr("'add'"), HasSubstr("2"), HasSubstr("1"))
    );
}

TEST_F(ActivityAttempt, FailsNamingTypeAndIndexIfAnArgumentCannotBeRead) {
    harness_.definitions.add("add", [](int a, int b) { return a + b; });
    const auto result = harness_.run("add", 1, "two");
    EXPECT_EQ(failure_type(result), "hourglass::ConversionError");
    EXPECT_THAT(
        result.failed().failure().message(),
        AllOf(HasSubstr("'add'"), HasSubstr("int"), HasSubstr("1"))
    );
}

TEST_F(ActivityAttempt, TakesATrailingOptionalAsMissing) {
    harness_.definitions.add("greet", [](std::string name, std::optional<std::string> greeting) {
        return greeting.value_or("hello") + " " + name;
    });
    EXPECT_EQ(value_of<std::string>(harness_.run("greet", "ada")), "hello ada");
}

TEST_F(ActivityAttempt, FailsNamingActivityAndTypeIfTheResultCannotBeEncoded) {
    harness_.definitions.add("ratio", [] { return std::numeric_limits<double>::quiet_NaN(); });
    const auto result = harness_.run("ratio");
    EXPECT_EQ(failure_type(result), "hourglass::ConversionError");
    EXPECT_THAT(
        result.failed().failure().message(),
        AllOf(HasSubstr("the result of activity 'ratio'"), HasSubstr("double"))
    );
    EXPECT_FALSE(result.failed().failure().application_failure_info().non_retryable());
}

TEST_F(ActivityAttempt, FailsWithTheApplicationErrorThatTheBodyThrows) {
    harness_.definitions.add("charge", []() -> int {
        throw ApplicationError{
            "no money",
            {.type = "Declined",
             .non_retryable = true,
             .details = encode_arguments(7),
             .next_retry_delay = 3s}
        };
    });
    const auto result = harness_.run("charge");
    const auto& failure = result.failed().failure();
    EXPECT_EQ(failure.message(), "no money");
    EXPECT_EQ(failure.application_failure_info().type(), "Declined");
    EXPECT_TRUE(failure.application_failure_info().non_retryable());
    EXPECT_EQ(failure.application_failure_info().next_retry_delay().seconds(), 3);
    EXPECT_EQ(failure.application_failure_info().details().payloads_size(), 1);
}

TEST_F(ActivityAttempt, FailsRetryablyWithTheNameOfAnyOtherException) {
    harness_.definitions.add("standard", [] { throw std::out_of_range{"too far"}; });
    harness_.definitions.add("number", [] { throw 42; });
    const auto standard = harness_.run("standard");
    EXPECT_EQ(standard.failed().failure().message(), "too far");
    EXPECT_EQ(failure_type(standard), "std::out_of_range");
    const auto number = harness_.run("number");
    EXPECT_EQ(failure_type(number), "int");
    EXPECT_FALSE(number.failed().failure().application_failure_info().non_retryable());
}

TEST_F(ActivityAttempt, IsAnsweredEvenIfTheBodyEndsItsThread) {
    harness_.definitions.add("exit", [] { pthread_exit(nullptr); });
    const auto result = harness_.run("exit");
    EXPECT_EQ(failure_type(result), "ThreadEnded");
}

TEST_F(ActivityAttempt, CompletesLaterIfTheBodySaysSo) {
    harness_.definitions.add("ask", [] {
        try {
            complete_async();
        } catch (const std::exception&) {
            ADD_FAILURE() << "a handler for standard exceptions must let it pass";
        }
    });
    EXPECT_TRUE(harness_.run("ask").has_will_complete_async());
}

TEST_F(ActivityAttempt, FailsIfALocalActivityIsToCompleteLater) {
    harness_.definitions.add("ask", [] { complete_async(); });
    auto task = Harness::task("ask");
    task.set_is_local(true);
    const auto result = harness_.start(task).result.get();
    EXPECT_THAT(result.failed().failure().message(), HasSubstr("local activity"));
}

TEST_F(ActivityAttempt, IsCancelledIfTheBodyLetsTheCancellationOut) {
    harness_.definitions.add("wait", [] { sleep(1h); });
    const auto running = harness_.start("wait");
    running.attempt->cancel(Harness::cancellation());
    const auto result = running.result.get();
    ASSERT_TRUE(result.has_cancelled());
    EXPECT_TRUE(result.cancelled().failure().has_canceled_failure_info());
    EXPECT_THAT(result.cancelled().failure().message(), HasSubstr("cancellation requested"));
}

TEST_F(ActivityAttempt, IsTriedAgainIfItIsLocalAndItsWorkerStops) {
    harness_.definitions.add("wait", [] { sleep(1h); });
    auto task = Harness::task("wait");
    task.set_is_local(true);
    const auto running = harness_.start(task);
    running.attempt->cancel(Harness::cancellation(coresdk::activity_task::WORKER_SHUTDOWN));
    EXPECT_EQ(failure_type(running.result.get()), "WorkerShutdown");
}

TEST_F(ActivityAttempt, IsCancelledIfThatWasRequestedBeforeItsWorkerStops) {
    Promise<void> both;
    harness_.definitions.add("wait", [asked = both.future()] {
        asked.get();
        sleep(1h);
    });
    const auto running = harness_.start("wait");
    while (harness_.pool->stats().running == 0) {
        std::this_thread::yield();
    }
    running.attempt->cancel(Harness::cancellation());
    running.attempt->cancel(Harness::cancellation(coresdk::activity_task::WORKER_SHUTDOWN));
    both.set_value();
    EXPECT_TRUE(running.result.get().has_cancelled());
}

TEST_F(ActivityAttempt, CompletesIfTheBodyFinishesInSpiteOfTheCancellation) {
    harness_.definitions.add("wait", [] { return wait_for_cancellation() ? 1 : 0; });
    const auto running = harness_.start("wait");
    while (harness_.pool->stats().running == 0) {
        std::this_thread::yield();
    }
    running.attempt->cancel(Harness::cancellation());
    const auto result = running.result.get();
    // The body may not have begun yet: then it never does.
    EXPECT_TRUE(result.has_cancelled() || value_of<int>(result) == 1);
}

TEST_F(ActivityAttempt, IsCancelledForWhomItsCancellationWoke) {
    harness_.definitions.add("wait", [] {
        const bool woken = wait_for_cancellation();
        return woken == is_cancelled();
    });
    for (int i = 0; i < 200; ++i) {
        const auto running = harness_.start("wait");
        while (harness_.pool->stats().running == 0) {
            std::this_thread::yield();
        }
        running.attempt->cancel(Harness::cancellation());
        const auto result = running.result.get();
        ASSERT_TRUE(result.has_cancelled() || value_of<bool>(result)) << "in round " << i;
    }
}

TEST_F(ActivityAttempt, IsNotBegunIfItWasCancelledBefore) {
    harness_.pool = std::make_shared<ThreadPool>(ThreadPoolOptions{.max_threads = 1});
    Promise<void> go_on;
    harness_.definitions.add("first", [wait = go_on.future()] { wait.get(); });
    harness_.definitions.add("second", [] { FAIL() << "begun"; });
    const auto first = harness_.start("first");
    const auto second = harness_.start("second");
    second.attempt->cancel(Harness::cancellation());
    go_on.set_value();
    EXPECT_TRUE(second.result.get().has_cancelled());
    EXPECT_TRUE(first.result.get().has_completed());
}

TEST_F(ActivityAttempt, FailsIfTheBodyThrowsACancellationThatNobodyAskedFor) {
    harness_.definitions.add("moody", [] { throw CancelledError{}; });
    EXPECT_TRUE(harness_.run("moody").has_failed());
}

struct ReasonCase {
    coresdk::activity_task::ActivityCancelReason reason;
    bool cancelled;
    std::string failure_type;
};

class ActivityCancellationReason : public testing::TestWithParam<ReasonCase> {};

TEST_P(ActivityCancellationReason, DecidesHowABodyThatLetsItOutHasEnded) {
    Harness harness;
    harness.definitions.add("wait", [] { sleep(1h); });
    const auto running = harness.start("wait");
    running.attempt->cancel(Harness::cancellation(GetParam().reason));
    const auto result = running.result.get();
    EXPECT_EQ(result.has_cancelled(), GetParam().cancelled);
    EXPECT_EQ(failure_type(result), GetParam().failure_type);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    ActivityCancellationReason,
    testing::Values(
        ReasonCase{coresdk::activity_task::CANCELLED, true, ""},
        ReasonCase{coresdk::activity_task::WORKER_SHUTDOWN, false, "WorkerShutdown"},
        ReasonCase{coresdk::activity_task::NOT_FOUND, false, ""},
        ReasonCase{coresdk::activity_task::TIMED_OUT, false, ""},
        ReasonCase{coresdk::activity_task::PAUSED, false, "ActivityPause"},
        ReasonCase{coresdk::activity_task::RESET, false, "ActivityReset"}
    )
);

TEST_F(ActivityAttempt, FailsIfNoThreadCanBeHad) {
    harness_.pool = std::make_shared<ThreadPool>(
        ThreadPoolOptions{.spawn = [](std::function<void()>) -> std::thread {
            throw std::system_error{std::make_error_code(std::errc::resource_unavailable_try_again)
            };
        }}
    );
    harness_.definitions.add<&shop::fetch>();
    const auto running = harness_.start("fetch-page", "x");
    ASSERT_TRUE(running.result.ready());
    EXPECT_EQ(failure_type(running.result.get()), "NoThread");
}

TEST_F(ActivityAttempt, FailsIfThePoolStopsBeforeItsTurn) {
    harness_.pool = std::make_shared<ThreadPool>(ThreadPoolOptions{.max_threads = 1});
    Promise<void> go_on;
    harness_.definitions.add("first", [wait = go_on.future()] { wait.get(); });
    const auto first = harness_.start("first");
    const auto second = harness_.start("first");
    while (harness_.pool->stats().running == 0) {
        std::this_thread::yield();
    }
    EXPECT_EQ(harness_.pool->shutdown(0ns).size(), 1U);
    EXPECT_EQ(failure_type(second.result.get()), "WorkerShutdown");
    EXPECT_FALSE(first.attempt->ended());
    go_on.set_value();
    EXPECT_TRUE(first.result.get().has_completed());
    EXPECT_TRUE(first.attempt->ended());
}

TEST_F(ActivityAttempt, BearsACancellationAfterItsEnd) {
    harness_.definitions.add<&shop::fetch>();
    const auto running = harness_.start("fetch-page", "x");
    running.result.wait();
    running.attempt->cancel(Harness::cancellation());
    EXPECT_FALSE(running.attempt->is_cancelled());
}

TEST_F(ActivityAttempt, LivesUntilItHasAnsweredAndNoLonger) {
    Promise<void> go_on;
    harness_.definitions.add("wait", [wait = go_on.future()] { wait.get(); });
    auto running = harness_.start("wait");
    const std::weak_ptr<Attempt> attempt = running.attempt;
    running.attempt.reset();
    EXPECT_FALSE(attempt.expired());
    go_on.set_value();
    running.result.wait();
    harness_.pool->shutdown(60s);
    EXPECT_TRUE(attempt.expired());
}

}  // namespace
}  // namespace hourglass::activity
