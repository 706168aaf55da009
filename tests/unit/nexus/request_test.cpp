#include "tests/support/log_lines.hpp"
#include "tests/unit/nexus/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <pthread.h>
#include <stdexcept>
#include <string>
#include <thread>

namespace hourglass::nexus {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;

class RequestTest : public ::testing::Test {
protected:
    template <class Callable>
    void handle_with(Callable callable) {
        harness_.services.add("greetings", "greet", std::move(callable));
    }
    /// What the caller is told when the handler throws that.
    template <class Error>
    std::string told_of(const Error& error) {
        Harness harness;
        harness.services.add("greetings", "greet", [error] { throw error; });
        return error_in(harness.call("greet"));
    }

    Harness harness_;
};

TEST_F(RequestTest, AnswersWithTheResult) {
    handle_with([](const std::string& name) { return "hello, " + name; });
    const auto completion = harness_.call("greet", std::string{"ada"});
    EXPECT_EQ(value_in<std::string>(completion), "hello, ada");
    EXPECT_EQ(completion.task_token(), "token");
}

TEST_F(RequestTest, TellsTheHandlerWhatIsKnown) {
    Info seen;
    handle_with([&seen] { seen = info(); });
    auto task = Harness::start_task("greet");
    task.mutable_request_deadline()->set_seconds(1'900'000'000);
    EXPECT_EQ(
        harness_.handle(task).completed().start_operation().sync_success().payload().metadata().at(
            "encoding"
        ),
        "binary/null"
    );
    EXPECT_EQ(seen.endpoint, "greetings-prod");
    EXPECT_EQ(seen.service, "greetings");
    EXPECT_EQ(seen.operation, "greet");
    EXPECT_EQ(seen.request_id, "request-1");
    EXPECT_EQ(seen.headers.at("tenant"), "blue");
    EXPECT_EQ(seen.workflow_namespace, "greeters");
    EXPECT_EQ(seen.task_queue, "greeters-queue");
    ASSERT_TRUE(seen.request_deadline.has_value());
    EXPECT_EQ(*seen.request_deadline, std::chrono::system_clock::time_point{1'900'000'000s});
}

TEST_F(RequestTest, OutsideOfAHandlerNothingIsKnown) {
    EXPECT_FALSE(in_operation());
    EXPECT_THROW(static_cast<void>(info()), Error);
    EXPECT_THROW(static_cast<void>(Context::current()), Error);
}

TEST_F(RequestTest, AThreadOfTheHandlersTakesTheContextAlong) {
    handle_with([] {
        const auto context = Context::current();
        std::string operation;
        std::thread{[&] {
            context.run([&] { operation = info().operation + (in_operation() ? "!" : "?"); });
        }}.join();
        return operation;
    });
    EXPECT_EQ(value_in<std::string>(harness_.call("greet")), "greet!");
}

TEST_F(RequestTest, AnOperationThatFailsIsOneThatIsOver) {
    handle_with([](bool cancelled) {
        throw OperationError{
            "sold out", cancelled ? OperationEnd::Cancelled : OperationEnd::Failed
        };
    });
    const auto failed = harness_.call("greet", false).completed().start_operation();
    EXPECT_EQ(failed.failure().message(), "sold out");
    EXPECT_EQ(failed.failure().application_failure_info().type(), "OperationError");
    EXPECT_TRUE(failed.failure().application_failure_info().non_retryable());
    const auto cancelled = harness_.call("greet", true).completed().start_operation();
    EXPECT_TRUE(cancelled.failure().has_canceled_failure_info());
    EXPECT_EQ(cancelled.failure().message(), "sold out");
}

TEST_F(RequestTest, AHandlersErrorIsTheCallersAsItIs) {
    EXPECT_EQ(told_of(HandlerError{"no ada", ErrorType::NotFound}), "NOT_FOUND: no ada");
    EXPECT_EQ(
        told_of(HandlerError{"later", ErrorType::NotFound, true}), "NOT_FOUND retryable: later"
    );
    EXPECT_EQ(
        told_of(HandlerError{"never", ErrorType::Unavailable, false}),
        "UNAVAILABLE non-retryable: never"
    );
}

TEST_F(RequestTest, OtherErrorsAreTheHandlersOwn) {
    const test::LogLines lines;
    EXPECT_EQ(told_of(std::runtime_error{"bug"}), "INTERNAL: the operation's handler failed");
    EXPECT_EQ(told_of(7), "INTERNAL: the operation's handler failed");
    EXPECT_EQ(
        told_of(ApplicationError{"try again"}), "INTERNAL retryable: the operation's handler failed"
    );
    EXPECT_EQ(
        told_of(ApplicationError{"do not", {.non_retryable = true}}),
        "INTERNAL non-retryable: the operation's handler failed"
    );
    EXPECT_EQ(told_of(CancelledError{}), "INTERNAL: the operation's handler failed")
        << "nobody has cancelled it";
    EXPECT_EQ(lines.positions_of({"the handler of a Nexus operation failed", "bug"}).size(), 1U);
}

TEST_F(RequestTest, TheErrorThatWasThrownIsTheCause) {
    handle_with([] { throw std::runtime_error{"bug"}; });
    EXPECT_EQ(harness_.call("greet").failure().cause().message(), "bug");
}

TEST_F(RequestTest, AnErrorThatCannotBeToldIsAnsweredAllTheSame) {
    struct Mute final : std::exception {
        [[nodiscard]] const char* what() const noexcept override { return nullptr; }
    };
    handle_with([] { throw Mute{}; });
    const auto running = harness_.start(Harness::start_task("greet"));
    ASSERT_TRUE(running.completion.wait_for(60s));
    EXPECT_TRUE(running.completion.get().has_failure());
}

TEST_F(RequestTest, AnAnswerThatCannotBeHandedOnIsReplacedByOneThatCan) {
    const test::LogLines lines;
    handle_with([] { return 7; });
    std::promise<Request::Completion> handed_on;
    int tried = 0;
    const auto request = Request::start(
        std::make_shared<const Harness::Task>(Harness::start_task("greet")),
        std::make_shared<const Services>(harness_.services),
        {.pool = harness_.pool,
         .client = hourglass::detail::make_context(harness_.channel, harness_.client)},
        [&](Request::Completion completion) {
            if (++tried == 1) {
                throw 7;  // not even a std::exception
            }
            handed_on.set_value(std::move(completion));
        }
    );
    EXPECT_THAT(error_in(handed_on.get_future().get()), StartsWith("UNAVAILABLE: "));
    EXPECT_EQ(lines.count("could not be handed on"), 1U);
}

TEST_F(RequestTest, ErrorsOfCallsKeepTheirMeaning) {
    const auto told = [this](RpcCode code) {
        std::string text = told_of(RpcError{code, "no"});
        return text.substr(0, text.find(':'));
    };
    EXPECT_EQ(told(RpcCode::InvalidArgument), "BAD_REQUEST");
    EXPECT_EQ(told(RpcCode::AlreadyExists), "INTERNAL non-retryable");
    EXPECT_EQ(told(RpcCode::FailedPrecondition), "INTERNAL non-retryable");
    EXPECT_EQ(told(RpcCode::OutOfRange), "INTERNAL non-retryable");
    EXPECT_EQ(told(RpcCode::Aborted), "UNAVAILABLE");
    EXPECT_EQ(told(RpcCode::Unavailable), "UNAVAILABLE");
    EXPECT_EQ(told(RpcCode::NotFound), "NOT_FOUND");
    EXPECT_EQ(told(RpcCode::ResourceExhausted), "RESOURCE_EXHAUSTED");
    EXPECT_EQ(told(RpcCode::Unimplemented), "NOT_IMPLEMENTED");
    EXPECT_EQ(told(RpcCode::DeadlineExceeded), "UPSTREAM_TIMEOUT");
    EXPECT_EQ(told(RpcCode::PermissionDenied), "INTERNAL");
    EXPECT_EQ(told(RpcCode::Unauthenticated), "INTERNAL");
    EXPECT_EQ(told(RpcCode::Cancelled), "INTERNAL");
    EXPECT_EQ(told(RpcCode::Unknown), "INTERNAL");
    EXPECT_EQ(told(RpcCode::DataLoss), "INTERNAL");
}

TEST_F(RequestTest, WhatIsNotRegisteredIsNotFound) {
    EXPECT_THAT(error_in(harness_.call("greet")), StartsWith("NOT_FOUND: Nexus service"));
    handle_with([] {});
    EXPECT_THAT(
        error_in(harness_.handle(Harness::start_task("insult"))), HasSubstr("no operation 'insult'")
    );
    EXPECT_THAT(
        error_in(harness_.handle(Harness::cancel_task("insult", "token"))),
        HasSubstr("no operation 'insult'")
    );
}

TEST_F(RequestTest, AnInputThatDoesNotFitIsABadRequest) {
    handle_with([](int number) { return number; });
    EXPECT_EQ(
        error_in(harness_.call("greet", std::string{"seven"})),
        "BAD_REQUEST non-retryable: the input does not fit the operation"
    );
}

TEST_F(RequestTest, AHandlerThatObeysItsCancellationIsNotAskedFor) {
    std::promise<void> begun;
    handle_with([&begun] {
        begun.set_value();
        std::promise<void> stopped;
        const std::stop_callback tell{cancellation(), [&stopped] { stopped.set_value(); }};
        stopped.get_future().wait();
        throw_if_cancelled();
    });
    const auto timed_out = harness_.start(Harness::start_task("greet"));
    begun.get_future().wait();
    timed_out.request->cancel(CancellationReason::TimedOut);
    timed_out.request->cancel(CancellationReason::WorkerShutdown);  // too late to matter
    const auto completion = timed_out.completion.get();
    EXPECT_TRUE(completion.ack_cancel()) << completion.ShortDebugString();

    begun = std::promise<void>{};
    const auto stopped = harness_.start(Harness::start_task("greet"));
    begun.get_future().wait();
    stopped.request->cancel(CancellationReason::WorkerShutdown);
    EXPECT_THAT(error_in(stopped.completion.get()), StartsWith("UNAVAILABLE: the worker stopped"));
}

TEST_F(RequestTest, AHandlerThatIsDoneAnywayHasItsResultSent) {
    std::promise<void> begun;
    std::promise<void> go_on;
    handle_with([&] {
        begun.set_value();
        go_on.get_future().wait();
        return cancellation_reason() == CancellationReason::TimedOut && is_cancelled() ? 7 : 0;
    });
    const auto running = harness_.start(Harness::start_task("greet"));
    begun.get_future().wait();
    running.request->cancel(CancellationReason::TimedOut);
    go_on.set_value();
    EXPECT_EQ(value_in<int>(running.completion.get()), 7);
}

TEST_F(RequestTest, TheEndOfTheWorkerIsAnnounced) {
    handle_with([] {
        std::promise<void> told;
        const std::stop_callback tell{worker_shutdown(), [&told] { told.set_value(); }};
        told.get_future().wait();
        return is_cancelled();
    });
    const auto running = harness_.start(Harness::start_task("greet"));
    harness_.worker_shutdown.request_stop();
    EXPECT_FALSE(value_in<bool>(running.completion.get()));
}

TEST_F(RequestTest, WithoutAThreadTheCallerIsToAskAgain) {
    handle_with([] {});
    harness_.pool->shutdown(0s);
    EXPECT_THAT(error_in(harness_.call("greet")), StartsWith("UNAVAILABLE: the worker's pool"));
}

TEST_F(RequestTest, AHandlerThatEndsItsThreadIsAnswered) {
    handle_with([] { pthread_exit(nullptr); });
    EXPECT_THAT(error_in(harness_.call("greet")), StartsWith("UNAVAILABLE: the handler has ended"));
}

TEST_F(RequestTest, ARequestOfAKindThatIsUnknownIsNotImplemented) {
    coresdk::nexus::NexusTask task;
    task.mutable_task()->set_task_token("token");
    EXPECT_THAT(error_in(harness_.handle(task)), StartsWith("NOT_IMPLEMENTED"));
}

}  // namespace
}  // namespace hourglass::nexus
