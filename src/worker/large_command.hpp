#pragma once

#include "temporal/sdk/core/workflow_completion/workflow_completion.pb.h"

#include <cstddef>
#include <optional>
#include <string>

namespace hourglass::worker {

/// What a workflow asks for with more bytes than Core takes without a warning.
struct LargeCommand {
    /// Its field's name in the protocol, such as "schedule_activity".
    std::string kind;
    std::size_t bytes;
};

/// The largest command of an answer; nothing if none has more than `limit` bytes. Core's warning
/// names no workflow, and this is for a line that does.
[[nodiscard]] std::optional<LargeCommand> large_command_in(
    const coresdk::workflow_completion::WorkflowActivationCompletion& answer, std::size_t limit
);

}  // namespace hourglass::worker
