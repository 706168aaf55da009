#pragma once

#include "src/supervision/runtime.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

namespace hourglass::supervision::detail {

/// A pool of threads that run whichever process is ready, and one thread that waits for timers.
///
/// What a handler makes ready, its thread runs next if nothing else is: nobody is woken for it.
///
/// Handlers should not block, but may: if no process got its turn for a second while some are
/// ready, a sleeping thread is woken, or the pool grows by one, up to four times its size.
/// Otherwise the supervisors that could do something about it would not run either.
class ThreadedRuntime final : public Runtime {
public:
    void start(std::size_t threads);
    /// Ends the threads once their handlers have returned, then whatever process is left. A thread
    /// whose handler does not return within `patience` is left behind; it keeps this object alive.
    void stop(std::chrono::nanoseconds patience);
    /// Whether the calling thread belongs to this pool.
    [[nodiscard]] bool is_own_thread() const noexcept;

    void enqueue(std::shared_ptr<Cell> cell) override;
    [[nodiscard]] Clock::time_point now() const override { return Clock::now(); }
    void thread_lost() override;
    void thread_regained() override;

protected:
    void timer_moved() override;

private:
    struct Worker {
        std::thread thread;
        bool finished = false;
    };

    void add_worker_locked();
    bool try_to_add_worker_locked();
    void help_if_stalled();
    void work(Worker& worker);
    void keep_time();

    mutable std::mutex mutex_;
    std::condition_variable ready_changed_;
    std::condition_variable worker_finished_;
    std::deque<std::shared_ptr<Cell>> ready_;
    std::list<Worker> workers_;
    std::size_t sleeping_ = 0;
    std::size_t surplus_ = 0;  // threads to end, because a lost one came back
    std::size_t threads_ = 0;
    std::uint64_t turns_ = 0;
    std::uint64_t turns_seen_ = 0;  // by the timekeeper
    bool waited_ = false;           // somebody did, when it looked last
    bool stopping_ = false;

    std::mutex time_mutex_;
    std::condition_variable time_changed_;
    bool timer_moved_ = false;
    bool time_stopping_ = false;
    Clock::time_point next_look_ = {};
    std::thread timekeeper_;
    std::mutex stop_mutex_;
};

}  // namespace hourglass::supervision::detail
