#pragma once

#include "hourglass/base/held.hpp"
#include "hourglass/workflow/task.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace hourglass::workflow {

/// Tested whenever something happened in the workflow: it must only read the workflow's state.
using Condition = std::function<bool()>;

struct WaitConditionOptions {
    /// Of the workflow's time; unset: as long as it takes.
    std::optional<std::chrono::nanoseconds> timeout{};
    /// One line about the timeout's timer for people who look at the history.
    detail::Held<std::string> summary{};
};

/// Waits until `condition()` is true; if it is already, without waiting.
/// @throws TimeoutError if `timeout` passed first; what the condition throws.
Task<void> wait_condition(Condition condition, WaitConditionOptions options = {});

/// Waits until `condition()` is true, no longer than `timeout` of the workflow's time.
/// @param summary  one line about the timer for people who look at the history.
/// @returns whether it became true in time.
Task<bool> wait_condition_for(
    std::chrono::nanoseconds timeout, Condition condition, std::string summary = {}
);

}  // namespace hourglass::workflow
