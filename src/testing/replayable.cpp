#include "src/testing/replayable.hpp"

#include "src/client/enum_names.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::testing {
namespace {

namespace enums = temporal::api::enums::v1;
using temporal::api::history::v1::History;
using temporal::api::history::v1::HistoryEvent;

std::string name_of(const HistoryEvent& event) {
    return "event " + std::to_string(event.event_id()) + " (" +
           client::short_enum_name(*enums::EventType_descriptor(), event.event_type()) + ")";
}

/// By the event's type, the field of its attributes: EVENT_TYPE_TIMER_STARTED has them in
/// "timer_started_event_attributes". -1: none.
std::vector<int> make_attribute_fields() {
    std::vector<int> fields(enums::EventType_ARRAYSIZE, -1);
    const auto& all = *HistoryEvent::descriptor()->FindOneofByName("attributes");
    for (int index = 0; index < all.field_count(); ++index) {
        std::string name = all.field(index)->name();
        name.erase(name.size() - std::string_view{"_event_attributes"}.size());
        std::transform(name.begin(), name.end(), name.begin(), [](char letter) {
            return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
        });
        enums::EventType type{};
        if (enums::EventType_Parse("EVENT_TYPE_" + name, &type)) {
            fields[static_cast<std::size_t>(type)] = all.field(index)->number();
        }
    }
    return fields;
}

bool has_its_attributes(const HistoryEvent& event) {
    static const std::vector<int> fields = make_attribute_fields();
    return event.attributes_case() == fields[static_cast<std::size_t>(event.event_type())];
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
