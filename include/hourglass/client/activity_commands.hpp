#pragma once

#include "hourglass/convert/priority.hpp"
#include "hourglass/convert/retry_policy.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace hourglass {

/// How a standalone activity that was paused goes on.
struct UnpauseActivityOptions {
    std::string reason = {};
    /// The attempt starts at some moment within this time instead of at once; > 0 ms.
    std::optional<std::chrono::milliseconds> jitter = {};
};

/// How a standalone activity begins anew: its attempts count from 1 again.
struct ResetActivityOptions {
    /// A paused one stays paused.
    bool keep_paused = false;
    /// One that waits for its next attempt starts at some moment within this time instead of at
    /// once; > 0 ms.
    std::optional<std::chrono::milliseconds> jitter = {};
    /// Its options are those that it was started with.
    bool restore_original_options = false;
    /// Forgets the details of the last heartbeat, too.
    bool reset_heartbeat = false;
};

/// What can be changed in a running standalone activity. What is not set stays; of the timeouts and
/// the delay 0 ms takes away what was set.
struct ActivityOptionsUpdate {
    std::optional<std::string> task_queue = {};
    std::optional<std::chrono::milliseconds> schedule_to_close_timeout = {};
    std::optional<std::chrono::milliseconds> schedule_to_start_timeout = {};
    std::optional<std::chrono::milliseconds> start_to_close_timeout = {};
    std::optional<std::chrono::milliseconds> heartbeat_timeout = {};
    std::optional<RetryPolicy> retry_policy = {};
    std::optional<Priority> priority = {};
    /// From when the activity was scheduled.
    std::optional<std::chrono::milliseconds> start_delay = {};
};

/// The options of a standalone activity after a change.
struct ActivityExecutionOptions {
    std::string task_queue = {};
    std::optional<std::chrono::milliseconds> schedule_to_close_timeout = {};
    std::optional<std::chrono::milliseconds> schedule_to_start_timeout = {};
    std::optional<std::chrono::milliseconds> start_to_close_timeout = {};
    std::optional<std::chrono::milliseconds> heartbeat_timeout = {};
    RetryPolicy retry_policy = {};
    Priority priority = {};
    std::optional<std::chrono::milliseconds> start_delay = {};
};

}  // namespace hourglass
