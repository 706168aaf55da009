#pragma once

#include "hourglass/base/process_epoch.hpp"

#include <cstdint>
#include <mutex>

/// What a fork of a program with threads needs. The child has its parent's memory, but of its
/// threads only the one that forked: what others held or were about to do stays so for ever. So a
/// child never touches what belongs to threads of its parent; it makes its own (PerProcess). The
/// little that it does take over is behind LeafMutexes.
namespace hourglass::fork {

using detail::process_epoch;

/// The mutex of a leaf whose data a forked child takes over: a fork waits for it and holds it
/// meanwhile, so that the child finds it free and the data whole.
///
/// Under such a lock neither another one is taken, made or destroyed, nor anything waited for.
class LeafMutex {
public:
    LeafMutex();
    ~LeafMutex();
    LeafMutex(const LeafMutex&) = delete;
    LeafMutex& operator=(const LeafMutex&) = delete;

    void lock() { mutex_.lock(); }
    void unlock() { mutex_.unlock(); }

private:
    std::mutex mutex_;
};

/// While it lives, a forked child closes its copy of this file descriptor at once: one that others
/// must not find open, such as the socket that a port belongs to. End it before the descriptor is
/// closed, whose number may be another file's afterwards.
class ClosedInChild {
public:
    explicit ClosedInChild(int descriptor);
    ~ClosedInChild();
    ClosedInChild(const ClosedInChild&) = delete;
    ClosedInChild& operator=(const ClosedInChild&) = delete;

private:
    const int descriptor_;
};

/// Keeps what belongs to a process that this one was forked from: never destroyed, and reachable,
/// so that no leak checker takes it for an accident.
void keep_for_ever(const void* inherited);

/// Around code of the program's that a thread of ours runs: a child that is forked in there and
/// comes back out ends with status 70 and a line on stderr. It would go on with its parent's work.
class ForkStays {
public:
    /// @param where  for the line, such as "an activity".
    explicit ForkStays(const char* where) noexcept : where_{where} {}
    ~ForkStays() { check(where_, epoch_); }
    ForkStays(const ForkStays&) = delete;
    ForkStays& operator=(const ForkStays&) = delete;

    /// The same for what began when the epoch was `began_in`.
    static void check(const char* where, std::uint64_t began_in) noexcept;

private:
    const char* where_;
    const std::uint64_t epoch_ = process_epoch();
};

}  // namespace hourglass::fork
