#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace hourglass::client {

/// A hundred years: what waits longer, since its limit is meant as none, waits that long. A moment
/// further away would overflow the clock.
inline constexpr std::chrono::milliseconds kLongestWait = std::chrono::hours{24} * 36'500;

/// The threads on which a client's Futures are settled, and its timers fire.
///
/// Settling a Future resumes the coroutines that await it, so user code runs here. It must not run
/// on a thread of Core, which other calls need, and it may block, in a client call for instance,
/// whose own answer comes through this pool too. So the pool never waits for itself: a thread is
/// added whenever work is waiting and no thread is idle, up to a limit that only bounds runaway
/// programs. Idle threads end after a while.
class CallbackPool {
public:
    using Job = std::function<void()>;
    using Clock = std::chrono::steady_clock;
    using TimerId = std::pair<Clock::time_point, std::uint64_t>;

    /// The process's pool. It is never destroyed: Core's threads may still answer while the process
    /// ends.
    static CallbackPool& shared();
    /// Another one, for users' codecs, which may wait for others for long: no answer waits behind
    /// them.
    static CallbackPool& codecs();

    explicit CallbackPool(
        std::size_t max_threads = 256, std::chrono::milliseconds idle = std::chrono::seconds{10}
    )
        : max_threads_{max_threads}, idle_for_{idle} {}
    CallbackPool(const CallbackPool&) = delete;
    CallbackPool& operator=(const CallbackPool&) = delete;
    /// Drops what has not begun and waits for what has.
    ~CallbackPool();

    /// Runs `job` soon. Jobs start in the order they were posted; they must not throw.
    /// @threads any; never blocks.
    void post(Job job);

    /// Runs `job` once `delay` has passed, unless it is cancelled before.
    TimerId post_after(std::chrono::milliseconds delay, Job job);

    /// Forgets a timer that has not fired; nothing happens if it has.
    void cancel(const TimerId& timer);

    [[nodiscard]] std::size_t threads() const;

private:
    void run();
    void add_thread_if_needed();
    Job take_due_job();

    const std::size_t max_threads_;
    const std::chrono::milliseconds idle_for_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::condition_variable ended_;
    std::deque<Job> jobs_;
    std::map<TimerId, Job> timers_;
    std::uint64_t next_timer_ = 0;
    std::size_t threads_ = 0;
    std::size_t idle_ = 0;
    bool stopping_ = false;
};

}  // namespace hourglass::client
