#pragma once

#include "hourglass/base/error.hpp"
#include "hourglass/base/process_epoch.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace hourglass {

template <class T>
class Promise;

namespace detail {

struct Nothing {};

/// What a Future and its Promise share. The lock is a leaf: callbacks run outside it.
///
/// In a forked child the answer of an operation that its parent began is what it was at the fork:
/// there, or lost. Nobody is left in the child to bring it, or to release the lock.
template <class T>
class FutureState {
public:
    using Value = std::conditional_t<std::is_void_v<T>, Nothing, T>;

    bool settle(std::optional<Value> value, std::exception_ptr error) {
        if (inherited()) {
            return false;
        }
        std::vector<std::function<void()>> callbacks;
        {
            const std::lock_guard lock{mutex_};
            if (ready_) {
                return false;
            }
            value_ = std::move(value);
            error_ = std::move(error);
            ready_.store(true, std::memory_order_release);
            callbacks.swap(callbacks_);
        }
        changed_.notify_all();
        for (auto& callback : callbacks) {
            callback();
        }
        return true;
    }

    [[nodiscard]] bool ready() const {
        return ready_.load(std::memory_order_acquire) || inherited();
    }

    void wait() const {
        if (ready()) {
            return;
        }
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return ready(); });
    }

    [[nodiscard]] bool wait_until(std::chrono::steady_clock::time_point deadline) const {
        if (ready()) {
            return true;
        }
        std::unique_lock lock{mutex_};
        return changed_.wait_until(lock, deadline, [this] { return ready(); });
    }

    void on_ready(std::function<void()> callback) {
        if (!ready()) {
            const std::lock_guard lock{mutex_};
            if (!ready()) {
                callbacks_.push_back(std::move(callback));
                return;
            }
        }
        callback();
    }

    /// Only after ready: from then on nothing changes, so no lock is needed.
    [[nodiscard]] const std::exception_ptr& error() const {
        return ready_.load(std::memory_order_acquire) ? error_ : lost_in_fork();
    }
    [[nodiscard]] Value& value() { return *value_; }

private:
    [[nodiscard]] bool inherited() const { return epoch_ != process_epoch(); }

    const std::uint64_t epoch_ = process_epoch();
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::atomic<bool> ready_{false};
    std::optional<Value> value_;
    std::exception_ptr error_;
    std::vector<std::function<void()>> callbacks_;
};

}  // namespace detail

/// The result of an operation that is under way elsewhere: it can be waited for (`get`), polled
/// (`ready`) or awaited
/// (`co_await`, from any coroutine but a workflow's, which refuses it at compile time).
///
/// Copies share one result. Dropping a Future does not cancel the operation.
/// @threads any; `get` by value copies the result, so every copy may ask for it.
template <class T>
class [[nodiscard]] Future {
public:
    Future() = default;

    [[nodiscard]] bool valid() const { return state_ != nullptr; }
    [[nodiscard]] bool ready() const { return state_->ready(); }
    void wait() const { state_->wait(); }

    /// @returns whether the result was there within `timeout`.
    template <class Count, class Unit>
    [[nodiscard]] bool wait_for(std::chrono::duration<Count, Unit> timeout) const {
        using Clock = std::chrono::steady_clock;
        const auto now = Clock::now();
        // "For ever" may be asked for, and would overflow the clock.
        const auto most = std::chrono::hours{24} * 36'500;
        return state_->wait_until(
            timeout < most ? now + std::chrono::ceil<Clock::duration>(timeout) : now + most
        );
    }

    /// Blocks the calling thread until the result is there. Never call it from a workflow or a
    /// supervised process.
    /// @throws what the operation failed with.
    T get() const {
        state_->wait();
        return take();
    }

    /// @throws WaitTimeoutError if the result is not there within `timeout`; what the operation
    /// failed with otherwise.
    template <class Count, class Unit>
    T get_for(std::chrono::duration<Count, Unit> timeout) const {
        if (!wait_for(timeout)) {
            throw WaitTimeoutError{
                "no result within the time given to get_for(); the operation is still under way"
            };
        }
        return take();
    }

    /// Runs `callback` once when the result is there, at once if it is; on the thread that brought
    /// it. The callback must be short and must not throw: it is meant to post to a mailbox.
    void on_ready(std::function<void()> callback) const { state_->on_ready(std::move(callback)); }

    /// The error the operation ended with, or null. Only when `ready()`.
    [[nodiscard]] std::exception_ptr error() const { return state_->error(); }

    auto operator co_await() const {
        struct Awaiter {
            Future future;
            bool await_ready() const { return future.ready(); }
            void await_suspend(std::coroutine_handle<> waiting) const {
                future.on_ready([waiting] { waiting.resume(); });
            }
            T await_resume() const { return future.take(); }
        };
        return Awaiter{*this};
    }

private:
    friend class Promise<T>;
    explicit Future(std::shared_ptr<detail::FutureState<T>> state) : state_{std::move(state)} {}

    T take() const {
        if (state_->error()) {
            std::rethrow_exception(state_->error());
        }
        if constexpr (std::is_void_v<T>) {
            return;
        } else if constexpr (std::is_copy_constructible_v<T>) {
            return state_->value();
        } else {
            return std::move(state_->value());  // the first caller gets it
        }
    }

    std::shared_ptr<detail::FutureState<T>> state_;
};

/// The side that answers. Dropped without an answer, it answers BrokenPromiseError: nobody waits
/// for ever.
/// @threads any; of several answers the first one counts.
template <class T>
class Promise {
public:
    Promise() : state_{std::make_shared<detail::FutureState<T>>()} {}
    Promise(Promise&&) noexcept = default;
    Promise& operator=(Promise&& other) noexcept {
        abandon();
        state_ = std::move(other.state_);
        return *this;
    }
    Promise(const Promise&) = delete;
    Promise& operator=(const Promise&) = delete;
    ~Promise() { abandon(); }

    [[nodiscard]] Future<T> future() const { return Future<T>{state_}; }

    /// @returns false if there was an answer already.
    // Parentheses: braces would make a list of one out of a value that can be made from a list,
    // such as JSON.
    template <class... V>
    bool set_value(V&&... value) {
        return state_->settle(
            typename detail::FutureState<T>::Value(std::forward<V>(value)...), nullptr
        );
    }
    bool set_error(std::exception_ptr error) {
        return state_->settle(std::nullopt, std::move(error));
    }

private:
    void abandon() noexcept {
        if (state_ && !state_->ready()) {
            state_->settle(
                std::nullopt,
                std::make_exception_ptr(
                    BrokenPromiseError{"the operation was dropped without an answer; its owner "
                                       "ended before it could answer"}
                )
            );
        }
    }

    std::shared_ptr<detail::FutureState<T>> state_;
};

}  // namespace hourglass
