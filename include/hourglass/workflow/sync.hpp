#pragma once

// What the Tasks of one workflow share without getting in each other's way. First come, first
// served, and the same on replay. Members of the workflow's class, or of whatever outlives the
// Tasks that use them.

#include "hourglass/workflow/detail/handle_awaiter.hpp"
#include "hourglass/workflow/task.hpp"

#include <cstddef>
#include <deque>
#include <utility>

namespace hourglass::workflow {

namespace detail {

/// A place in a queue: ends when it is its turn, or when its scope is cancelled.
class TurnOperation final : public Operation {
public:
    using Operation::Operation;
    void cancel() override;
    /// Ends it without its turn: nobody will have one any more.
    void dismiss() noexcept {
        dismissed_ = true;
        settle();
    }
    [[nodiscard]] bool dismissed() const noexcept { return dismissed_; }

private:
    bool dismissed_ = false;
};

/// Those who wait, first come first served.
class Turns {
public:
    /// @throws CancelledError in a cancelled scope.
    static void check_scope(const char* api);
    /// Waits for its turn.
    /// @returns false if there will be none.
    [[nodiscard]] Task<bool> wait();
    /// @returns whether somebody waited, whose turn it is now.
    bool next() noexcept;
    /// Sends all away.
    void dismiss_all() noexcept;
    [[nodiscard]] bool empty() noexcept;

private:
    [[nodiscard]] Ref<TurnOperation> first() noexcept;
    void forget_cancelled() noexcept;

    std::deque<Ref<TurnOperation>> waiting_;
};

}  // namespace detail

class MutexLock;

/// A number of places.
class Semaphore {
public:
    /// @param places  > 0. @throws ConfigurationError
    explicit Semaphore(std::size_t places);
    Semaphore(const Semaphore&) = delete;
    Semaphore& operator=(const Semaphore&) = delete;

    /// Waits for a free place and takes it; give it back with release().
    /// @throws CancelledError if the scope is cancelled first: then it has none.
    [[nodiscard]] Task<void> acquire();
    /// Takes a place if one is free.
    /// @throws OutsideWorkflowError, ReadOnlyError
    [[nodiscard]] bool try_acquire();
    /// Gives a place back: to whoever has waited longest, if somebody waits. One that nobody had
    /// taken makes one more, and the log says so. Throws nothing, so that destructors may call it,
    /// and is therefore not refused where nothing may be changed: do not call it there.
    void release();
    /// Places that are free.
    [[nodiscard]] std::size_t available() const noexcept { return free_; }

private:
    friend MutexLock;
    void give_back() noexcept;

    const std::size_t places_;
    std::size_t free_;
    detail::Turns turns_;
};

class Mutex;

/// Holds a Mutex while it lives. One that ends in a query, a validator or a condition lets go of it
/// all the same, since an end cannot be refused; none should be kept where those could end it.
class [[nodiscard("a lock that is dropped at once protects nothing")]] MutexLock {
public:
    MutexLock(MutexLock&& other) noexcept : mutex_{std::exchange(other.mutex_, nullptr)} {}
    MutexLock& operator=(MutexLock&& other) noexcept {
        std::swap(mutex_, other.mutex_);
        return *this;
    }
    MutexLock(const MutexLock&) = delete;
    MutexLock& operator=(const MutexLock&) = delete;
    ~MutexLock() { let_go(); }

    /// Lets go before its end. Does nothing if it holds nothing any more.
    /// @throws OutsideWorkflowError, ReadOnlyError
    void unlock();

private:
    friend Mutex;
    explicit MutexLock(Mutex* mutex) noexcept : mutex_{mutex} {}
    void let_go() noexcept;

    Mutex* mutex_;
};

/// One at a time: `const MutexLock lock = co_await mutex_.lock();`
class Mutex {
public:
    Mutex() : place_{1} {}

    /// Waits until nobody holds it.
    /// @throws CancelledError if the scope is cancelled first.
    [[nodiscard]] Task<MutexLock> lock();
    [[nodiscard]] bool locked() const noexcept { return place_.available() == 0; }

private:
    friend MutexLock;
    Semaphore place_;
};

inline void MutexLock::let_go() noexcept {
    if (Mutex* const held = std::exchange(mutex_, nullptr)) {
        held->place_.give_back();
    }
}

}  // namespace hourglass::workflow
