#pragma once

#include "hourglass/subsystem/application_options.hpp"
#include "hourglass/worker/worker_options.hpp"

namespace hourglass::subsystem {

/// The options as their plugins leave them, those of the default worker, if one is started, as
/// `configured` below.
/// @throws ConfigurationError for a plugin that is null, or has no name of its own; what a plugin
/// throws.
[[nodiscard]] ApplicationOptions configured(ApplicationOptions options);

/// A worker's options as the application's plugins leave them, with those interceptors of its
/// client that are a worker's, too: outermost and each once, unless the worker names them itself.
/// @param application  as `configured` gave it.
/// @throws what a plugin throws.
[[nodiscard]] WorkerOptions configured(WorkerOptions worker, const ApplicationOptions& application);

}  // namespace hourglass::subsystem
