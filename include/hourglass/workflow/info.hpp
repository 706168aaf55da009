#pragma once

#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/failures.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/priority.hpp"
#include "hourglass/convert/retry_policy.hpp"
#include "hourglass/convert/search_attributes.hpp"
#include "hourglass/convert/versioning.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::workflow {

/// A workflow execution, elsewhere.
struct ExecutionInfo {
    std::string workflow_namespace{};
    std::string workflow_id{};
    std::string run_id{};
};

/// Why the server advises to continue as new. Those that are newer than this code are Unspecified.
enum class ContinueAsNewReason : std::uint8_t {
    Unspecified,
    HistorySizeTooLarge,
    TooManyHistoryEvents,
    TooManyUpdates
};

/// What the workflow knows of itself. Durations that were not set when it was started are unset.
struct WorkflowInfo {
    std::string workflow_namespace{};
    std::string task_queue{};
    std::string workflow_type{};
    std::string workflow_id{};
    std::string run_id{};
    /// The first run of the chain that continue-as-new, retries and cron make.
    std::string first_execution_run_id{};
    /// The run before this one; empty in the first.
    std::string continued_run_id{};
    /// Of the run that this one was reset from; else run_id.
    std::string original_run_id{};
    /// From 1.
    int attempt = 1;
    std::optional<std::chrono::nanoseconds> execution_timeout{};
    std::optional<std::chrono::nanoseconds> run_timeout{};
    std::optional<std::chrono::nanoseconds> task_timeout{};
    std::optional<RetryPolicy> retry_policy{};
    std::string cron_schedule{};
    /// When the run was started.
    std::chrono::system_clock::time_point start_time{};
    /// Set in a child workflow.
    std::optional<ExecutionInfo> parent{};
    /// The workflow at the top of the tree of children; unset in that one. Its namespace is not
    /// known.
    std::optional<ExecutionInfo> root{};
    Priority priority{};
    std::map<std::string, Payload> memo{};
    SearchAttributes search_attributes{};
    std::map<std::string, Payload> headers{};
    /// What the run before this one returned, if it is a cron's or was continued.
    Payloads last_result{};
    /// What the run before this one failed with, if it is a retry or a cron's.
    FailureCause last_failure{};

    // As of the workflow task that is being worked on.
    /// In events.
    std::uint32_t history_length = 0;
    /// In bytes.
    std::uint64_t history_size = 0;
    /// The history has become so long that the server advises to continue as new.
    bool continue_as_new_suggested = false;
    /// Why; empty if the server does not say.
    std::vector<ContinueAsNewReason> continue_as_new_reasons{};
    /// Whether the server would run a new run on another deployment version than this pinned one.
    bool target_deployment_version_changed = false;
    /// Of the worker that works on the task, or that worked on it when it was done; unset if its
    /// worker has none.
    std::optional<WorkerDeploymentVersion> deployment_version{};
};

/// @throws OutsideWorkflowError
[[nodiscard]] const WorkflowInfo& info();

/// What the run before this one returned, if this is a cron's run or was continued; nothing
/// elsewhere. What it failed with is in info().last_failure.
/// @throws ConversionError if it is no T; OutsideWorkflowError
template <class T>
[[nodiscard]] std::optional<T> last_result() {
    const Payloads& result = info().last_result;
    return result.empty() ? std::nullopt : std::optional<T>{from_payload<T>(result.front())};
}

/// The workflow's time: when the workflow task that is being worked on was started. It stands still
/// between awaits.
/// @throws OutsideWorkflowError
[[nodiscard]] std::chrono::system_clock::time_point now();

/// Whether the code repeats what it did before, to get back to where it was. Nothing the workflow
/// does may depend on it.
/// @throws OutsideWorkflowError
[[nodiscard]] bool is_replaying();

/// The same without queries and validators that come while it is repeated: their answers are new.
/// @throws OutsideWorkflowError
[[nodiscard]] bool is_replaying_history_events();

/// Whether the code may only read: in a query, a validator or a condition.
/// @throws OutsideWorkflowError
[[nodiscard]] bool is_read_only();

}  // namespace hourglass::workflow
