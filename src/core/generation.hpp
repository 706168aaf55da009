#pragma once

#include <cstdint>
#include <string>

namespace hourglass::core::generation {

/// The number of the current generation of bridge handles, 1 or more; it only grows. A forked child
/// is in a new one, and so is a program that loaded another build of the bridge: every handle of
/// before is stale.
/// @threads any.
[[nodiscard]] std::uint64_t current() noexcept;

/// Does to this process what a fork does to the child: every handle is stale from now on, calls
/// under way end with StaleHandle, the threads and connections of Core are gone. Returns the new
/// generation.
/// @threads any.
std::uint64_t bump() noexcept;

/// Loads another build of the bridge, a shared library, and uses it from now on. Handles of the
/// build before are stale, as after `bump`; they still belong to it, so it stays loaded. A child
/// that is forked afterwards must not use the bridge: its table of waiting threads can be emptied
/// in the build that is linked in only, see bridge.cpp.
/// @returns the new generation.
/// @throws Error if it is no bridge with all functions that this program needs; then nothing
/// changes.
/// @threads any.
std::uint64_t load_bridge(const std::string& path);

}  // namespace hourglass::core::generation
