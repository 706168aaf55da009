#include "src/testing/command_steps.hpp"

#include "src/convert/proto_time.hpp"

#include <charconv>
#include <chrono>
#include <iterator>

namespace hourglass::testing {
namespace {

namespace enums = temporal::api::enums::v1;
using coresdk::workflow_commands::WorkflowCommand;

/// "30s", "1.5s"
std::string seconds(const google::protobuf::Duration& duration) {
    const double count = std::chrono::duration<double>{convert::from_proto(duration)}.count();
    char text[32];
    const auto end = std::to_chars(std::begin(text), std::end(text), count).ptr;
    return std::string{std::begin(text), end} + "s";
}

}  // namespace

std::string quoted(const std::string& name) {
    return "'" + name + "'";
}

Step named(enums::EventType type, const std::string& name) {
    return {.type = type, .identity = name, .detail = quoted(name)};
}

Step failed(const temporal::api::failure::v1::Failure& failure) {
    return {
        .type = enums::EVENT_TYPE_WORKFLOW_EXECUTION_FAILED, .detail = quoted(failure.message())
    };
}

Step timer(const google::protobuf::Duration& duration) {
    return {.type = enums::EVENT_TYPE_TIMER_STARTED, .detail = seconds(duration)};
}

std::optional<Step> step_of(const WorkflowCommand& command) {
    switch (command.variant_case()) {
        case WorkflowCommand::kScheduleActivity:
            return named(
                enums::EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
                command.schedule_activity().activity_type()
            );
        case WorkflowCommand::kStartTimer:
            return timer(command.start_timer().start_to_fire_timeout());
        case WorkflowCommand::kStartChildWorkflowExecution:
            return named(
                enums::EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED,
                command.start_child_workflow_execution().workflow_type()
            );
        case WorkflowCommand::kSignalExternalWorkflowExecution:
            return named(
                enums::EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED,
                command.signal_external_workflow_execution().signal_name()
            );
        case WorkflowCommand::kRequestCancelExternalWorkflowExecution:
            return named(
                enums::EVENT_TYPE_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED,
                command.request_cancel_external_workflow_execution()
                    .workflow_execution()
                    .workflow_id()
            );
        case WorkflowCommand::kScheduleNexusOperation:
            return named(
                enums::EVENT_TYPE_NEXUS_OPERATION_SCHEDULED,
                command.schedule_nexus_operation().operation()
            );
        case WorkflowCommand::kCompleteWorkflowExecution:
            return Step{.type = enums::EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED};
        case WorkflowCommand::kFailWorkflowExecution:
            return failed(command.fail_workflow_execution().failure());
        case WorkflowCommand::kCancelWorkflowExecution:
            return Step{.type = enums::EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED};
        case WorkflowCommand::kContinueAsNewWorkflowExecution:
            return Step{
                .type = enums::EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
                .detail =
                    "as " + quoted(command.continue_as_new_workflow_execution().workflow_type())
            };
        default:
            return std::nullopt;
    }
}

CommandOperation operation_of(const WorkflowCommand& command) {
    switch (command.variant_case()) {
        case WorkflowCommand::kScheduleActivity:
            return {WorkflowCommand::kScheduleActivity, command.schedule_activity().seq()};
        case WorkflowCommand::kRequestCancelActivity:
            return {
                WorkflowCommand::kScheduleActivity, command.request_cancel_activity().seq(), false
            };
        case WorkflowCommand::kStartTimer:
            return {WorkflowCommand::kStartTimer, command.start_timer().seq()};
        case WorkflowCommand::kCancelTimer:
            return {WorkflowCommand::kStartTimer, command.cancel_timer().seq(), false};
        case WorkflowCommand::kStartChildWorkflowExecution:
            return {
                WorkflowCommand::kStartChildWorkflowExecution,
                command.start_child_workflow_execution().seq()
            };
        case WorkflowCommand::kCancelChildWorkflowExecution:
            return {
                WorkflowCommand::kStartChildWorkflowExecution,
                command.cancel_child_workflow_execution().child_workflow_seq(),
                false
            };
        case WorkflowCommand::kSignalExternalWorkflowExecution:
            return {
                WorkflowCommand::kSignalExternalWorkflowExecution,
                command.signal_external_workflow_execution().seq()
            };
        case WorkflowCommand::kCancelSignalWorkflow:
            return {
                WorkflowCommand::kSignalExternalWorkflowExecution,
                command.cancel_signal_workflow().seq(),
                false
            };
        case WorkflowCommand::kScheduleNexusOperation:
            return {
                WorkflowCommand::kScheduleNexusOperation, command.schedule_nexus_operation().seq()
            };
        case WorkflowCommand::kRequestCancelNexusOperation:
            return {
                WorkflowCommand::kScheduleNexusOperation,
                command.request_cancel_nexus_operation().seq(),
                false
            };
        default:
            return {};
    }
}

}  // namespace hourglass::testing
