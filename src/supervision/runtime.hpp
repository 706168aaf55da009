#pragma once

#include "hourglass/supervision/observer.hpp"
#include "hourglass/supervision/system.hpp"
#include "src/supervision/timer_queue.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace hourglass::supervision::detail {

/// What every system has: the living processes, the timers, the observers. Its subclasses decide
/// who runs a process when.
///
/// Lock order: every lock here, as a cell's, is a leaf; none is held while code of others runs.
class Runtime : public std::enable_shared_from_this<Runtime> {
public:
    Runtime() = default;
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;
    virtual ~Runtime() = default;

    /// The cell has something to do: run it soon. Dropped once the system has ended.
    virtual void enqueue(std::shared_ptr<Cell> cell) = 0;
    [[nodiscard]] virtual Clock::time_point now() const = 0;
    /// A process was given up while a handler keeps its thread / that handler has returned at last.
    virtual void thread_lost() = 0;
    virtual void thread_regained() = 0;

    std::uint64_t add_timer(std::chrono::nanoseconds delay, UniqueFunction<void()> fire);
    void add_timer(std::uint64_t id, std::chrono::nanoseconds delay, UniqueFunction<void()> fire);
    bool cancel_timer(std::uint64_t id) { return timers_.cancel(id); }
    static std::uint64_t next_token() noexcept;

    /// Makes a cell and counts it among the living. A dead one, if the system has ended.
    std::shared_ptr<Cell> make_cell(Factory factory, SpawnOptions options);
    /// From now on a process without a parent is dead from its start.
    void refuse_roots();
    void release(const Cell& cell);
    [[nodiscard]] std::vector<std::shared_ptr<Cell>> cells() const;
    [[nodiscard]] bool wait_until_empty(std::chrono::nanoseconds limit) const;

    void observe(std::shared_ptr<SupervisorObserver> observer);
    [[nodiscard]] std::vector<std::shared_ptr<SupervisorObserver>> observers() const;

    /// Counted up after and down possibly before its opposite, hence signed.
    [[nodiscard]] std::int64_t abandoned() const noexcept { return abandoned_.load(); }

protected:
    /// A timer was added that is the first to fire now.
    virtual void timer_moved() = 0;

    TimerQueue timers_;
    std::atomic<std::int64_t> abandoned_{0};

    /// From now on nothing starts; whoever lives is killed without being asked. Called when no
    /// thread runs processes.
    void end_all();

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable emptied_;
    std::map<std::uint64_t, std::shared_ptr<Cell>> living_;
    std::uint64_t last_id_ = 0;
    bool roots_refused_ = false;
    bool ended_ = false;
    std::vector<std::shared_ptr<SupervisorObserver>> observers_;
};

/// The deadline `delay` from `now`, without overflow.
[[nodiscard]] Clock::time_point deadline_after(
    Clock::time_point now, std::chrono::nanoseconds delay
);

}  // namespace hourglass::supervision::detail
