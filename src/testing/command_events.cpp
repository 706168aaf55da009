#include "src/testing/command_events.hpp"

#include "hourglass/base/error.hpp"
#include "src/client/enum_names.hpp"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <iterator>

namespace hourglass::testing {
namespace {

namespace enums = temporal::api::enums::v1;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using temporal::api::command::v1::Command;
using temporal::api::history::v1::HistoryEvent;

/// What a command leaves behind: the event, and the field of its attributes.
struct Row {
    enums::CommandType command;
    enums::EventType event;
    const char* attributes;
};

constexpr Row kRows[] = {
    {enums::COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK,
     enums::EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
     "activity_task_scheduled_event_attributes"},
    {enums::COMMAND_TYPE_REQUEST_CANCEL_ACTIVITY_TASK,
     enums::EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED,
     "activity_task_cancel_requested_event_attributes"},
    {enums::COMMAND_TYPE_START_TIMER,
     enums::EVENT_TYPE_TIMER_STARTED,
     "timer_started_event_attributes"},
    {enums::COMMAND_TYPE_CANCEL_TIMER,
     enums::EVENT_TYPE_TIMER_CANCELED,
     "timer_canceled_event_attributes"},
    {enums::COMMAND_TYPE_RECORD_MARKER,
     enums::EVENT_TYPE_MARKER_RECORDED,
     "marker_recorded_event_attributes"},
    {enums::COMMAND_TYPE_START_CHILD_WORKFLOW_EXECUTION,
     enums::EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED,
     "start_child_workflow_execution_initiated_event_attributes"},
    {enums::COMMAND_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION,
     enums::EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED,
     "signal_external_workflow_execution_initiated_event_attributes"},
    {enums::COMMAND_TYPE_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION,
     enums::EVENT_TYPE_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED,
     "request_cancel_external_workflow_execution_initiated_event_attributes"},
    {enums::COMMAND_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
     enums::EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
     "upsert_workflow_search_attributes_event_attributes"},
    {enums::COMMAND_TYPE_MODIFY_WORKFLOW_PROPERTIES,
     enums::EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED,
     "workflow_properties_modified_event_attributes"},
    {enums::COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION,
     enums::EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
     "workflow_execution_completed_event_attributes"},
    {enums::COMMAND_TYPE_FAIL_WORKFLOW_EXECUTION,
     enums::EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
     "workflow_execution_failed_event_attributes"},
    {enums::COMMAND_TYPE_CANCEL_WORKFLOW_EXECUTION,
     enums::EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
     "workflow_execution_canceled_event_attributes"},
    {enums::COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
     enums::EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
     "workflow_execution_continued_as_new_event_attributes"},
};

const Row* find_row(enums::CommandType command) {
    const auto* row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& candidate) {
        return candidate.command == command;
    });
    return row == std::end(kRows) ? nullptr : row;
}

bool alike(const FieldDescriptor& from, const FieldDescriptor& to) {
    if (from.type() != to.type() || from.is_repeated() != to.is_repeated()) {
        return false;
    }
    // Of maps each message has a type of entries of its own.
    return from.message_type() == to.message_type() || (from.is_map() && to.is_map());
}

void copy_repeated(
    const Message& from, const FieldDescriptor& field, Message& to, const FieldDescriptor& target
) {
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
        return;  // no command has such a list
    }
    for (int i = 0; i < from.GetReflection()->FieldSize(from, &field); ++i) {
        copy_alike(
            from.GetReflection()->GetRepeatedMessage(from, &field, i),
            *to.GetReflection()->AddMessage(&to, &target)
        );
    }
}

