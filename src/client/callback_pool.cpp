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
        for_threads_.notify_all();
        for_timekeeper_.notify_all();
        ended_.wait(lock, [this] { return threads_ == 0 && !keeps_time_; });
    }
}

void CallbackPool::post(Job job) {
    const std::lock_guard lock{mutex_};
    start_timekeeper();
    add(std::move(job));
}

void CallbackPool::add(Job job) {
    jobs_.push_back(std::move(job));
    add_thread_if_needed();
    for_threads_.notify_one();
}

CallbackPool::TimerId CallbackPool::post_after(std::chrono::milliseconds delay, Job job) {
    const std::lock_guard lock{mutex_};
    start_timekeeper();
    const TimerId timer{Clock::now() + std::min(delay, kLongestWait), next_timer_++};
    if (delay <= std::chrono::milliseconds::zero()) {
        add(std::move(job));
        return timer;
    }
    timers_.emplace(timer, std::move(job));
    if (timer.first < looks_at_) {
        for_timekeeper_.notify_one();
    }
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
    return threads_ + (keeps_time_ ? 1 : 0);
}

void CallbackPool::add_thread_if_needed() {
    if (idle_ >= jobs_.size() || threads_ >= max_threads_ || stopping_) {
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
            for_timekeeper_.notify_one();  // it has to run the job
        }
    }
}

void CallbackPool::start_timekeeper() {
    if (keeps_time_ || stopping_) {
        return;
    }
    std::thread{[this] { keep_time(); }}.detach();
    keeps_time_ = true;
}

void CallbackPool::run_next(std::unique_lock<std::mutex>& lock) {
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    add_thread_if_needed();
    lock.unlock();
    {
        const fork::ForkStays stays{"a continuation of a client's call"};
        job();
    }
    job = nullptr;  // its captures end outside the lock
    lock.lock();
}

void CallbackPool::run() {
    pthread_setname_np(pthread_self(), "hg-client");
    std::unique_lock lock{mutex_};
    auto give_up = Clock::now() + idle_for_;
    while (!stopping_) {
        if (!jobs_.empty()) {
            --idle_;
            run_next(lock);
            ++idle_;
            give_up = Clock::now() + idle_for_;
            continue;
        }
        if (Clock::now() >= give_up) {
            break;
        }
        for_threads_.wait_until(lock, give_up);
    }
    --idle_;
    --threads_;
    ended_.notify_all();
}

void CallbackPool::keep_time() {
    pthread_setname_np(pthread_self(), "hg-client-time");
    std::unique_lock lock{mutex_};
    while (!stopping_) {
        if (!jobs_.empty() && threads_ == 0) {
            run_next(lock);
            continue;
        }
        if (!timers_.empty() && timers_.begin()->first.first <= Clock::now()) {
            add(std::move(timers_.extract(timers_.begin()).mapped()));
            continue;
        }
        looks_at_ = timers_.empty() ? Clock::now() + kLongestWait : timers_.begin()->first.first;
        for_timekeeper_.wait_until(lock, looks_at_);
        looks_at_ = Clock::time_point::min();
    }
    keeps_time_ = false;
    ended_.notify_all();
}

}  // namespace hourglass::client
