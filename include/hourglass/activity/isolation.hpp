#pragma once

// Activities that run in a process of their own, so that a crash costs one attempt and not the
// worker.

#include <chrono>
#include <cstdint>
#include <optional>

namespace hourglass::activity {

/// How an isolated activity's attempts are bounded.
struct Isolation {
    /// Bytes that an attempt may allocate, > 0; unset: no limit. Beyond it `new` throws
    /// std::bad_alloc, and the attempt fails as `IsolatedActivityMemoryLimit`. The stacks of
    /// threads that the body starts count.
    std::optional<std::uint64_t> memory_limit{};
    /// How long an attempt may go on after it was told to stop, >= 0; then its process is killed
    /// and it fails as `IsolatedActivityIgnoredCancellation`.
    std::chrono::milliseconds cancellation_grace = std::chrono::seconds{5};

    friend bool operator==(const Isolation&, const Isolation&) = default;
};

/// The type of `dynamic`.
struct Dynamic {};

/// `HOURGLASS_ACTIVITY(forward, dynamic)`: it runs every type that has no definition of its own.
inline constexpr Dynamic dynamic{};

/// The type of `isolated`: itself the defaults, called it takes others.
struct Isolated {
    // NOLINTNEXTLINE(google-explicit-constructor): it stands where an Isolation is asked for
    constexpr operator Isolation() const { return {}; }
    constexpr Isolation operator()(Isolation with) const { return with; }
};

/// `HOURGLASS_ACTIVITY(charge, isolated)`, `definitions.add<&charge>(isolated)`, or with bounds
/// `isolated({.memory_limit = 256 << 20, .cancellation_grace = 2s})`.
inline constexpr Isolated isolated{};

}  // namespace hourglass::activity

namespace hourglass::isolation {

/// Forks the small process from which those of isolated activities are made. It does so once;
/// later calls do nothing. An Application whose default worker has isolated activities calls it by
/// itself, so a program needs it only if it starts threads, or has set up what the activities need,
/// before its Application.
///
/// What the program has done up to this call is there for isolated activities, what it does later
/// is not.
/// @throws ConfigurationError if this process has more than one thread: a fork would copy locks
/// that nobody releases. Error if the system has no process or file descriptor left.
/// @threads the program's first one, while there is no other.
void start();

/// Whether `start` has been called in this process (not in one that it was forked from).
/// @threads any.
[[nodiscard]] bool started() noexcept;

}  // namespace hourglass::isolation
