#pragma once

#include "hourglass/base/unique_function.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace hourglass::activity {

struct ThreadPoolOptions {
    /// How many bodies run at once, > 0: the worker's number of slots.
    std::size_t max_threads = 100;
    /// How long a thread without work stays before it ends.
    std::chrono::nanoseconds idle = std::chrono::seconds{30};
    /// Start of the threads' names; the kernel keeps 15 characters of a name.
    std::string name = "hg-activity";
    /// Starts a thread; throws std::system_error if it cannot. Empty: std::thread.
    std::function<std::thread(std::function<void()>)> spawn{};
};

struct Job {
    /// Whose body it is, for the report of what does not end.
    std::string label;
    UniqueFunction<void()> run;
    /// Called instead of `run` if the pool was shut down before it came to it.
    UniqueFunction<void()> drop;
};

/// A body that was running when the pool's shutdown gave up waiting.
struct StillRunning {
    std::string label;
    std::chrono::nanoseconds running_for{};
};

struct ThreadPoolStats {
    std::size_t threads = 0;
    std::size_t running = 0;
    std::size_t queued = 0;
};

/// Threads for bodies that may block: made when there is work and nobody idle, up to the limit;
/// beyond it jobs wait.
/// @threads any.
class ThreadPool {
public:
    /// @throws ConfigurationError if the limit is 0.
    explicit ThreadPool(ThreadPoolOptions options = {});
    /// Shuts down without waiting for what runs.
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    /// Every accepted job has either its `run` or its `drop` called, once.
    /// @returns false, and the job is not accepted, after shutdown or if no thread could be started
    /// and none is there.
    [[nodiscard]] bool post(Job job);

    /// Waits until nothing runs or is queued, at most `timeout`, then takes no more jobs. What runs
    /// on then is reported and left alone, since a thread cannot be killed; what did not start is
    /// dropped.
    std::vector<StillRunning> shutdown(std::chrono::nanoseconds timeout);

    [[nodiscard]] ThreadPoolStats stats() const;

private:
    struct Shared;
    // The threads share it: one that does not end may outlive the pool.
    std::shared_ptr<Shared> shared_;
};

}  // namespace hourglass::activity
