#include "src/activity/timers.hpp"

#include "src/activity/steady_deadline.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <utility>

namespace hourglass::activity {

struct ThreadTimers::Shared {
    using Key = std::pair<std::chrono::steady_clock::time_point, Id>;

    std::mutex mutex;
    std::condition_variable changed;
    std::map<Key, UniqueFunction<void()>> pending;
    std::map<Id, std::chrono::steady_clock::time_point> times;
    std::thread thread;
    Id next = 1;
    bool stopped = false;

    void run() {
        pthread_setname_np(pthread_self(), "hg-timers");
        std::unique_lock lock{mutex};
        while (!stopped) {
            if (pending.empty()) {
                changed.wait(lock);
                continue;
            }
            const auto due = pending.begin()->first.first;
            if (std::chrono::steady_clock::now() < due) {
                changed.wait_until(lock, due);
                continue;
            }
            auto node = pending.extract(pending.begin());
            times.erase(node.key().second);
            lock.unlock();
            {
                UniqueFunction<void()> callback = std::move(node.mapped());
                callback();
            }
            lock.lock();
        }
    }
};

ThreadTimers::ThreadTimers() : shared_{std::make_shared<Shared>()} {}

ThreadTimers::~ThreadTimers() {
    std::map<Shared::Key, UniqueFunction<void()>> dropped;
    std::thread thread;
    {
        const std::lock_guard lock{shared_->mutex};
        shared_->stopped = true;
        dropped.swap(shared_->pending);
        thread = std::move(shared_->thread);
        shared_->changed.notify_all();
    }
    if (thread.get_id() == std::this_thread::get_id()) {
        thread.detach();  // the last owner went in a callback
    } else if (thread.joinable()) {
        thread.join();
    }
}

Timers::Id ThreadTimers::after(std::chrono::nanoseconds delay, UniqueFunction<void()> callback) {
    const std::lock_guard lock{shared_->mutex};
    if (!shared_->thread.joinable()) {
        shared_->thread = std::thread{[shared = shared_] { shared->run(); }};
    }
    const Id id = shared_->next++;
    const auto due = deadline_after(delay);
    shared_->times.emplace(id, due);
    const auto added = shared_->pending.emplace(Shared::Key{due, id}, std::move(callback)).first;
    if (added == shared_->pending.begin()) {
        shared_->changed.notify_all();
    }
    return id;
}

void ThreadTimers::cancel(Id id) {
    UniqueFunction<void()> cancelled;  // destroyed without the lock
    const std::lock_guard lock{shared_->mutex};
    const auto time = shared_->times.find(id);
    if (time == shared_->times.end()) {
        return;
    }
    const auto entry = shared_->pending.find({time->second, id});
    cancelled = std::move(entry->second);
    shared_->pending.erase(entry);
    shared_->times.erase(time);
}

}  // namespace hourglass::activity
