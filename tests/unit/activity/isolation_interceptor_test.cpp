// Interceptors of activities whose bodies run in processes of their own.
#include "hourglass/activity/interceptor.hpp"
#include "hourglass/convert/failures.hpp"
#include "src/activity/isolation/failures.hpp"
#include "src/activity/isolation/server_handle.hpp"
#include "tests/unit/activity/harness.hpp"
#include "tests/unit/activity/isolated_bodies.hpp"
#include "tests/unit/activity/processes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <signal.h>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::activity {
namespace {

namespace bodies = isolated_bodies;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class IsolatedActivityWithInterceptors : public testing::Test {
protected:
    /// Each run says with a heartbeat that it has begun.
    void wait_until_begun(std::size_t runs) {
        ASSERT_TRUE(test::eventually([this, runs] { return harness_.heartbeats().size() == runs; })
        );
    }

    Harness harness_;
};

/// Adds to what goes in and to what comes out.
class Adds final : public ActivityInterceptor {
public:
    Task<Payload> execute_activity(
        ExecuteActivityCall call, Next<ExecuteActivityCall, Task<Payload>> next
    ) override {
        call.arguments.at(0) = to_payload(from_payload<int>(call.arguments.at(0)) + 100);
        Task<Payload> rest = next(std::move(call));
        Payload result = co_await std::move(rest);
        co_return to_payload(from_payload<int>(result) + 1000);
    }
};

TEST_F(IsolatedActivityWithInterceptors, HasItsInterceptorsInTheProgramAroundIt) {
    harness_.definitions.add<&bodies::add>("add", isolated);
    harness_.interceptors = {std::make_shared<Adds>()};
    EXPECT_EQ(value_of<int>(harness_.run("add", 40, 2)), 1142);
}

/// Sees what the body's process ended with.
class Sees final : public ActivityInterceptor {
public:
    Task<Payload> execute_activity(
        ExecuteActivityCall call, Next<ExecuteActivityCall, Task<Payload>> next
    ) override {
        std::exception_ptr error;
        Payload result;
        try {
            Task<Payload> rest = next(std::move(call));
            result = co_await std::move(rest);
        } catch (...) {
            error = std::current_exception();
        }
        if (error) {
            seen = to_text(*as_failure(error));
            std::rethrow_exception(error);
        }
        co_return result;
    }
    std::string seen;
};

TEST_F(IsolatedActivityWithInterceptors, ShowsItsInterceptorsItsCrashAndFailsWithItAsItWas) {
    const auto sees = std::make_shared<Sees>();
    harness_.interceptors = {sees};
    harness_.definitions.add<&bodies::segfault>(isolated);
    const auto result = harness_.run("segfault");
    EXPECT_EQ(
        result.failed().failure().application_failure_info().type(), "IsolatedActivityCrashed"
    );
    EXPECT_THAT(sees->seen, HasSubstr("SIGSEGV"));
}

/// Runs the body three times, the last time with what came.
class MarksAndAdds final : public ActivityInterceptor {
public:
    Task<Payload> execute_activity(
        ExecuteActivityCall call, Next<ExecuteActivityCall, Task<Payload>> next
    ) override {
        ExecuteActivityCall marked = call;
        marked.headers["mark"] = to_payload("one");
        Task<Payload> first = next(std::move(marked));
        Payload result = co_await std::move(first);
        said.push_back(from_payload<std::string>(result));
        ExecuteActivityCall added = call;
        added.arguments.at(0) = to_payload("added");
        Task<Payload> second = next(std::move(added));
        result = co_await std::move(second);
        said.push_back(from_payload<std::string>(result));
        Task<Payload> third = next(std::move(call));
        result = co_await std::move(third);
        said.push_back(from_payload<std::string>(result));
        co_return result;
    }
    std::vector<std::string> said;
};

TEST_F(IsolatedActivityWithInterceptors, GetsInEachRunWhatThisRunsCallHas) {
    const auto interceptor = std::make_shared<MarksAndAdds>();
    harness_.interceptors = {interceptor};
    harness_.definitions.add<&bodies::marked>(isolated);
    static_cast<void>(value_of<std::string>(harness_.run("marked", "came")));
    EXPECT_THAT(interceptor->said, ElementsAre("one, came", "no mark, added", "no mark, came"));
}

/// Runs the body again if its first run was killed.
class RunsAgain final : public ActivityInterceptor {
public:
    Task<Payload> execute_activity(
        ExecuteActivityCall call, Next<ExecuteActivityCall, Task<Payload>> next
    ) override {
        bool killed = false;
        Payload result;
        try {
            const ExecuteActivityCall first = call;
            Task<Payload> rest = next(first);
            result = co_await std::move(rest);
        } catch (const FailureError&) {
            killed = true;
        }
        if (killed) {
            Task<Payload> rest = next(std::move(call));
            result = co_await std::move(rest);
        }
        co_return result;
    }
};

TEST_F(IsolatedActivityWithInterceptors, DoesNotBeginAgainOnceItWasCancelled) {
    harness_.interceptors = {std::make_shared<RunsAgain>()};
    harness_.definitions.add<&bodies::ignore_cancellation>(isolated({.cancellation_grace = 2s}));
    const auto running = harness_.start("ignore_cancellation");
    wait_until_begun(1);
    running.attempt->cancel(Harness::cancellation());
    harness_.timers->advance(2s);
    EXPECT_TRUE(running.result.get().has_cancelled());
    EXPECT_EQ(harness_.heartbeats().size(), 1U);
    EXPECT_EQ(harness_.processes->count(), 0U) << "a process was asked, which may have begun";
}

TEST_F(IsolatedActivityWithInterceptors, HasTheWholeGraceInTheRunThatIsCancelled) {
    harness_.interceptors = {std::make_shared<RunsAgain>()};
    harness_.definitions.add<&bodies::ignore_cancellation>(isolated({.cancellation_grace = 2s}));
    const auto running = harness_.start("ignore_cancellation");
    wait_until_begun(1);
    for (const pid_t process : test::children_of(isolation::server_pid())) {
        ::kill(process, SIGKILL);
    }
    wait_until_begun(2);
    running.attempt->cancel(Harness::cancellation());
    harness_.timers->advance(1999ms);
    EXPECT_FALSE(running.result.ready());
    harness_.timers->advance(1ms);
    EXPECT_EQ(
        running.result.get().failed().failure().application_failure_info().type(),
        isolation::kIgnoredCancellation
    );
}

}  // namespace
}  // namespace hourglass::activity
