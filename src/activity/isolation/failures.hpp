#pragma once

#include "hourglass/activity/isolation.hpp"
#include "hourglass/convert/failures.hpp"

#include <cstdint>
#include <string>

namespace hourglass::activity::isolation {

// The failures of isolated attempts. Each is retryable: another attempt gets another process.

inline constexpr const char* kCrashed = "IsolatedActivityCrashed";
inline constexpr const char* kMemoryLimit = "IsolatedActivityMemoryLimit";
inline constexpr const char* kIgnoredCancellation = "IsolatedActivityIgnoredCancellation";
/// The task, its result or what it sent is more than a frame takes.
inline constexpr const char* kTooLarge = "IsolatedActivityTooLarge";
/// The function is in a library that was loaded too late.
inline constexpr const char* kNotLoaded = "IsolatedActivityNotLoaded";
/// There is nobody to make processes: never started, or gone.
inline constexpr const char* kNoServer = "IsolationServerUnavailable";
/// The system refused a process or a file descriptor.
inline constexpr const char* kNoProcess = "IsolationNoProcess";

[[nodiscard]] ApplicationError memory_limit_reached(
    const std::string& activity, std::uint64_t bytes
);
/// @param status  as waitpid gives it.
/// @param backtrace  what the crash handler wrote, or nothing.
[[nodiscard]] ApplicationError crashed(
    const std::string& activity,
    int pid,
    int status,
    const std::string& backtrace,
    const Isolation& bounds
);
/// It closed its channel, or wrote into it.
[[nodiscard]] ApplicationError lost(const std::string& activity, int pid);
[[nodiscard]] ApplicationError ignored_cancellation(
    const std::string& activity, int pid, const Isolation& bounds
);
[[nodiscard]] std::string code_not_loaded_text(const std::string& activity);

}  // namespace hourglass::activity::isolation