void copy_one(
    const Message& from, const FieldDescriptor& field, Message& to, const FieldDescriptor& target
) {
    const auto& read = *from.GetReflection();
    const auto& write = *to.GetReflection();
    switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_MESSAGE:
            write.MutableMessage(&to, &target)->CopyFrom(read.GetMessage(from, &field));
            break;
        case FieldDescriptor::CPPTYPE_STRING:
            write.SetString(&to, &target, read.GetString(from, &field));
            break;
        case FieldDescriptor::CPPTYPE_INT32:
            write.SetInt32(&to, &target, read.GetInt32(from, &field));
            break;
        case FieldDescriptor::CPPTYPE_INT64:
            write.SetInt64(&to, &target, read.GetInt64(from, &field));
            break;
        case FieldDescriptor::CPPTYPE_BOOL:
            write.SetBool(&to, &target, read.GetBool(from, &field));
            break;
        case FieldDescriptor::CPPTYPE_ENUM:
            write.SetEnumValue(&to, &target, read.GetEnumValue(from, &field));
            break;
        default:
            break;  // no command has others
    }
}

/// Fields whose names differ.
void set_target(const Command& command, HistoryEvent& event) {
    if (command.has_signal_external_workflow_execution_command_attributes()) {
        const auto& signal = command.signal_external_workflow_execution_command_attributes();
        *event.mutable_signal_external_workflow_execution_initiated_event_attributes()
             ->mutable_workflow_execution() = signal.execution();
    } else if (command.has_request_cancel_external_workflow_execution_command_attributes()) {
        const auto& cancel =
            command.request_cancel_external_workflow_execution_command_attributes();
        auto& execution =
            *event.mutable_request_cancel_external_workflow_execution_initiated_event_attributes()
                 ->mutable_workflow_execution();
        execution.set_workflow_id(cancel.workflow_id());
        execution.set_run_id(cancel.run_id());
    }
}

}  // namespace

void copy_alike(const Message& from, Message& to) {
    const auto& target_type = *to.GetDescriptor();
    for (int i = 0; i < from.GetDescriptor()->field_count(); ++i) {
        const FieldDescriptor& field = *from.GetDescriptor()->field(i);
        const FieldDescriptor* target = target_type.FindFieldByName(field.name());
        if (target == nullptr || !alike(field, *target)) {
            continue;
        }
        if (field.is_repeated()) {
            copy_repeated(from, field, to, *target);
        } else if (from.GetReflection()->HasField(from, &field)) {
            copy_one(from, field, to, *target);
        }
    }
}

std::string why_not_served(const Command& command) {
    const auto type = command.command_type();
    if (type == enums::COMMAND_TYPE_PROTOCOL_MESSAGE || find_row(type) != nullptr) {
        return {};
    }
    return "the workflow made a command that a WorkflowDriver does not serve: " +
           client::short_enum_name(*enums::CommandType_descriptor(), type);
}

HistoryEvent* append_event_of(const Command& command, std::int64_t task_completed, EventLog& log) {
    if (command.command_type() == enums::COMMAND_TYPE_PROTOCOL_MESSAGE) {
        return nullptr;
    }
    const Row* row = find_row(command.command_type());
    if (row == nullptr) {
        throw Error{why_not_served(command)};
    }
    HistoryEvent& event = log.append(row->event);
    if (command.has_user_metadata()) {
        *event.mutable_user_metadata() = command.user_metadata();
    }
    *event.mutable_event_group_markers() = command.event_group_markers();
    Message& attributes = *event.GetReflection()->MutableMessage(
        &event, HistoryEvent::descriptor()->FindFieldByName(row->attributes)
    );
    const auto* made = command.GetReflection()->GetOneofFieldDescriptor(
        command, Command::descriptor()->FindOneofByName("attributes")
    );
    if (made != nullptr) {
        copy_alike(command.GetReflection()->GetMessage(command, made), attributes);
    }
    attributes.GetReflection()->SetInt64(
        &attributes,
        attributes.GetDescriptor()->FindFieldByName("workflow_task_completed_event_id"),
        task_completed
    );
    set_target(command, event);
    return &event;
}

}  // namespace hourglass::testing
