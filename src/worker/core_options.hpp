#pragma once

#include "hourglass/worker/worker_options.hpp"
#include "src/core/worker_options.hpp"

#include <string>

namespace hourglass::worker {

/// The user's options as Core takes them.
[[nodiscard]] core::WorkerOptions core_options(
    const std::string& namespace_name, const WorkerOptions& worker
);

}  // namespace hourglass::worker
