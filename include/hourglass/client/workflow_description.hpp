#pragma once

#include "hourglass/client/workflow_status.hpp"
#include "hourglass/convert/failures.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/priority.hpp"
#include "hourglass/convert/search_attributes.hpp"
#include "hourglass/convert/versioning.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

/// What the server's index knows of one workflow execution; `list` yields these.
struct WorkflowExecution {
    std::string id = {};
    std::string run_id = {};
    std::string type = {};
    std::string task_queue = {};
    WorkflowStatus status = WorkflowStatus::Unspecified;
    std::chrono::system_clock::time_point start_time = {};
    /// When the first task is due: later than the start if a cron schedule, a retry or a start
    /// delay says so.
    std::optional<std::chrono::system_clock::time_point> execution_time = {};
    std::optional<std::chrono::system_clock::time_point> close_time = {};
    /// Events so far; 0 in a `list` of running executions, where the index does not know.
    std::int64_t history_length = 0;
    std::int64_t history_size_bytes = 0;
    /// Of the workflow that started it as a child; empty if none did.
    std::string parent_id = {};
    std::string parent_run_id = {};
    /// Of the first workflow of the family: itself if nobody started it as a child; empty from
    /// servers that do not tell it.
    std::string root_id = {};
    std::string root_run_id = {};
    /// The run that its chain of retries and continue-as-new began with.
    std::string first_run_id = {};
    std::map<std::string, Payload> memo = {};
    SearchAttributes search_attributes = {};
    Priority priority = {};
    /// On which version of its worker deployment it runs; none without worker versioning.
    std::optional<WorkerDeploymentVersion> deployment_version = {};
    std::optional<VersioningOverride> versioning_override = {};
};

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

/// What the server knows of one workflow execution.
struct WorkflowDescription : WorkflowExecution {
    std::vector<PendingActivity> pending_activities = {};
    std::string static_summary = {};
    std::string static_details = {};
    /// Whether somebody asked for cancellation.
    bool cancel_requested = false;
    /// The run that a reset of this one started; empty if it was not reset.
    std::string reset_run_id = {};
    /// What it was paused for, if it is.
    std::string pause_reason = {};
};

}  // namespace hourglass
