#pragma once

// What the options of several commands have in common: their checks, and how they are written.

#include "hourglass/workflow/activity.hpp"
#include "src/convert/proto_time.hpp"

#include "temporal/sdk/core/workflow_commands/workflow_commands.pb.h"

#include <chrono>
#include <optional>
#include <string>

namespace hourglass::workflow {

using OptionalDuration = std::optional<std::chrono::nanoseconds>;

/// @param call  what is called, for the message: "execute_activity of 'charge'".
/// @throws ConfigurationError if it is set and not above 0.
void check_timeout(const std::string& call, const char* field, const OptionalDuration& timeout);

/// Leaves the field unset if the timeout is.
template <class Command>
void set_timeout(
    const OptionalDuration& timeout,
    google::protobuf::Duration* (Command::*field)(),
    Command& command
) {
    if (timeout) {
        convert::to_proto(*timeout, (command.*field)());
    }
}

[[nodiscard]] coresdk::workflow_commands::ActivityCancellationType to_proto(
    ActivityCancellationType type
);

/// Writes what is not empty.
void set_metadata(
    const std::string& summary,
    const std::string& details,
    coresdk::workflow_commands::WorkflowCommand& command
);

}  // namespace hourglass::workflow
