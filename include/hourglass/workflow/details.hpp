#pragma once

#include <string>

namespace hourglass::workflow {

/// Several lines, Markdown, about how the workflow stands now: user interfaces show them to people
/// who look at it. The details that it was started with are others, and stay.
/// @throws OutsideWorkflowError, ReadOnlyError
void set_current_details(std::string details);

/// What was set last; empty at first.
/// @throws OutsideWorkflowError
[[nodiscard]] const std::string& current_details();

}  // namespace hourglass::workflow
