#pragma once

#include "src/testing/event_log.hpp"

#include "temporal/api/command/v1/message.pb.h"
#include "temporal/api/history/v1/message.pb.h"

#include <cstdint>
#include <string>

namespace hourglass::testing {

/// Copies the fields that both messages have by the same name and type.
void copy_alike(const google::protobuf::Message& from, google::protobuf::Message& to);

/// @returns why a driven run cannot go on with the command; empty: it can.
[[nodiscard]] std::string why_not_served(const temporal::api::command::v1::Command& command);

/// Appends the event that a command leaves in the history.
/// @param task_completed  the event of the workflow task that made it.
/// @returns null for a command that leaves none of its own: that of an update.
/// @throws Error for one that is not served.
temporal::api::history::v1::HistoryEvent* append_event_of(
    const temporal::api::command::v1::Command& command, std::int64_t task_completed, EventLog& log
);

}  // namespace hourglass::testing
