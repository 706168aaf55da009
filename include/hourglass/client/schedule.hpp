#pragma once

#include "hourglass/client/schedule_spec.hpp"
#include "hourglass/client/typed_calls.hpp"
#include "hourglass/client/workflow_status.hpp"
#include "hourglass/convert/in_context.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/priority.hpp"
#include "hourglass/convert/retry_policy.hpp"
#include "hourglass/convert/search_attributes.hpp"
#include "hourglass/convert/serialization_context.hpp"
#include "hourglass/convert/versioning.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hourglass {

namespace detail {

/// The schedule that a description was read from, as the server sent it. What the fields beside it
/// do not know, or say differently, is sent back from here.
struct ScheduleOrigin {
    std::shared_ptr<const std::string> serialized = {};

    /// Where a schedule comes from says nothing about what it is.
    bool operator==(const ScheduleOrigin&) const { return true; }
};

}  // namespace detail

/// The workflow that a schedule starts; made by `scheduled`.
struct ScheduledWorkflow {
    /// The server puts the time of the action behind it; required.
    std::string id = {};
    std::string task_queue = "default";
    std::optional<std::chrono::milliseconds> execution_timeout = {};
    std::optional<std::chrono::milliseconds> run_timeout = {};
    std::optional<std::chrono::milliseconds> task_timeout = {};
    std::optional<RetryPolicy> retry_policy = {};
    std::map<std::string, Payload> memo = {};
    SearchAttributes search_attributes = {};
    std::string static_summary = {};
    std::string static_details = {};
    Priority priority = {};
    std::optional<VersioningOverride> versioning_override = {};
    /// For interceptors, of whichever language runs the workflow.
    std::map<std::string, Payload> headers = {};
    /// The name of the workflow's type; required.
    std::string type = {};
    /// Encoded; a described schedule has them as the server keeps them.
    Payloads arguments = {};

    bool operator==(const ScheduledWorkflow&) const = default;
};

/// `scheduled<&Report::run>({.id = "report"}, "2024")`
/// @throws ConversionError if an argument cannot be encoded.
template <auto Run, class... A>
[[nodiscard]] ScheduledWorkflow scheduled(ScheduledWorkflow options, A&&... arguments) {
    detail::check_run<Run>();
    options.type = detail::kNameOfType<typename detail::TraitsOf<Run>::Class>;
    const detail::GivenContext whose{{.workflow_id = options.id, .workflow_type = options.type}};
    options.arguments = detail::encode_for_in<Run>(whose, std::forward<A>(arguments)...);
    return options;
}
/// By the name of the workflow's type.
template <class... A>
[[nodiscard]] ScheduledWorkflow scheduled(
    std::string type, ScheduledWorkflow options, A&&... arguments
) {
    options.type = std::move(type);
    const detail::GivenContext whose{{.workflow_id = options.id, .workflow_type = options.type}};
    options.arguments = detail::encode_arguments_in(whose, arguments...);
    return options;
}

/// What is done, when, and how.
struct Schedule {
    ScheduledWorkflow action = {};
    ScheduleSpec spec = {};
    SchedulePolicy policy = {};
    ScheduleState state = {};
    /// Set in schedules that the server sent. Leave it: with it an update loses nothing.
    detail::ScheduleOrigin origin = {};

    bool operator==(const Schedule&) const = default;
};

/// A part of the past, or of the future, whose actions are taken now.
struct ScheduleBackfill {
    std::chrono::system_clock::time_point start_at = {};
    std::chrono::system_clock::time_point end_at = {};
    ScheduleOverlapPolicy overlap = ScheduleOverlapPolicy::Unspecified;
};

struct CreateScheduleOptions {
    /// Acts once at once, besides the times of the spec.
    bool trigger_immediately = false;
    std::vector<ScheduleBackfill> backfill = {};
    /// Of the schedule itself, not of its workflows.
    std::map<std::string, Payload> memo = {};
    SearchAttributes search_attributes = {};
};

/// One time that a schedule acted.
struct ScheduleActionResult {
    std::chrono::system_clock::time_point scheduled_at = {};
    std::chrono::system_clock::time_point started_at = {};
    std::string workflow_id = {};
    std::string first_execution_run_id = {};
    WorkflowStatus status = WorkflowStatus::Unspecified;
};

/// A workflow of a schedule that runs.
struct ScheduledExecution {
    std::string workflow_id = {};
    std::string first_execution_run_id = {};
};

/// What the server knows of one schedule.
struct ScheduleDescription {
    std::string id = {};
    Schedule schedule = {};
    std::map<std::string, Payload> memo = {};
    SearchAttributes search_attributes = {};
    std::int64_t actions = 0;
    std::int64_t actions_missed_catchup_window = 0;
    std::int64_t actions_skipped_for_overlap = 0;
    std::int64_t actions_dropped_from_buffer = 0;
    std::int64_t buffered_actions = 0;
    std::vector<ScheduledExecution> running = {};
    std::vector<ScheduleActionResult> recent_actions = {};
    std::vector<std::chrono::system_clock::time_point> next_action_times = {};
    std::chrono::system_clock::time_point created_at = {};
    std::optional<std::chrono::system_clock::time_point> updated_at = {};
    /// Says which version of the schedule this is; an update of another one is refused.
    std::string conflict_token = {};
};

/// What a list knows of one schedule.
struct ScheduleListEntry {
    std::string id = {};
    std::string workflow_type = {};
    ScheduleSpec spec = {};
    std::string note = {};
    bool paused = false;
    std::map<std::string, Payload> memo = {};
    SearchAttributes search_attributes = {};
    std::vector<ScheduleActionResult> recent_actions = {};
    std::vector<std::chrono::system_clock::time_point> next_action_times = {};
};

/// What an updater gets, and changes.
struct ScheduleUpdate {
    /// As it is; what is changed here is sent back, the rest stays as it is.
    Schedule schedule = {};
    /// Replace all that the schedule has, if set.
    std::optional<SearchAttributes> search_attributes = {};
    /// So does this. Servers whose schedules are workflows refuse it, as 1.32 does unless told
    /// otherwise: RpcError (FailedPrecondition).
    std::optional<std::map<std::string, Payload>> memo = {};
    /// Nothing is to be changed after all.
    bool skip = false;
};

using ScheduleUpdater = std::function<void(ScheduleUpdate&)>;

}  // namespace hourglass
