#pragma once

#include "temporal/api/history/v1/message.pb.h"

#include <string>

namespace hourglass::testing::test {

using temporal::api::history::v1::History;
using temporal::api::history::v1::HistoryEvent;
namespace enums = temporal::api::enums::v1;

/// Adds the event that comes next.
inline HistoryEvent& add(History& history, enums::EventType type) {
    HistoryEvent& event = *history.add_events();
    event.set_event_id(history.events_size());
    event.set_event_type(type);
    event.mutable_event_time()->set_seconds(history.events_size());
    return event;
}

inline History started(const std::string& type) {
    History history;
    auto& started = *add(history, enums::EVENT_TYPE_WORKFLOW_EXECUTION_STARTED)
                         .mutable_workflow_execution_started_event_attributes();
    started.mutable_workflow_type()->set_name(type);
    started.mutable_task_queue()->set_name("queue");
    started.set_original_execution_run_id("6a3e8bb4-5b3f-4f0c-9d4d-0c8d9f3a1b2c");
    started.set_first_execution_run_id("6a3e8bb4-5b3f-4f0c-9d4d-0c8d9f3a1b2c");
    started.set_workflow_id("id");
    started.set_attempt(1);
    return history;
}

/// A workflow task that was handed out, and completed.
inline void add_task(History& history) {
    add(history, enums::EVENT_TYPE_WORKFLOW_TASK_SCHEDULED)
        .mutable_workflow_task_scheduled_event_attributes()
        ->set_attempt(1);
    add(history, enums::EVENT_TYPE_WORKFLOW_TASK_STARTED)
        .mutable_workflow_task_started_event_attributes()
        ->set_scheduled_event_id(history.events_size() - 1);
    auto& completed = *add(history, enums::EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
                           .mutable_workflow_task_completed_event_attributes();
    completed.set_scheduled_event_id(history.events_size() - 2);
    completed.set_started_event_id(history.events_size() - 1);
}

inline void add_completion(History& history) {
    const auto task = history.events_size();
    add(history, enums::EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED)
        .mutable_workflow_execution_completed_event_attributes()
        ->set_workflow_task_completed_event_id(task);
}

/// A workflow that completes in its first task.
inline History brief(const std::string& type) {
    History history = started(type);
    add_task(history);
    add_completion(history);
    return history;
}

}  // namespace hourglass::testing::test
