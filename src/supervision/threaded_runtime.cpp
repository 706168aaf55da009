#include "src/supervision/threaded_runtime.hpp"

#include "hourglass/base/log.hpp"
#include "src/supervision/cell.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

namespace hourglass::supervision::detail {
namespace {

thread_local const ThreadedRuntime* own_runtime = nullptr;
/// Whose turn runs on this thread: when it is over, the thread takes the next one from there.
thread_local const ThreadedRuntime* in_turn_of = nullptr;

constexpr std::chrono::seconds kStall{1};
constexpr std::size_t kMaxGrowth = 4;

}  // namespace

void ThreadedRuntime::start(std::size_t threads) {
    const std::lock_guard lock{mutex_};
    threads_ = threads;
    next_look_ = now() + kStall;
    for (std::size_t i = 0; i < threads; ++i) {
        add_worker_locked();
    }
    timekeeper_ = std::thread{[this] { keep_time(); }};
}

bool ThreadedRuntime::is_own_thread() const noexcept {
    return own_runtime == this;
}

void ThreadedRuntime::add_worker_locked() {
    for (auto worker = workers_.begin(); worker != workers_.end();) {
        if (worker->finished) {
            worker->thread.join();
            worker = workers_.erase(worker);
        } else {
            ++worker;
        }
    }
    Worker& worker = workers_.emplace_back();
    try {
        // The thread shares ownership: one that is left behind must find its system when its
        // handler returns.
        worker.thread = std::thread{[this, &worker, keep = shared_from_this()] { work(worker); }};
    } catch (const std::system_error&) {
        workers_.pop_back();
        throw;
    }
}

bool ThreadedRuntime::try_to_add_worker_locked() {
    try {
        add_worker_locked();
        return true;
    } catch (const std::system_error&) {  // the operating system has no thread for us now
        return false;
    }
}

void ThreadedRuntime::enqueue(std::shared_ptr<Cell> cell) {
    bool wake = false;
    {
        const std::lock_guard lock{mutex_};
        if (stopping_) {
            return;
        }
        ready_.push_back(std::move(cell));
        // Waking a thread costs more than most turns. What a turn makes ready, its thread takes
        // next, as long as it is the only one.
        const bool own_next = in_turn_of == this && ready_.size() == 1;
        wake = sleeping_ != 0 && !own_next;
    }
    if (wake) {
        ready_changed_.notify_one();
    }
}

void ThreadedRuntime::work(Worker& worker) {
    own_runtime = this;
    std::unique_lock lock{mutex_};
    while (!stopping_) {
        if (surplus_ != 0) {
            --surplus_;
            ready_changed_.notify_one();  // of what this one would have taken
            break;
        }
        if (ready_.empty()) {
            ++sleeping_;
            ready_changed_.wait(lock);
            --sleeping_;
            continue;
        }
        auto cell = std::move(ready_.front());
        ready_.pop_front();
        ++turns_;
        lock.unlock();
        in_turn_of = this;
        cell->run();
        cell.reset();
        in_turn_of = nullptr;
        lock.lock();
    }
    worker.finished = true;
    worker_finished_.notify_all();
}

void ThreadedRuntime::thread_lost() {
    ++abandoned_;
    bool replaced = true;
    {
        const std::lock_guard lock{mutex_};
        replaced = stopping_ || try_to_add_worker_locked();
        ready_changed_.notify_one();  // of what the lost one would have taken
    }
    if (!replaced) {
        log::error("a thread of the pool is lost, and the system has no other one for it");
    }
}

void ThreadedRuntime::thread_regained() {
    --abandoned_;
    {
        const std::lock_guard lock{mutex_};
        ++surplus_;
    }
    ready_changed_.notify_one();
}

void ThreadedRuntime::timer_moved() {
    {
        const std::lock_guard lock{time_mutex_};
        timer_moved_ = true;
    }
    time_changed_.notify_one();
}

// On the timekeeper's thread only.
void ThreadedRuntime::help_if_stalled() {
    if (now() < next_look_) {
        return;
    }
    next_look_ = now() + kStall;
    {
        const std::lock_guard lock{mutex_};
        // Twice in a row: a timer may have made a process ready just before, when all had been
        // idle.
        const bool waits = !ready_.empty();
        if (waits && sleeping_ != 0) {
            // The handler that made it ready does not return, and its thread would have taken it.
            ready_changed_.notify_one();
            return;
        }
        const bool stalled = waits && waited_ && turns_ == turns_seen_;
        waited_ = waits;
        turns_seen_ = turns_;
        if (!stalled || stopping_ || workers_.size() >= kMaxGrowth * threads_) {
            return;
        }
        if (!try_to_add_worker_locked()) {
            return;  // looked at again soon
        }
    }
    log::warn(
        "handlers of processes block all threads of the pool; a thread is added. Handlers should "
        "not block: "
        "use request(), or a thread of your own"
    );
}

void ThreadedRuntime::keep_time() {
    own_runtime = this;
    std::unique_lock lock{time_mutex_};
    while (!time_stopping_) {
        timer_moved_ = false;
        lock.unlock();
        while (auto fire = timers_.take_due(now())) {
            fire();
        }
        help_if_stalled();
        const auto next = timers_.next_deadline();
        lock.lock();
        const auto changed = [this] { return timer_moved_ || time_stopping_; };
        // Not a second from now: timers in between would put the next look off.
        time_changed_.wait_until(lock, next ? std::min(*next, next_look_) : next_look_, changed);
    }
}

void ThreadedRuntime::stop(std::chrono::nanoseconds patience) {
    const std::lock_guard only_one{stop_mutex_};
    {
        const std::lock_guard lock{time_mutex_};
        time_stopping_ = true;
    }
    time_changed_.notify_all();
    if (timekeeper_.joinable()) {
        timekeeper_.join();
    }

    std::list<Worker> finished;
    std::deque<std::shared_ptr<Cell>> ready;
    std::size_t left_behind = 0;
    {
        std::unique_lock lock{mutex_};
        if (stopping_) {
            return;
        }
        stopping_ = true;
        ready_changed_.notify_all();
        worker_finished_.wait_for(lock, patience, [this] {
            return std::ranges::all_of(workers_, &Worker::finished);
        });
        for (auto& worker : workers_) {
            if (worker.finished) {
                worker.thread.join();
            } else {
                worker.thread.detach();
                ++left_behind;
            }
        }
        ready.swap(ready_);
    }
    if (left_behind != 0) {
        log::warn(
            "the system of processes ended while handlers still run; their threads are left behind",
            {{"threads", std::to_string(left_behind)}}
        );
    }
    end_all();
    for (const auto& cell : ready) {
        cell->end_now();  // killed before, and waiting for a turn to be destroyed in
    }
}

}  // namespace hourglass::supervision::detail
