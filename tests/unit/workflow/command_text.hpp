#pragma once

// What a workflow answers, as text.

#include "hourglass/convert/payload.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/workflow/workflow_run.hpp"

#include <google/protobuf/duration.pb.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hourglass::workflow::testing {

inline std::string text_of(const temporal::api::common::v1::Payload& payload) {
    return payload.metadata().at("encoding") == "binary/null" ? "null" : payload.data();
}

inline std::string text_of(const google::protobuf::Duration& duration) {
    return std::to_string(duration.seconds() * 1000 + duration.nanos() / 1'000'000) + "ms";
}

/// In the order of the names.
inline std::string text_of(const convert::ProtoPayloadMap& fields) {
    std::string text;
    for (const auto& [name, value] : convert::from_proto(fields)) {
        text += " " + name + "=" + (value == null_payload() ? "null" : value.data);
    }
    return text;
}

/// A command on one line.
inline std::string text_of(const coresdk::workflow_commands::WorkflowCommand& command) {
    using C = coresdk::workflow_commands::WorkflowCommand;
    const auto number = [](std::uint32_t sequence) { return " " + std::to_string(sequence); };
    switch (command.variant_case()) {
        case C::kStartTimer:
            return "start_timer" + number(command.start_timer().seq()) + " " +
                   text_of(command.start_timer().start_to_fire_timeout());
        case C::kCancelTimer:
            return "cancel_timer" + number(command.cancel_timer().seq());
        case C::kScheduleActivity: {
            std::string text = "schedule" + number(command.schedule_activity().seq()) + " " +
                               command.schedule_activity().activity_type();
            for (const auto& argument : command.schedule_activity().arguments()) {
                text += " " + text_of(argument);
            }
            return text;
        }
        case C::kScheduleLocalActivity: {
            const auto& activity = command.schedule_local_activity();
            std::string text = "local" + number(activity.seq()) + " " + activity.activity_type();
            for (const auto& argument : activity.arguments()) {
                text += " " + text_of(argument);
            }
            return activity.attempt() == 0
                       ? text
                       : text + " attempt " + std::to_string(activity.attempt()) + " since " +
                             std::to_string(activity.original_schedule_time().seconds());
        }
        case C::kRequestCancelLocalActivity:
            return "cancel_local" + number(command.request_cancel_local_activity().seq());
        case C::kRequestCancelActivity:
            return "cancel_activity" + number(command.request_cancel_activity().seq());
        case C::kCompleteWorkflowExecution:
            return "complete " + text_of(command.complete_workflow_execution().result());
        case C::kFailWorkflowExecution:
            return "fail " + command.fail_workflow_execution().failure().message();
        case C::kCancelWorkflowExecution:
            return "cancelled";
        case C::kContinueAsNewWorkflowExecution: {
            std::string text =
                "continue_as_new " + command.continue_as_new_workflow_execution().workflow_type();
            for (const auto& argument : command.continue_as_new_workflow_execution().arguments()) {
                text += " " + text_of(argument);
            }
            return text;
        }
        case C::kStartChildWorkflowExecution: {
            const auto& child = command.start_child_workflow_execution();
            std::string text = "child" + number(child.seq()) + " " + child.workflow_type() + " " +
                               (child.workflow_id().size() == 36 ? "<uuid>" : child.workflow_id());
            for (const auto& argument : child.input()) {
                text += " " + text_of(argument);
            }
            return text;
        }
        case C::kCancelChildWorkflowExecution:
            return "cancel_child" +
                   number(command.cancel_child_workflow_execution().child_workflow_seq()) + " '" +
                   command.cancel_child_workflow_execution().reason() + "'";
        case C::kScheduleNexusOperation: {
            const auto& call = command.schedule_nexus_operation();
            return "nexus" + number(call.seq()) + " " + call.endpoint() + "/" + call.service() +
                   "/" + call.operation() + " " + text_of(call.input());
        }
        case C::kRequestCancelNexusOperation:
            return "cancel_nexus" + number(command.request_cancel_nexus_operation().seq());
        case C::kSignalExternalWorkflowExecution: {
            const auto& signal = command.signal_external_workflow_execution();
            std::string text = "signal" + number(signal.seq()) + " ";
            text += signal.has_child_workflow_id()
                        ? "child " + signal.child_workflow_id()
                        : signal.workflow_execution().namespace_() + "/" +
                              signal.workflow_execution().workflow_id() + "/" +
                              signal.workflow_execution().run_id();
            text += " " + signal.signal_name();
            for (const auto& argument : signal.args()) {
                text += " " + text_of(argument);
            }
            return text;
        }
        case C::kCancelSignalWorkflow:
            return "cancel_signal" + number(command.cancel_signal_workflow().seq());
        case C::kRequestCancelExternalWorkflowExecution: {
            const auto& request = command.request_cancel_external_workflow_execution();
            return "request_cancel" + number(request.seq()) + " " +
                   request.workflow_execution().namespace_() + "/" +
                   request.workflow_execution().workflow_id() + "/" +
                   request.workflow_execution().run_id() + " '" + request.reason() + "'";
        }
        case C::kSetPatchMarker:
            return "patch " + command.set_patch_marker().patch_id() +
                   (command.set_patch_marker().deprecated() ? " deprecated" : "");
        case C::kUpsertWorkflowSearchAttributes:
            return "upsert search attributes" + text_of(command.upsert_workflow_search_attributes()
                                                            .search_attributes()
                                                            .indexed_fields());
        case C::kModifyWorkflowProperties:
            return "upsert memo" +
                   text_of(command.modify_workflow_properties().upserted_memo().fields());
        case C::kRespondToQuery:
            return command.respond_to_query().has_failed()
                       ? "query failed " + command.respond_to_query().failed().message()
                       : "answer " + text_of(command.respond_to_query().succeeded().response());
        case C::kUpdateResponse: {
            const auto& response = command.update_response();
            const std::string who = " " + response.protocol_instance_id();
            if (response.has_accepted()) {
                return "accepted" + who;
            }
            return response.has_rejected()
                       ? "rejected" + who + " " + response.rejected().message()
                       : "completed" + who + " " + text_of(response.completed());
        }
        default:
            return "unexpected command " + command.ShortDebugString();
    }
}

using Lines = std::vector<std::string>;

/// The commands, or one line that begins with "task failed".
inline Lines lines_of(const Completion& completion) {
    if (completion.has_failed()) {
        return {"task failed: " + completion.failed().failure().message()};
    }
    Lines lines;
    for (const auto& command : completion.successful().commands()) {
        lines.push_back(text_of(command));
    }
    return lines;
}

}  // namespace hourglass::workflow::testing
