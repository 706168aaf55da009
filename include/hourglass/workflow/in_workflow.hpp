#pragma once

namespace hourglass::workflow {

/// Whether a workflow's code runs on this thread, interceptors and queries included: for functions
/// that are called elsewhere, too.
/// @threads any.
[[nodiscard]] bool in_workflow() noexcept;

}  // namespace hourglass::workflow
