#pragma once

#include "src/testing/event_log.hpp"

#include "temporal/api/history/v1/message.pb.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::testing {

/// Something that a run has begun and that has not ended: an activity, a timer, a child, a signal
/// or a request to cancel on its way to another workflow.
struct OpenOperation {
    /// The event that began it.
    std::int64_t begun = 0;
    /// Its id: an activity's, a timer's, or a workflow's.
    std::string id = {};
    /// The type of an activity or child, the name of a signal.
    std::string name = {};
    /// Of a timer.
    EventLog::Time fires_at = {};
    /// The last event that asked for its cancellation, or that a child has started; 0: none.
    std::int64_t cancel_requested = 0;
    std::int64_t started = 0;
    /// A child's, once it has started.
    std::string run_id = {};
};

/// The open operations of one run, each kind in the order in which they were begun.
class OpenOperations {
public:
    /// Takes notice of an event that a command left.
    void follow(temporal::api::history::v1::HistoryEvent& event);

    std::vector<OpenOperation> activities;
    std::vector<OpenOperation> timers;
    std::vector<OpenOperation> children;
    std::vector<OpenOperation> signals;
    std::vector<OpenOperation> cancellations;
};

/// The one of that id, or else the first of that name.
/// @param what  names the kind in the error: "activity".
/// @throws Error naming those that are open.
[[nodiscard]] OpenOperation& find_open(
    std::vector<OpenOperation>& operations, const char* what, std::string_view id_or_name
);

/// Takes it out.
OpenOperation take_open(
    std::vector<OpenOperation>& operations, const char* what, std::string_view id_or_name
);

}  // namespace hourglass::testing
