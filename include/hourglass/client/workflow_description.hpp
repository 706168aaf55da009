#pragma once

#include "hourglass/client/pending_work.hpp"
#include "hourglass/client/workflow_status.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/priority.hpp"
#include "hourglass/convert/search_attributes.hpp"
#include "hourglass/convert/versioning.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
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

/// What the server knows of one workflow execution.
struct WorkflowDescription : WorkflowExecution {
    std::vector<PendingActivity> pending_activities = {};
    std::vector<PendingChild> pending_children = {};
    std::vector<PendingNexusOperation> pending_nexus_operations = {};
    /// None: the workflow waits for something else than a worker.
    std::optional<PendingWorkflowTask> pending_workflow_task = {};
    std::vector<WorkflowCallback> callbacks = {};
    /// Those that it was started with; none: no limit.
    std::optional<std::chrono::milliseconds> execution_timeout = {};
    std::optional<std::chrono::milliseconds> run_timeout = {};
    /// The server's default if it was started without one.
    std::optional<std::chrono::milliseconds> task_timeout = {};
    /// When `execution_timeout`, or `run_timeout`, has passed.
    std::optional<std::chrono::system_clock::time_point> execution_expiration_time = {};
    std::optional<std::chrono::system_clock::time_point> run_expiration_time = {};
    std::string static_summary = {};
    std::string static_details = {};
    /// Whether somebody asked for cancellation.
    bool cancel_requested = false;
    /// The run that a reset of this one started; empty if it was not reset.
    std::string reset_run_id = {};
    std::optional<std::chrono::system_clock::time_point> last_reset_time = {};
    /// Of the first of the runs that it is a reset of.
    std::optional<std::chrono::system_clock::time_point> original_start_time = {};
    /// What it was paused for, if it is.
    std::string pause_reason = {};
};

}  // namespace hourglass
