#pragma once

#include "hourglass/workflow/cancellation.hpp"
#include "hourglass/workflow/detail/handle_awaiter.hpp"
#include "hourglass/workflow/spawn.hpp"
#include "hourglass/workflow/task.hpp"
#include "hourglass/workflow/timer.hpp"

#include <chrono>
#include <type_traits>
#include <utility>

namespace hourglass::workflow {

namespace detail {

/// Waits for the end of the operation, and cancels it when `limit` has passed.
/// @param own  whether it is a Task that belongs to who waits.
Task<void> wait_within(
    std::chrono::nanoseconds limit, Ref<Operation> operation, bool own, TimerOptions options
);

template <class T>
Task<T> run_within(std::chrono::nanoseconds limit, Task<T> task, TimerOptions options) {
    const auto state = start_task(std::move(task), true, "with_timeout()");
    co_await wait_within(limit, state, true, std::move(options));
    if constexpr (std::is_void_v<T>) {
        state->result();
    } else {
        co_return state->result();
    }
}

template <Handle H>
Task<typename H::Result> await_within(
    std::chrono::nanoseconds limit, H handle, TimerOptions options
) {
    if (!handle.ready()) {
        const Ref<Operation> operation{&handle.operation()};
        co_await wait_within(limit, operation, false, std::move(options));
    }
    if constexpr (std::is_void_v<typename H::Result>) {
        handle.result();
    } else {
        co_return handle.result();
    }
}

}  // namespace detail

/// The same Task in a cancellation scope of its own, which is cancelled when `limit` of the
/// workflow's time has passed: `co_await with_timeout(5min, pack(order))`. It waits for the Task's
/// end in any case, so that nothing is left running behind the caller's back.
///
/// The Task starts when this is awaited. What it gives or throws is given or thrown, but for the
/// cancellation if it lets that out: then TimeoutError is thrown, whose message names the limit.
/// @param limit  less than 1 ms counts as 1 ms.
template <class T>
Task<T> with_timeout(std::chrono::nanoseconds limit, Task<T> task, TimerOptions options = {}) {
    if (!task.valid()) {
        detail::reject_empty_task("with_timeout()");
    }
    return detail::run_within(limit, std::move(task), std::move(options));
}

/// The same for what has begun: an activity, a child workflow, a spawned Task. When the limit has
/// passed since this was awaited, it is cancelled as by its handle's cancel(), and waited for as
/// its cancellation_type says. If the scope of who waits is cancelled, it goes on where it was
/// started in another one.
template <detail::Handle H>
Task<typename H::Result> with_timeout(
    std::chrono::nanoseconds limit, H handle, TimerOptions options = {}
) {
    static_assert(
        requires { handle.cancel(); },
        "with_timeout() cancels what takes too long, and a start cannot be cancelled: give it the "
        "handle itself, or race() with a timer"
    );
    return detail::await_within(limit, std::move(handle), std::move(options));
}

template <class A, class Limit>
    requires(detail::Handle<std::remove_cvref_t<A>> || detail::kIsTask<std::remove_cvref_t<A>>)
auto with_timeout(A&& item, Limit limit) {
    static_assert(
        std::is_void_v<A>,
        "with_timeout() takes the limit first, and then what it is for: with_timeout(5min, work())"
    );
    return with_timeout(limit, std::forward<A>(item));
}

}  // namespace hourglass::workflow
