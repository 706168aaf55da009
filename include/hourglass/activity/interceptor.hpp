#pragma once

#include "hourglass/activity/info.hpp"
#include "hourglass/activity/task.hpp"
#include "hourglass/base/next.hpp"
#include "hourglass/convert/headers.hpp"
#include "hourglass/convert/payload.hpp"

#include <utility>

namespace hourglass::activity {

/// What an attempt's body gets. Of which activity, `activity::info()` says.
struct ExecuteActivityCall {
    Payloads arguments{};
    /// The body finds those of the call that reaches it in `activity::info().headers`, isolated or
    /// not. Until then those that came are there.
    Headers headers{};
};

/// Stands around the attempts of a worker's activities, local ones too.
/// @threads any, several attempts at once.
class ActivityInterceptor {
public:
    ActivityInterceptor() = default;
    ActivityInterceptor(const ActivityInterceptor&) = delete;
    ActivityInterceptor& operator=(const ActivityInterceptor&) = delete;
    virtual ~ActivityInterceptor() = default;

    /// An attempt: changes the call, goes on or not, looks at the result or at the exception. What
    /// it throws ends the attempt, as if the body had thrown it. It may be a coroutine that awaits
    /// the rest, on g++ 12 with a name:
    ///
    ///     Task<Payload> rest = next(std::move(call));
    ///     Payload result = co_await std::move(rest);
    ///
    /// Before the rest it runs on the thread that the body then runs on, after a coroutine that has
    /// waited perhaps on another one; `activity::info()` and its like work on each. `next` can be
    /// called until the returned Task has ended.
    ///
    /// Of an isolated activity it runs in the program, around what its process does, which gets the
    /// changed arguments and headers.
    virtual Task<Payload> execute_activity(
        ExecuteActivityCall call, Next<ExecuteActivityCall, Task<Payload>> next
    ) {
        return next(std::move(call));
    }

    /// The details of a heartbeat that the body sends, which it may change in place. If it throws,
    /// the heartbeat is not sent, and the log says so. Local activities have none.
    /// @threads the one that sends it; of an isolated activity one of the program.
    virtual void heartbeat(const Info& /*info*/, Payloads& /*details*/) {}
};

}  // namespace hourglass::activity
