#include "src/client/callback_pool.hpp"

#include "src/base/fork.hpp"

#include <algorithm>
#include <new>
#include <pthread.h>
#include <system_error>
#include <thread>

namespace hourglass::client {

namespace {

template <class Whose>
CallbackPool& pool_of_process() {
    static CallbackPool* pool = nullptr;
    static std::once_flag once;
    std::call_once(once, [] {
        pool = new CallbackPool;  // never deleted: see the header
        // A forked child has none of the threads that the pool counts, and maybe its lock is held
        // by one of them: the child begins with an empty pool in the same place. What was waiting
        // in the old one is the parent's to finish.
        pthread_atfork(nullptr, nullptr, [] { new (pool) CallbackPool; });
    });
    return *pool;
}

struct OfClients;
struct OfCodecs;

}  // namespace

CallbackPool& CallbackPool::shared() {
    return pool_of_process<OfClients>();
}

CallbackPool& CallbackPool::codecs() {
    return pool_of_process<OfCodecs>();
}

CallbackPool::~CallbackPool() {
    std::deque<Job> jobs;
    std::map<TimerId, Job> timers;
    {
        std::unique_lock lock{mutex_};
        stopping_ = true;
        jobs.swap(jobs_);
        timers.swap(timers_);
        changed_.notify_all();
        ended_.wait(lock, [this] { return threads_ == 0; });
    }
}

void CallbackPool::post(Job job) {
    const std::lock_guard lock{mutex_};
    jobs_.push_back(std::move(job));
    add_thread_if_needed();
    changed_.notify_one();
}

CallbackPool::TimerId CallbackPool::post_after(std::chrono::milliseconds delay, Job job) {
    const std::lock_guard lock{mutex_};
    const TimerId timer{Clock::now() + std::min(delay, kLongestWait), next_timer_++};
    timers_.emplace(timer, std::move(job));
    add_thread_if_needed();
    changed_.notify_one();  // whoever sleeps may sleep shorter now
    return timer;
}

void CallbackPool::cancel(const TimerId& timer) {
    Job dropped;  // destroyed outside the lock: it may own a promise, whose end runs callbacks
    {
        const std::lock_guard lock{mutex_};
        if (const auto found = timers_.find(timer); found != timers_.end()) {
            dropped = std::move(found->second);
            timers_.erase(found);
        }
    }
}

std::size_t CallbackPool::threads() const {
    const std::lock_guard lock{mutex_};
    return threads_;
}

void CallbackPool::add_thread_if_needed() {
    // Timers need one idle thread between them, to notice that they are due; each job needs its
    // own.
    const std::size_t needed = jobs_.size() + (timers_.empty() ? 0 : 1);
    if (idle_ >= needed || threads_ >= max_threads_ || stopping_) {
        return;
    }
    ++threads_;
    ++idle_;
    try {
        std::thread{[this] { run(); }}.detach();
    } catch (const std::system_error&) {
        --threads_;
        --idle_;
        if (threads_ == 0) {
            throw;  // nobody is left to do the work later
        }
    }
}

CallbackPool::Job CallbackPool::take_due_job() {
    Job job;
    if (!timers_.empty() && timers_.begin()->first.first <= Clock::now()) {
        job = std::move(timers_.begin()->second);
        timers_.erase(timers_.begin());
    } else if (!jobs_.empty()) {
        job = std::move(jobs_.front());
        jobs_.pop_front();
    }
    return job;
}

void CallbackPool::run() {
    std::unique_lock lock{mutex_};
    auto idle_since = Clock::now();
    while (!stopping_) {
        if (Job job = take_due_job()) {
            --idle_;
            add_thread_if_needed();
            lock.unlock();
            {
                const fork::ForkStays stays{"a continuation of a client's call"};
                job();
            }
            job = nullptr;  // its captures end outside the lock
            lock.lock();
            ++idle_;
            idle_since = Clock::now();
            continue;
        }
        const auto give_up = idle_since + idle_for_;
        const bool needed = !timers_.empty() && idle_ == 1;
        if (!needed && Clock::now() >= give_up) {
            break;
        }
        if (timers_.empty()) {
            changed_.wait_until(lock, give_up);
        } else if (needed) {
            changed_.wait_until(lock, timers_.begin()->first.first);
        } else {
            changed_.wait_until(lock, std::min(give_up, timers_.begin()->first.first));
        }
    }
    --idle_;
    --threads_;
    // What woke this thread, or would have: a timer may be left to the others, who sleep as if this
    // one watched it.
    changed_.notify_one();
    ended_.notify_all();
}

}  // namespace hourglass::client
