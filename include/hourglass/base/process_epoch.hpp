#pragma once

#include <cstdint>
#include <exception>

namespace hourglass::detail {

/// How many forks lie between the program's start and this process: another number in a child than
/// in its parent.
/// @threads any; an atomic read.
[[nodiscard]] std::uint64_t process_epoch() noexcept;

/// What waits in a forked child for an answer that only the parent will get: a BrokenPromiseError.
[[nodiscard]] const std::exception_ptr& lost_in_fork() noexcept;

}  // namespace hourglass::detail
