#pragma once

#include <exception>
#include <functional>

namespace hourglass::workflow {

/// Says which exceptions of a workflow's code fail the workflow, beside every FailureError, which
/// always does. What it does not name fails the workflow task: the workflow waits, and the server
/// tries again until the code is mended.
///
/// It is asked with a NondeterminismError, too: whether code that does not fit its history fails
/// the workflow.
/// @threads any, several at a time.
using FailsWorkflow = std::function<bool(const std::exception& error)>;

/// Whether the error is of one of the types, or of a type that derives from one.
template <class... E>
[[nodiscard]] bool is_any_of(const std::exception& error) noexcept {
    return ((dynamic_cast<const E*>(&error) != nullptr) || ...);
}

/// The types, and what derives from them: `failure_types<std::logic_error, shop::Declined>()`.
template <class... E>
[[nodiscard]] FailsWorkflow failure_types() {
    return &is_any_of<E...>;
}

}  // namespace hourglass::workflow
