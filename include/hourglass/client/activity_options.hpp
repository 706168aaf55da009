#pragma once

#include "hourglass/client/workflow_description.hpp"
#include "hourglass/convert/failures.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/priority.hpp"
#include "hourglass/convert/retry_policy.hpp"
#include "hourglass/convert/search_attributes.hpp"
#include "hourglass/convert/versioning.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass {

/// Whether the id of a standalone activity may be used again after the execution that had it has
/// closed.
enum class ActivityIdReusePolicy : std::uint8_t {
    AllowDuplicate = 1,
    AllowDuplicateFailedOnly = 2,
    RejectDuplicate = 3,
};

/// What a start does when a standalone activity with this id is running.
enum class ActivityIdConflictPolicy : std::uint8_t { Fail = 1, UseExisting = 2 };

/// How a standalone activity is started: one that no workflow asked for.
struct StartActivityOptions {
    /// Unique among the namespace's running standalone activities; required.
    std::string id = {};
    std::string task_queue = "default";
    /// Of all attempts together. One of this and `start_to_close_timeout` is required.
    std::optional<std::chrono::milliseconds> schedule_to_close_timeout = {};
    /// Until a worker takes an attempt.
    std::optional<std::chrono::milliseconds> schedule_to_start_timeout = {};
    /// Of one attempt.
    std::optional<std::chrono::milliseconds> start_to_close_timeout = {};
    std::optional<std::chrono::milliseconds> heartbeat_timeout = {};
    /// What is unset is the server's to choose: it tries again for ever.
    std::optional<RetryPolicy> retry_policy = {};
    ActivityIdReusePolicy id_reuse_policy = ActivityIdReusePolicy::AllowDuplicate;
    ActivityIdConflictPolicy id_conflict_policy = ActivityIdConflictPolicy::Fail;
    /// The first attempt waits that long.
    std::optional<std::chrono::milliseconds> start_delay = {};
    SearchAttributes search_attributes = {};
    /// One line for user interfaces.
    std::string static_summary = {};
    /// Several lines for user interfaces, Markdown.
    std::string static_details = {};
    Priority priority = {};
};

/// How the result of a standalone activity is waited for.
struct ActivityResultOptions {
    /// None: for as long as it takes, outages of the server included.
    std::optional<std::chrono::milliseconds> timeout = {};
};

/// Where a standalone activity is in its life, with the server's names and numbers.
enum class ActivityStatus : std::uint8_t {
    Unspecified = 0,
    Running = 1,
    Completed = 2,
    Failed = 3,
    Canceled = 4,
    Terminated = 5,
    TimedOut = 6,
    Paused = 7,
};

/// "Running"; "Unspecified" for a number that this version does not know.
[[nodiscard]] std::string_view to_text(ActivityStatus status);

/// What the server's index knows of one standalone activity; a list yields these.
struct ActivityExecution {
    std::string id = {};
    std::string run_id = {};
    std::string type = {};
    std::string task_queue = {};
    ActivityStatus status = ActivityStatus::Unspecified;
    std::chrono::system_clock::time_point scheduled_time = {};
    std::optional<std::chrono::system_clock::time_point> close_time = {};
    SearchAttributes search_attributes = {};
};

/// What the server knows of one standalone activity.
struct ActivityDescription : ActivityExecution {
    /// Of the attempt, while the activity is running.
    PendingActivityState run_state = PendingActivityState::Unspecified;
    /// Counts from 1.
    int attempt = 0;
    std::optional<std::chrono::milliseconds> schedule_to_close_timeout = {};
    std::optional<std::chrono::milliseconds> schedule_to_start_timeout = {};
    std::optional<std::chrono::milliseconds> start_to_close_timeout = {};
    std::optional<std::chrono::milliseconds> heartbeat_timeout = {};
    RetryPolicy retry_policy = {};
    std::optional<std::chrono::system_clock::time_point> last_started_time = {};
    std::optional<std::chrono::system_clock::time_point> last_heartbeat_time = {};
    std::optional<std::chrono::system_clock::time_point> next_attempt_time = {};
    Payloads heartbeat_details = {};
    /// How the previous attempt failed; null if there was none.
    FailureCause last_failure = {};
    std::string last_worker_identity = {};
    /// What its cancellation was asked for with; empty if it was not.
    std::string cancel_reason = {};
    Priority priority = {};
    std::string static_summary = {};
    std::string static_details = {};
    /// As it was started with.
    Payloads arguments = {};
};

}  // namespace hourglass
