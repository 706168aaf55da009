// What a server refuses: children that do not start, what does not reach another workflow, and
// answers with commands that are not served here.

#include "hourglass/base/error.hpp"
#include "src/testing/command_events.hpp"
#include "src/testing/execution.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hourglass::testing {
namespace {

namespace enums = temporal::api::enums::v1;
using workflow::ChildStartFailure;
using workflow::ExternalFailure;

enums::StartChildWorkflowExecutionFailedCause cause_of(ChildStartFailure why) {
    switch (why) {
        case ChildStartFailure::Unspecified:
            break;
        case ChildStartFailure::AlreadyStarted:
            return enums::START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_WORKFLOW_ALREADY_EXISTS;
        case ChildStartFailure::NamespaceNotFound:
            return enums::START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_NAMESPACE_NOT_FOUND;
        case ChildStartFailure::InvalidVersioningOverride:
            return enums::START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_INVALID_VERSIONING_OVERRIDE;
    }
    return enums::START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_UNSPECIFIED;
}

enums::SignalExternalWorkflowExecutionFailedCause cause_of_signal(ExternalFailure why) {
    switch (why) {
        case ExternalFailure::Unspecified:
            break;
        case ExternalFailure::WorkflowNotFound:
            return enums::
                SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND;
        case ExternalFailure::NamespaceNotFound:
            return enums::SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_NAMESPACE_NOT_FOUND;
        case ExternalFailure::SignalLimitExceeded:
            return enums::
                SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_SIGNAL_COUNT_LIMIT_EXCEEDED;
    }
    return enums::SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_UNSPECIFIED;
}

enums::CancelExternalWorkflowExecutionFailedCause cause_of_cancel(ExternalFailure why) {
    switch (why) {
        case ExternalFailure::Unspecified:
            break;
        case ExternalFailure::WorkflowNotFound:
            return enums::
                CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND;
        case ExternalFailure::NamespaceNotFound:
            return enums::CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_NAMESPACE_NOT_FOUND;
        case ExternalFailure::SignalLimitExceeded:
            throw Error{
                "a request to cancel cannot be refused for SignalLimitExceeded: only signals are"
            };
    }
    return enums::CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_UNSPECIFIED;
}

}  // namespace

void Execution::refuse_child(std::string_view child, ChildStartFailure why) {
    require_open();  // before anything changes
    const OpenOperation refused = child_to_start(child);
    // Not by its id: the one that it is refused for may be a child of this run, too.
    std::erase_if(open_.children, [&refused](const OpenOperation& open) {
        return open.begun == refused.begun;
    });
    auto& failed = *append(enums::EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_FAILED)
                        .mutable_start_child_workflow_execution_failed_event_attributes();
    failed.set_initiated_event_id(refused.begun);
    failed.set_workflow_id(refused.id);
    failed.mutable_workflow_type()->set_name(refused.name);
    failed.set_cause(cause_of(why));
}

void Execution::refuse_signal(std::string_view workflow_id_or_signal, ExternalFailure why) {
    const OpenOperation sent = take(open_.signals, "signal to", workflow_id_or_signal);
    auto& failed = *append(enums::EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED)
                        .mutable_signal_external_workflow_execution_failed_event_attributes();
    failed.set_initiated_event_id(sent.begun);
    failed.mutable_workflow_execution()->set_workflow_id(sent.id);
    failed.set_cause(cause_of_signal(why));
}

void Execution::refuse_cancel_request(std::string_view workflow_id, ExternalFailure why) {
    const auto cause = cause_of_cancel(why);
    const OpenOperation sent = take(open_.cancellations, "request to cancel workflow", workflow_id);
    auto& failed =
        *append(enums::EVENT_TYPE_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED)
             .mutable_request_cancel_external_workflow_execution_failed_event_attributes();
    failed.set_initiated_event_id(sent.begun);
    failed.mutable_workflow_execution()->set_workflow_id(sent.id);
    failed.set_cause(cause);
}

std::string Execution::refuse_unserved(const Completed& answer) {
    for (const auto& command : answer.commands()) {
        std::string why = why_not_served(command);
        if (why.empty()) {
            continue;
        }
        Failed refusal;
        refusal.set_cause(enums::WORKFLOW_TASK_FAILED_CAUSE_FEATURE_DISABLED);
        refusal.mutable_failure()->set_message(why);
        fail_task(refusal);
        return why;
    }
    return {};
}

}  // namespace hourglass::testing
