#pragma once

#include "hourglass/workflow/cancellation.hpp"
#include "hourglass/workflow/spawn.hpp"
#include "hourglass/workflow/task.hpp"
#include "hourglass/workflow/timer.hpp"

#include <chrono>
#include <type_traits>
#include <utility>

namespace hourglass::workflow {

namespace detail {

/// Waits for the end of the Task, and cancels it when `limit` has passed.
Task<void> wait_within(
    std::chrono::nanoseconds limit, Ref<TaskStateBase> task, TimerOptions options
);

template <class T>
Task<T> run_within(std::chrono::nanoseconds limit, Task<T> task, TimerOptions options) {
    const auto state = start_task(std::move(task), true, "with_timeout()");
    co_await wait_within(limit, state, std::move(options));
    if constexpr (std::is_void_v<T>) {
        state->result();
    } else {
        co_return state->result();
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

}  // namespace hourglass::workflow
