#pragma once

#include "src/base/unique_fd.hpp"

#include <signal.h>
#include <sys/types.h>

namespace hourglass::activity::isolation {

/// The isolation server's life: makes processes for isolated activities, says how they ended, kills
/// those whose lease is closed, and ends with the program.
///
/// It stays as it was forked: one thread, and none of the program's later state, so that its forks
/// are sound whatever the program does.
/// @param control  where requests come from; its end is the program's.
/// @param program  who forked it.
/// @param signals  the mask that the processes get.
[[noreturn]] void serve(UniqueFd control, pid_t program, const sigset_t& signals) noexcept;

}  // namespace hourglass::activity::isolation
