#include "src/client/describe.hpp"

#include "hourglass/convert/convert.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/proto_versioning.hpp"

#include <string>
#include <utility>

namespace hourglass {

std::string_view to_text(WorkflowStatus status) {
    switch (status) {
        case WorkflowStatus::Running:
            return "Running";
        case WorkflowStatus::Completed:
            return "Completed";
        case WorkflowStatus::Failed:
            return "Failed";
        case WorkflowStatus::Canceled:
            return "Canceled";
        case WorkflowStatus::Terminated:
            return "Terminated";
        case WorkflowStatus::ContinuedAsNew:
            return "ContinuedAsNew";
        case WorkflowStatus::TimedOut:
            return "TimedOut";
        case WorkflowStatus::Paused:
            return "Paused";
        case WorkflowStatus::Unspecified:
            break;
    }
    return "Unspecified";
}

std::string_view to_text(PendingActivityState state) {
    switch (state) {
        case PendingActivityState::Scheduled:
            return "Scheduled";
        case PendingActivityState::Started:
            return "Started";
        case PendingActivityState::CancelRequested:
            return "CancelRequested";
        case PendingActivityState::Paused:
            return "Paused";
        case PendingActivityState::PauseRequested:
            return "PauseRequested";
        case PendingActivityState::Unspecified:
            break;
    }
    return "Unspecified";
}

namespace client {

namespace {

namespace workflow = temporal::api::workflow::v1;
using convert::if_set;

PendingActivity to_pending(const workflow::PendingActivityInfo& info) {
    PendingActivity pending;
    pending.id = info.activity_id();
    pending.type = info.activity_type().name();
    pending.state = static_cast<PendingActivityState>(info.state());
    pending.attempt = info.attempt();
    pending.maximum_attempts = info.maximum_attempts();
    pending.scheduled_time = if_set(info.has_scheduled_time(), info.scheduled_time());
    pending.last_started_time = if_set(info.has_last_started_time(), info.last_started_time());
    pending.last_heartbeat_time =
        if_set(info.has_last_heartbeat_time(), info.last_heartbeat_time());
    pending.next_attempt_time =
        if_set(info.has_next_attempt_schedule_time(), info.next_attempt_schedule_time());
    pending.heartbeat_details = convert::from_proto(info.heartbeat_details());
    if (info.has_last_failure()) {
        pending.last_failure = convert::to_cause(info.last_failure());
    }
    pending.last_worker_identity = info.last_worker_identity();
    return pending;
}

}  // namespace

std::string text_of(const temporal::api::common::v1::Payload& payload) {
    try {
        return from_payload<std::string>(convert::from_proto(payload));
    } catch (const ConversionError&) {
        return payload.data();
    }
}

WorkflowExecution to_execution(const workflow::WorkflowExecutionInfo& info) {
    WorkflowExecution execution;
    execution.id = info.execution().workflow_id();
    execution.run_id = info.execution().run_id();
    execution.type = info.type().name();
    execution.task_queue = info.task_queue();
    execution.status = static_cast<WorkflowStatus>(info.status());
    execution.start_time = convert::from_proto(info.start_time());
    execution.execution_time = if_set(info.has_execution_time(), info.execution_time());
    execution.close_time = if_set(info.has_close_time(), info.close_time());
    execution.history_length = info.history_length();
    execution.history_size_bytes = info.history_size_bytes();
    execution.parent_id = info.parent_execution().workflow_id();
    execution.parent_run_id = info.parent_execution().run_id();
    execution.root_id = info.root_execution().workflow_id();
    execution.root_run_id = info.root_execution().run_id();
    execution.first_run_id = info.first_run_id();
    execution.memo = convert::from_proto(info.memo().fields());
    execution.search_attributes =
        SearchAttributes{convert::from_proto(info.search_attributes().indexed_fields())};
    execution.priority = convert::from_proto(info.priority());
    const auto& versioning = info.versioning_info();
    if (versioning.has_deployment_version()) {
        execution.deployment_version = convert::from_proto(versioning.deployment_version());
    }
    execution.versioning_override = convert::from_proto(versioning.versioning_override());
    return execution;
}

WorkflowDescription to_description(
    const temporal::api::workflowservice::v1::DescribeWorkflowExecutionResponse& response
) {
    WorkflowDescription description;
    static_cast<WorkflowExecution&>(description) = to_execution(response.workflow_execution_info());
    if (description.task_queue.empty()) {
        description.task_queue = response.execution_config().task_queue().name();
    }
    for (const auto& pending : response.pending_activities()) {
        description.pending_activities.push_back(to_pending(pending));
    }
    const auto& metadata = response.execution_config().user_metadata();
    if (metadata.has_summary()) {
        description.static_summary = text_of(metadata.summary());
    }
    if (metadata.has_details()) {
        description.static_details = text_of(metadata.details());
    }
    const auto& extended = response.workflow_extended_info();
    description.cancel_requested = extended.cancel_requested();
    description.reset_run_id = extended.reset_run_id();
    description.pause_reason = extended.pause_info().reason();
    return description;
}

}  // namespace client
}  // namespace hourglass
