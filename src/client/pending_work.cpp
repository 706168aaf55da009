#include "src/client/pending_work.hpp"

#include "src/client/describe.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_time.hpp"

namespace hourglass {

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

std::string_view to_text(PendingWorkflowTaskState state) {
    switch (state) {
        case PendingWorkflowTaskState::Scheduled:
            return "Scheduled";
        case PendingWorkflowTaskState::Started:
            return "Started";
        case PendingWorkflowTaskState::Unspecified:
            break;
    }
    return "Unspecified";
}

std::string_view to_text(CallbackState state) {
    switch (state) {
        case CallbackState::Standby:
            return "Standby";
        case CallbackState::Scheduled:
            return "Scheduled";
        case CallbackState::BackingOff:
            return "BackingOff";
        case CallbackState::Failed:
            return "Failed";
        case CallbackState::Succeeded:
            return "Succeeded";
        case CallbackState::Blocked:
            return "Blocked";
        case CallbackState::Unspecified:
            break;
    }
    return "Unspecified";
}

namespace client {

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

PendingChild to_pending(const workflow::PendingChildExecutionInfo& info) {
    return {
        .id = info.workflow_id(),
        .run_id = info.run_id(),
        .type = info.workflow_type_name(),
        .initiated_event_id = info.initiated_id(),
        .parent_close_policy = static_cast<ParentClosePolicy>(info.parent_close_policy())
    };
}

PendingWorkflowTask to_pending(const workflow::PendingWorkflowTaskInfo& info) {
    return {
        .state = static_cast<PendingWorkflowTaskState>(info.state()),
        .attempt = info.attempt(),
        .scheduled_time = if_set(info.has_scheduled_time(), info.scheduled_time()),
        .original_scheduled_time =
            if_set(info.has_original_scheduled_time(), info.original_scheduled_time()),
        .started_time = if_set(info.has_started_time(), info.started_time())
    };
}

PendingNexusOperation to_pending(const workflow::PendingNexusOperationInfo& info) {
    PendingNexusOperation pending;
    pending.endpoint = info.endpoint();
    pending.service = info.service();
    pending.operation = info.operation();
    pending.scheduled_event_id = info.scheduled_event_id();
    pending.state = static_cast<PendingNexusOperationState>(info.state());
    pending.attempt = info.attempt();
    pending.schedule_to_close_timeout =
        timeout_of(info.has_schedule_to_close_timeout(), info.schedule_to_close_timeout());
    pending.schedule_to_start_timeout =
        timeout_of(info.has_schedule_to_start_timeout(), info.schedule_to_start_timeout());
    pending.start_to_close_timeout =
        timeout_of(info.has_start_to_close_timeout(), info.start_to_close_timeout());
    pending.scheduled_time = if_set(info.has_scheduled_time(), info.scheduled_time());
    pending.last_attempt_time =
        if_set(info.has_last_attempt_complete_time(), info.last_attempt_complete_time());
    pending.next_attempt_time =
        if_set(info.has_next_attempt_schedule_time(), info.next_attempt_schedule_time());
    if (info.has_last_attempt_failure()) {
        pending.last_failure = convert::to_cause(info.last_attempt_failure());
    }
    pending.blocked_reason = info.blocked_reason();
    pending.operation_token = info.operation_token();
    if (info.has_cancellation_info()) {
        const auto& asked = info.cancellation_info();
        auto& cancellation = pending.cancellation.emplace();
        cancellation.state = static_cast<NexusCancellationState>(asked.state());
        cancellation.attempt = asked.attempt();
        if (asked.has_last_attempt_failure()) {
            cancellation.last_failure = convert::to_cause(asked.last_attempt_failure());
        }
    }
    return pending;
}

WorkflowCallback to_callback(const workflow::CallbackInfo& info) {
    WorkflowCallback callback;
    callback.url = info.callback().nexus().url();
    callback.update_id = info.trigger().update_workflow_execution_completed().update_id();
    callback.state = static_cast<CallbackState>(info.state());
    callback.attempt = info.attempt();
    callback.registered_at = if_set(info.has_registration_time(), info.registration_time());
    callback.last_attempt_time =
        if_set(info.has_last_attempt_complete_time(), info.last_attempt_complete_time());
    callback.next_attempt_time =
        if_set(info.has_next_attempt_schedule_time(), info.next_attempt_schedule_time());
    if (info.has_last_attempt_failure()) {
        callback.last_failure = convert::to_cause(info.last_attempt_failure());
    }
    callback.blocked_reason = info.blocked_reason();
    return callback;
}

}  // namespace client
}  // namespace hourglass
