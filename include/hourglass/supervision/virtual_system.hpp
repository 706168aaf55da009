#pragma once

#include "hourglass/supervision/system.hpp"

#include <chrono>
#include <cstddef>

namespace hourglass::supervision {

/// A system for tests: no thread, and a clock that stands still until it is moved.
///
/// Messages run in the order in which their processes became ready, on the thread that calls
/// `run_until_idle` or `advance`; the same program always takes the same course.
/// @threads messages may be sent from any thread; one thread at a time runs it.
class VirtualSystem : public System {
public:
    VirtualSystem();
    ~VirtualSystem();
    VirtualSystem(const VirtualSystem&) = delete;
    VirtualSystem& operator=(const VirtualSystem&) = delete;

    /// Runs until no process has anything to do at the present time.
    /// @throws Error if it is still busy after `limit` turns: two processes keep each other busy
    /// for ever.
    void run_until_idle(std::size_t limit = 1'000'000);

    /// Moves the clock by `duration`, stopping at every timer on the way, and runs what becomes
    /// ready.
    void advance(std::chrono::nanoseconds duration);

    /// Runs until `future` is ready, moving the clock as far as that needs, at most by `limit`.
    /// @throws WaitTimeoutError if it is not ready then; what the future failed with.
    template <class T>
    T run(Future<T> future, std::chrono::nanoseconds limit = std::chrono::hours{1}) {
        run_until([&future] { return future.ready(); }, limit);
        return future.get();
    }

    /// Stops every process as `ThreadedSystem::shutdown` does, moving the clock as far as that
    /// needs.
    void shutdown();

private:
    void run_until(const std::function<bool()>& done, std::chrono::nanoseconds limit);
};

}  // namespace hourglass::supervision
