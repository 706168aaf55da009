#include "src/testing/command_view.hpp"

#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_time.hpp"

#include "temporal/api/command/v1/message.pb.h"
#include "temporal/api/protocol/v1/message.pb.h"
#include "temporal/api/update/v1/message.pb.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace hourglass::testing {
namespace {

using temporal::api::command::v1::Command;
using temporal::api::history::v1::History;
using temporal::api::protocol::v1::Message;
namespace update = temporal::api::update::v1;

WorkflowCommand cancels_activity(std::int64_t scheduled, const History& history) {
    WorkflowCommand command{.kind = CommandKind::RequestCancelActivity};
    if (scheduled >= 1 && scheduled <= history.events_size()) {
        const auto& activity = history.events(static_cast<int>(scheduled - 1))
                                   .activity_task_scheduled_event_attributes();
        command.id = activity.activity_id();
        command.name = activity.activity_type().name();
    }
    return command;
}

/// Those that begin something or cancel it.
std::optional<WorkflowCommand> operation(const Command& command, const History& history) {
    switch (command.attributes_case()) {
        case Command::kScheduleActivityTaskCommandAttributes: {
            const auto& activity = command.schedule_activity_task_command_attributes();
            return WorkflowCommand{
                .kind = CommandKind::ScheduleActivity,
                .id = activity.activity_id(),
                .name = activity.activity_type().name(),
                .payloads = convert::from_proto(activity.input())
            };
        }
        case Command::kRequestCancelActivityTaskCommandAttributes:
            return cancels_activity(
                command.request_cancel_activity_task_command_attributes().scheduled_event_id(),
                history
            );
        case Command::kStartTimerCommandAttributes: {
            const auto& timer = command.start_timer_command_attributes();
            return WorkflowCommand{
                .kind = CommandKind::StartTimer,
                .id = timer.timer_id(),
                .duration = convert::from_proto(timer.start_to_fire_timeout())
            };
        }
        case Command::kCancelTimerCommandAttributes:
            return WorkflowCommand{
                .kind = CommandKind::CancelTimer,
                .id = command.cancel_timer_command_attributes().timer_id()
            };
        case Command::kStartChildWorkflowExecutionCommandAttributes: {
            const auto& child = command.start_child_workflow_execution_command_attributes();
            return WorkflowCommand{
                .kind = CommandKind::StartChildWorkflow,
                .id = child.workflow_id(),
                .name = child.workflow_type().name(),
                .payloads = convert::from_proto(child.input())
            };
        }
        case Command::kSignalExternalWorkflowExecutionCommandAttributes: {
            const auto& signal = command.signal_external_workflow_execution_command_attributes();
            return WorkflowCommand{
                .kind = CommandKind::SignalExternalWorkflow,
                .id = signal.execution().workflow_id(),
                .name = signal.signal_name(),
                .payloads = convert::from_proto(signal.input())
            };
        }
        case Command::kRequestCancelExternalWorkflowExecutionCommandAttributes:
            return WorkflowCommand{
                .kind = CommandKind::RequestCancelExternalWorkflow,
                .id = command.request_cancel_external_workflow_execution_command_attributes()
                          .workflow_id()
            };
        default:
            return std::nullopt;
    }
}

/// Those that record something about the run, or close it.
std::optional<WorkflowCommand> record(const Command& command) {
    switch (command.attributes_case()) {
        case Command::kRecordMarkerCommandAttributes:
            return WorkflowCommand{
                .kind = CommandKind::RecordMarker,
                .name = command.record_marker_command_attributes().marker_name(),
                .message = command.record_marker_command_attributes().failure().message()
            };
        case Command::kUpsertWorkflowSearchAttributesCommandAttributes:
            return WorkflowCommand{.kind = CommandKind::UpsertSearchAttributes};
        case Command::kModifyWorkflowPropertiesCommandAttributes:
            return WorkflowCommand{.kind = CommandKind::ModifyMemo};
        case Command::kCompleteWorkflowExecutionCommandAttributes:
            return WorkflowCommand{
                .kind = CommandKind::CompleteWorkflow,
                .payloads = convert::from_proto(
                    command.complete_workflow_execution_command_attributes().result()
                )
            };
        case Command::kFailWorkflowExecutionCommandAttributes:
            return WorkflowCommand{
                .kind = CommandKind::FailWorkflow,
                .message = command.fail_workflow_execution_command_attributes().failure().message()
            };
        case Command::kCancelWorkflowExecutionCommandAttributes:
            return WorkflowCommand{
                .kind = CommandKind::CancelWorkflow,
                .payloads = convert::from_proto(
                    command.cancel_workflow_execution_command_attributes().details()
                )
            };
        case Command::kContinueAsNewWorkflowExecutionCommandAttributes: {
            const auto& next = command.continue_as_new_workflow_execution_command_attributes();
            return WorkflowCommand{
                .kind = CommandKind::ContinueAsNew,
                .name = next.workflow_type().name(),
                .payloads = convert::from_proto(next.input())
            };
        }
        default:
            return std::nullopt;
    }
}

WorkflowCommand update_command(const Message& message) {
    WorkflowCommand command{
        .kind = CommandKind::AcceptUpdate, .id = message.protocol_instance_id()
    };
    update::Response response;
    update::Rejection rejection;
    update::Acceptance acceptance;
    if (message.body().UnpackTo(&response)) {
        command.kind = CommandKind::CompleteUpdate;
        command.payloads = convert::from_proto(response.outcome().success());
        command.message = response.outcome().failure().message();
    } else if (message.body().UnpackTo(&rejection)) {
        command.kind = CommandKind::RejectUpdate;
        command.message = rejection.failure().message();
    } else if (message.body().UnpackTo(&acceptance)) {
        command.name = acceptance.accepted_request().input().name();
    }
    return command;
}

}  // namespace

std::vector<WorkflowCommand> commands_of(
    const temporal::api::workflowservice::v1::RespondWorkflowTaskCompletedRequest& answer,
    const History& history
) {
    std::vector<WorkflowCommand> commands;
    std::vector<const Message*> messages;
    for (const auto& message : answer.messages()) {
        messages.push_back(&message);
    }
    for (const auto& command : answer.commands()) {
        if (auto begun = operation(command, history)) {
            commands.push_back(*std::move(begun));
        } else if (auto recorded = record(command)) {
            commands.push_back(*std::move(recorded));
        } else if (command.has_protocol_message_command_attributes()) {
            const auto& id = command.protocol_message_command_attributes().message_id();
            const auto at =
                std::find_if(messages.begin(), messages.end(), [&](const Message* message) {
                    return message->id() == id;
                });
            if (at != messages.end()) {
                commands.push_back(update_command(**at));
                messages.erase(at);
            }
        }
    }
    for (const Message* message : messages) {
        commands.push_back(update_command(*message));
    }
    return commands;
}

}  // namespace hourglass::testing
