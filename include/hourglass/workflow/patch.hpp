#pragma once

#include <string_view>

namespace hourglass::workflow {

/// Changes the code of workflows that run: whether this run takes the new way.
///
///     if (patched("fraud-check")) {
///         co_await execute_activity<&check_fraud>(options, order);  // new
///     }
///
/// True in a run that comes here for the first time, and in one whose history says that it was
/// true; false in one that has passed here before the code was changed. The answer stays the same
/// for the rest of the run, wherever it is asked. When no run without the change is left, call
/// deprecate_patch() in its place, and when no run with a marker is left, nothing.
/// @throws OutsideWorkflowError; ReadOnlyError in a query, a validator or a condition, unless it
/// was asked before.
[[nodiscard]] bool patched(std::string_view id);

/// Says that every run takes the new way, and keeps histories with the marker replayable.
/// @throws OutsideWorkflowError, ReadOnlyError
void deprecate_patch(std::string_view id);

}  // namespace hourglass::workflow
