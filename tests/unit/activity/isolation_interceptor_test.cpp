// Interceptors of activities whose bodies run in processes of their own.
#include "hourglass/activity/interceptor.hpp"
#include "hourglass/convert/failures.hpp"
#include "tests/unit/activity/harness.hpp"
#include "tests/unit/activity/isolated_bodies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace hourglass::activity {
namespace {

namespace bodies = isolated_bodies;
using testing::HasSubstr;

class IsolatedActivityWithInterceptors : public testing::Test {
protected:
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

}  // namespace
}  // namespace hourglass::activity
