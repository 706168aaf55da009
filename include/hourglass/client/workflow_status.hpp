#pragma once

#include <cstdint>
#include <string_view>

namespace hourglass {

/// Where a workflow execution is in its life, with the server's names and numbers.
enum class WorkflowStatus : std::uint8_t {
    Unspecified = 0,
    Running = 1,
    Completed = 2,
    Failed = 3,
    Canceled = 4,
    Terminated = 5,
    ContinuedAsNew = 6,
    TimedOut = 7,
    Paused = 8,
};

/// "Running", "TimedOut"; "Unspecified" for a number that this version does not know.
[[nodiscard]] std::string_view to_text(WorkflowStatus status);

}  // namespace hourglass
