#pragma once

#include "hourglass/base/parent_close_policy.hpp"
#include "hourglass/client/nexus_operation.hpp"
#include "hourglass/convert/failures.hpp"
#include "hourglass/convert/payload.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass {

/// The server's names and numbers.
enum class PendingActivityState : std::uint8_t {
    Unspecified = 0,
    Scheduled = 1,
    Started = 2,
    CancelRequested = 3,
    Paused = 4,
    PauseRequested = 5,
};

[[nodiscard]] std::string_view to_text(PendingActivityState state);

/// An activity that was scheduled and has not ended.
struct PendingActivity {
    std::string id = {};
    std::string type = {};
    PendingActivityState state = PendingActivityState::Unspecified;
    /// Counts from 1.
    int attempt = 0;
    /// 0: no limit.
    int maximum_attempts = 0;
    std::optional<std::chrono::system_clock::time_point> scheduled_time = {};
    std::optional<std::chrono::system_clock::time_point> last_started_time = {};
    std::optional<std::chrono::system_clock::time_point> last_heartbeat_time = {};
    std::optional<std::chrono::system_clock::time_point> next_attempt_time = {};
    Payloads heartbeat_details = {};
    /// How the previous attempt failed; null if there was none.
    FailureCause last_failure = {};
    std::string last_worker_identity = {};
};

/// A child workflow that has not ended, or was not started yet.
struct PendingChild {
    std::string id = {};
    /// Empty: not started yet.
    std::string run_id = {};
    std::string type = {};
    /// Of the event that asked for it.
    std::int64_t initiated_event_id = 0;
    ParentClosePolicy parent_close_policy = ParentClosePolicy::Terminate;
};

/// The server's names and numbers.
enum class PendingWorkflowTaskState : std::uint8_t { Unspecified = 0, Scheduled = 1, Started = 2 };

[[nodiscard]] std::string_view to_text(PendingWorkflowTaskState state);

/// The workflow task that waits for a worker, or is in the hands of one.
struct PendingWorkflowTask {
    PendingWorkflowTaskState state = PendingWorkflowTaskState::Unspecified;
    /// Counts from 1; the tasks before failed or timed out.
    int attempt = 0;
    std::optional<std::chrono::system_clock::time_point> scheduled_time = {};
    /// The same of its first attempt, or of the heartbeat that it goes on from.
    std::optional<std::chrono::system_clock::time_point> original_scheduled_time = {};
    std::optional<std::chrono::system_clock::time_point> started_time = {};
};

/// A Nexus operation of the workflow that has not ended.
struct PendingNexusOperation {
    std::string endpoint = {};
    std::string service = {};
    std::string operation = {};
    /// Of the event that scheduled it.
    std::int64_t scheduled_event_id = 0;
    PendingNexusOperationState state = PendingNexusOperationState::Unspecified;
    /// Of its start; counts from 1.
    int attempt = 0;
    std::optional<std::chrono::milliseconds> schedule_to_close_timeout = {};
    std::optional<std::chrono::milliseconds> schedule_to_start_timeout = {};
    std::optional<std::chrono::milliseconds> start_to_close_timeout = {};
    std::optional<std::chrono::system_clock::time_point> scheduled_time = {};
    std::optional<std::chrono::system_clock::time_point> last_attempt_time = {};
    std::optional<std::chrono::system_clock::time_point> next_attempt_time = {};
    /// How the previous attempt failed; null if there was none.
    FailureCause last_failure = {};
    /// Why no attempt is made at the moment; empty if one is.
    std::string blocked_reason = {};
    /// Empty before its start.
    std::string operation_token = {};
    /// None: nobody asked for it. Its reason is empty.
    std::optional<NexusCancellation> cancellation = {};
};

/// The server's names and numbers.
enum class CallbackState : std::uint8_t {
    Unspecified = 0,
    /// What it waits for has not come.
    Standby = 1,
    Scheduled = 2,
    BackingOff = 3,
    Failed = 4,
    Succeeded = 5,
    Blocked = 6,
};

[[nodiscard]] std::string_view to_text(CallbackState state);

/// Somebody who is told when the workflow, or an update of it, has come to its end: the caller of
/// the Nexus operation that the workflow is, for instance.
struct WorkflowCallback {
    /// Empty if it is no callback of Nexus.
    std::string url = {};
    /// Empty: it waits for the end of the workflow.
    std::string update_id = {};
    CallbackState state = CallbackState::Unspecified;
    /// So far.
    int attempt = 0;
    std::optional<std::chrono::system_clock::time_point> registered_at = {};
    std::optional<std::chrono::system_clock::time_point> last_attempt_time = {};
    std::optional<std::chrono::system_clock::time_point> next_attempt_time = {};
    FailureCause last_failure = {};
    /// Why no attempt is made at the moment; empty if one is.
    std::string blocked_reason = {};
};

}  // namespace hourglass
