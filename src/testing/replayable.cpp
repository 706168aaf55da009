#include "src/testing/replayable.hpp"

#include "src/client/enum_names.hpp"

#include <algorithm>
#include <string>

namespace hourglass::testing {
namespace {

namespace enums = temporal::api::enums::v1;
using temporal::api::history::v1::History;
using temporal::api::history::v1::HistoryEvent;

std::string name_of(const HistoryEvent& event) {
    return "event " + std::to_string(event.event_id()) + " (" +
           client::short_enum_name(*enums::EventType_descriptor(), event.event_type()) + ")";
}

/// "TimerStarted" has its attributes in "timer_started_event_attributes".
bool has_its_attributes(const HistoryEvent& event) {
    const auto* field = HistoryEvent::descriptor()->FindFieldByNumber(event.attributes_case());
    if (field == nullptr) {
        return false;
    }
    std::string type = enums::EventType_Name(event.event_type());
    type.erase(0, std::string{"EVENT_TYPE_"}.size());
    std::string attributes = field->name();
    attributes.erase(attributes.size() - std::string{"_event_attributes"}.size());
    return std::equal(
        type.begin(),
        type.end(),
        attributes.begin(),
        attributes.end(),
        [](char upper, char lower) {
            return (upper >= 'A' && upper <= 'Z' ? upper - 'A' + 'a' : upper) == lower;
        }
    );
}

std::optional<std::string> why_no_start(const HistoryEvent& first) {
    if (!first.has_workflow_execution_started_event_attributes()) {
        return name_of(first) +
               " comes first, where WorkflowExecutionStarted is expected: only a whole history can "
               "be replayed";
    }
    const auto& started = first.workflow_execution_started_event_attributes();
    if (started.workflow_type().name().empty()) {
        return "its first event names no workflow type";
    }
    if (!started.has_task_queue()) {
        return "its first event names no task queue";
    }
    if (started.original_execution_run_id().empty()) {
        return "its first event has no originalExecutionRunId, from which the workflow's random "
               "numbers come";
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> why_not_replayable(const History& history) {
    if (history.events().empty()) {
        return "it has no events";
    }
    std::int64_t expected = 1;
    for (const auto& event : history.events()) {
        if (event.event_id() != expected) {
            return name_of(event) + " stands where event " + std::to_string(expected) +
                   " is expected: events are missing, or not in their order";
        }
        ++expected;
        // A type that is not known here comes from a newer server, which says whether a worker may
        // pass it over.
        if (enums::EventType_IsValid(event.event_type()) && !has_its_attributes(event)) {
            return name_of(event) + " has no attributes of its type";
        }
    }
    return why_no_start(history.events(0));
}

bool has_workflow_task(const History& history) {
    return std::any_of(
        history.events().begin(),
        history.events().end(),
        [](const HistoryEvent& event) {
            return event.event_type() == enums::EVENT_TYPE_WORKFLOW_TASK_STARTED;
        }
    );
}

}  // namespace hourglass::testing
