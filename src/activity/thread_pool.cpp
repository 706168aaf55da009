#include "src/activity/thread_pool.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/base/log.hpp"
#include "src/activity/steady_deadline.hpp"
#include "src/base/fork.hpp"

#include <cxxabi.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <system_error>
#include <utility>

namespace hourglass::activity {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kKernelNameLength = 15;

std::thread spawn_thread(const ThreadPoolOptions& options, std::function<void()> body) {
    return options.spawn ? options.spawn(std::move(body)) : std::thread{std::move(body)};
}

void run_guarded(Job& job) {
    const fork::ForkStays stays{"an activity or a Nexus operation's handler"};
    try {
        job.run();
    } catch (abi::__forced_unwind&) {
        throw;  // the body ended its thread (pthread_exit): glibc ends the process if this is
                // stopped
    } catch (...) {
        log::error("a job of the pool threw", {{"job", job.label}});
    }
}

}  // namespace

struct ThreadPool::Shared : std::enable_shared_from_this<ThreadPool::Shared> {
    struct Worker {
        std::thread thread;
        std::optional<std::string> running{};
        Clock::time_point since{};
    };

    explicit Shared(ThreadPoolOptions given) : options{std::move(given)} {}

    const ThreadPoolOptions options;
    std::mutex mutex;
    std::condition_variable work;
    std::condition_variable changed;
    std::deque<Job> queue;
    std::map<std::uint64_t, Worker> workers;
    // A thread that ends joins its predecessor, so that at most one waits to be joined.
    std::thread ended;
    std::uint64_t next_worker = 1;
    std::size_t idle = 0;
    std::size_t running = 0;
    bool closed = false;

    // All below with the lock held, unless said otherwise.

    /// @returns false if a thread is wanted and there is none at all.
    bool provide_thread() {
        if (queue.size() <= idle) {
            work.notify_one();
            return true;
        }
        if (workers.size() >= options.max_threads) {
            return true;
        }
        const std::uint64_t id = next_worker++;
        try {
            workers.try_emplace(id);
            workers[id].thread =
                spawn_thread(options, [self = shared_from_this(), id] { self->work_as(id); });
            return true;
        } catch (const std::exception& error) {
            workers.erase(id);
            log::warn(
                "cannot start a thread for an activity or a Nexus operation's handler",
                {{"error", error.what()}, {"threads", std::to_string(workers.size())}}
            );
            return !workers.empty();  // then one of them comes to the job
        }
    }

    // Not locked: the body of a thread.
    void work_as(std::uint64_t id) {
        const std::string number = std::to_string(id);
        const std::string name =
            options.name.substr(0, kKernelNameLength - number.size() - 1) + "-" + number;
        pthread_setname_np(pthread_self(), name.c_str());
        const Leave leave{this, id};
        std::unique_lock lock{mutex};
        while (true) {
            if (!queue.empty()) {
                run_next(lock, id);
                continue;
            }
            if (closed) {
                return;
            }
            ++idle;
            const bool timed_out =
                work.wait_until(lock, deadline_after(options.idle)) == std::cv_status::timeout;
            --idle;
            if (timed_out && queue.empty()) {
                return;
            }
        }
    }

    void run_next(std::unique_lock<std::mutex>& lock, std::uint64_t id) {
        Job job = std::move(queue.front());
        queue.pop_front();
        Worker& self = workers.at(id);
        self.running = job.label;
        self.since = Clock::now();
        ++running;
        lock.unlock();
        {
            const Finish finish{this, id};
            Job mine = std::move(job);  // what it captured is destroyed here, without the lock
            run_guarded(mine);
        }
        lock.lock();
    }

    struct Finish {
        Shared* shared;
        std::uint64_t id;
        ~Finish() {
            const std::lock_guard lock{shared->mutex};
            shared->workers.at(id).running.reset();
            --shared->running;
            shared->changed.notify_all();
        }
    };

    struct Leave {
        Shared* shared;
        std::uint64_t id;
        ~Leave() { shared->leave(id); }
    };

    // Not locked.
    void leave(std::uint64_t id) noexcept {
        std::thread predecessor;
        std::deque<Job> stranded;
        {
            const std::lock_guard lock{mutex};
            auto own = workers.extract(id);
            if (own.mapped().thread.joinable()) {
                predecessor = std::exchange(ended, std::move(own.mapped().thread));
            }
            // A job may have come after this thread decided to end, or the body ended its thread by
            // itself.
            if (!queue.empty() && !provide_thread()) {
                stranded.swap(queue);
            }
            changed.notify_all();
        }
        drop_all(stranded);
        if (predecessor.joinable()) {
            predecessor.join();
        }
    }

    static void drop_all(std::deque<Job>& jobs) {
        for (Job& job : jobs) {
            job.drop();
        }
    }
};

ThreadPool::ThreadPool(ThreadPoolOptions options) {
    if (options.max_threads == 0) {
        throw ConfigurationError{"the activity pool's max_threads is 0; it must be at least 1"};
    }
    shared_ = std::make_shared<Shared>(std::move(options));
}

ThreadPool::~ThreadPool() {
    shutdown(std::chrono::nanoseconds::zero());
}

bool ThreadPool::post(Job job) {
    const std::lock_guard lock{shared_->mutex};
    if (shared_->closed) {
        return false;
    }
    shared_->queue.push_back(std::move(job));
    if (!shared_->provide_thread()) {
        shared_->queue.pop_back();
        return false;
    }
    return true;
}

std::vector<StillRunning> ThreadPool::shutdown(std::chrono::nanoseconds timeout) {
    std::deque<Job> unstarted;
    std::vector<StillRunning> still_running;
    std::thread last;
    {
        std::unique_lock lock{shared_->mutex};
        Shared& shared = *shared_;
        shared.changed.wait_until(lock, deadline_after(timeout), [&shared] {
            return shared.queue.empty() && shared.running == 0;
        });
        shared.closed = true;
        unstarted.swap(shared.queue);
        const auto now = Clock::now();
        for (auto& [id, worker] : shared.workers) {
            if (worker.running) {
                still_running.push_back({*worker.running, now - worker.since});
                if (worker.thread.joinable()) {
                    worker.thread.detach();
                }
            }
        }
        shared.work.notify_all();
        // Those without a body run no code but ours: they leave at once.
        shared.changed.wait(lock, [&shared] { return shared.workers.size() == shared.running; });
        last = std::move(shared.ended);
    }
    Shared::drop_all(unstarted);
    if (last.joinable()) {
        last.join();
    }
    return still_running;
}

ThreadPoolStats ThreadPool::stats() const {
    const std::lock_guard lock{shared_->mutex};
    return {shared_->workers.size(), shared_->running, shared_->queue.size()};
}

}  // namespace hourglass::activity
