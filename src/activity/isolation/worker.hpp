#pragma once

#include "src/base/unique_fd.hpp"

namespace hourglass::activity::isolation {

/// The life of a process that runs isolated activities, one attempt after the other, until the
/// program closes the channel.
/// @param channel  the process's end.
/// @param report  where its crash handler writes.
[[noreturn]] void run_worker(UniqueFd channel, UniqueFd report) noexcept;

}  // namespace hourglass::activity::isolation
