#pragma once

#include "hourglass/client/workflow_history.hpp"

#include "temporal/api/history/v1/message.pb.h"

#include <stdexcept>
#include <string>
#include <vector>

namespace hourglass::test {

using RecordedEvent = temporal::api::history::v1::HistoryEvent;

/// The events of a type, such as EVENT_TYPE_TIMER_STARTED, with all that the server recorded.
[[nodiscard]] inline std::vector<RecordedEvent> recorded_events(
    const WorkflowHistory& history, temporal::api::enums::v1::EventType type
) {
    temporal::api::history::v1::History all;
    if (!all.ParseFromString(history.serialized())) {
        throw std::runtime_error{"the history of " + history.workflow_id() + " cannot be read"};
    }
    std::vector<RecordedEvent> found;
    for (const auto& event : all.events()) {
        if (event.event_type() == type) {
            found.push_back(event);
        }
    }
    return found;
}

}  // namespace hourglass::test
