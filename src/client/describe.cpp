#include "src/client/describe.hpp"

#include "hourglass/convert/convert.hpp"
#include "src/client/pending_work.hpp"
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

namespace client {

namespace workflow = temporal::api::workflow::v1;
using convert::if_set;

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

std::optional<std::chrono::milliseconds> timeout_of(
    bool has, const google::protobuf::Duration& proto
) {
    const auto time = convert::if_set(has, proto);
    return time && time->count() > 0
               ? std::optional{std::chrono::duration_cast<std::chrono::milliseconds>(*time)}
               : std::nullopt;
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
    for (const auto& pending : response.pending_children()) {
        description.pending_children.push_back(to_pending(pending));
    }
    for (const auto& pending : response.pending_nexus_operations()) {
        description.pending_nexus_operations.push_back(to_pending(pending));
    }
    if (response.has_pending_workflow_task()) {
        description.pending_workflow_task = to_pending(response.pending_workflow_task());
    }
    for (const auto& callback : response.callbacks()) {
        description.callbacks.push_back(to_callback(callback));
    }
    const auto& config = response.execution_config();
    description.execution_timeout =
        timeout_of(config.has_workflow_execution_timeout(), config.workflow_execution_timeout());
    description.run_timeout =
        timeout_of(config.has_workflow_run_timeout(), config.workflow_run_timeout());
    description.task_timeout = timeout_of(
        config.has_default_workflow_task_timeout(), config.default_workflow_task_timeout()
    );
    const auto& metadata = config.user_metadata();
    if (metadata.has_summary()) {
        description.static_summary = text_of(metadata.summary());
    }
    if (metadata.has_details()) {
        description.static_details = text_of(metadata.details());
    }
    const auto& extended = response.workflow_extended_info();
    description.cancel_requested = extended.cancel_requested();
    description.reset_run_id = extended.reset_run_id();
    description.last_reset_time =
        if_set(extended.has_last_reset_time(), extended.last_reset_time());
    description.original_start_time =
        if_set(extended.has_original_start_time(), extended.original_start_time());
    description.execution_expiration_time =
        if_set(extended.has_execution_expiration_time(), extended.execution_expiration_time());
    description.run_expiration_time =
        if_set(extended.has_run_expiration_time(), extended.run_expiration_time());
    description.pause_reason = extended.pause_info().reason();
    return description;
}

}  // namespace client
}  // namespace hourglass
