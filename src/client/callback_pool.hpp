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
///
/// One more thread keeps the time, from the first use on: a timer that is cancelled before it is
/// due, as the guard of each call is, wakes nobody. Where the system gives no other thread, that
/// one does the work, so that nothing is refused after the first use.
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
    /// @throws std::system_error, of the first use: the system gives no thread. Nothing is kept.
    void post(Job job);

    /// Posts `job` once `delay` has passed, unless it is cancelled before.
    /// @throws std::system_error as `post`.
    TimerId post_after(std::chrono::milliseconds delay, Job job);

    /// Forgets a timer that is not due yet; nothing happens if it is.
    void cancel(const TimerId& timer);

    /// All, the one that keeps the time among them.
    [[nodiscard]] std::size_t threads() const;

private:
    void run();
    void keep_time();
    /// With the lock held, except while the job runs.
    void run_next(std::unique_lock<std::mutex>& lock);
    /// With the lock held.
    void add(Job job);
    void add_thread_if_needed();
    void start_timekeeper();

    const std::size_t max_threads_;
    const std::chrono::milliseconds idle_for_;
    mutable std::mutex mutex_;
    std::condition_variable for_threads_;
    std::condition_variable for_timekeeper_;
    std::condition_variable ended_;
    std::deque<Job> jobs_;
    std::map<TimerId, Job> timers_;
    std::uint64_t next_timer_ = 0;
    std::size_t threads_ = 0;
    std::size_t idle_ = 0;
    bool keeps_time_ = false;
    /// When the one that keeps the time looks again; the past while it is awake.
    Clock::time_point looks_at_ = Clock::time_point::min();
    bool stopping_ = false;
};

}  // namespace hourglass::client
