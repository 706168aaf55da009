#pragma once

#include "hourglass/base/unique_function.hpp"
#include "hourglass/supervision/system.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace hourglass::supervision::detail {

/// Timers in the order of their deadlines; equal deadlines in the order they were set.
/// @threads any; the functions are neither run nor destroyed under its lock.
class TimerQueue {
public:
    using TimePoint = Clock::time_point;

    /// @returns whether it is now the first to fire.
    bool add(std::uint64_t id, TimePoint deadline, UniqueFunction<void()> fire);
    bool cancel(std::uint64_t id);
    [[nodiscard]] std::optional<TimePoint> next_deadline() const;
    /// Takes the first timer whose deadline is not after `now`; empty if there is none.
    UniqueFunction<void()> take_due(TimePoint now);
    void clear();

private:
    struct Timer {
        std::uint64_t id;
        UniqueFunction<void()> fire;
    };
    using Queue = std::multimap<TimePoint, Timer>;

    mutable std::mutex mutex_;
    Queue queue_;
    std::unordered_map<std::uint64_t, Queue::iterator> by_id_;
};

}  // namespace hourglass::supervision::detail
