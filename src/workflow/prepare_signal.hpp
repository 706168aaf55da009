#pragma once

#include "hourglass/convert/payload.hpp"
#include "hourglass/workflow/definition.hpp"
#include "hourglass/workflow/handlers.hpp"

#include <string>

namespace hourglass::workflow {

/// Decodes a signal's arguments for its handler.
///
/// Anybody may send anything: what the handler cannot read must not keep the run from going on. So
/// the signal is dropped then, with an error in the log.
/// @returns an empty one if it is dropped.
[[nodiscard]] SignalCall prepare_signal(
    const detail::PrepareSignal& handler, const std::string& name, Payloads arguments
);

}  // namespace hourglass::workflow
