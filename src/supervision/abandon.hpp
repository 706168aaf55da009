#pragma once

#include "hourglass/supervision/exit_reason.hpp"
#include "hourglass/supervision/pid.hpp"

namespace hourglass::supervision {

/// The process whose turn it is on the calling thread; nobody's elsewhere.
[[nodiscard]] Pid running_process();

/// Declares a process dead whose handler does not return: its system gets another thread in place
/// of the one that it keeps, and its supervisor hears of it. What the handler still does has no
/// effect on the tree.
/// @threads any; of a process that is dead, or nobody's, nothing happens.
void abandon(const Pid& process, const ExitReason& reason);

}  // namespace hourglass::supervision
