#pragma once

#include <cstdint>

namespace hourglass::core::generation {

/// The number of the current generation of bridge handles, 1 or more. A forked child is in a new
/// one, and every handle it inherited is stale.
/// @threads any.
[[nodiscard]] std::uint64_t current() noexcept;

/// Does to this process what a fork does to the child: every handle is stale from now on, calls
/// under way end with StaleHandle, the threads and connections of Core are gone. Returns the new
/// generation.
/// @threads any.
std::uint64_t bump() noexcept;

}  // namespace hourglass::core::generation
