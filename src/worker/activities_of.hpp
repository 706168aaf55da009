#pragma once

#include "hourglass/activity/catalog.hpp"
#include "hourglass/worker/worker_options.hpp"

namespace hourglass::worker {

/// The activities that the options name, or the process's catalog.
/// @throws DuplicateRegistrationError.
[[nodiscard]] inline activity::Definitions activities_of(const WorkerOptions& options) {
    return options.activities ? *options.activities : activity::Catalog::definitions();
}

}  // namespace hourglass::worker
