#pragma once

// Activities as coroutines. They hold no thread while they wait.

#include "hourglass/base/error.hpp"
#include "hourglass/base/function_traits.hpp"
#include "hourglass/base/future.hpp"

#include <coroutine>
#include <exception>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace hourglass::activity {

template <class T = void>
class Task;

}  // namespace hourglass::activity

namespace hourglass::detail {

template <class T>
inline constexpr bool kIsActivityTask = false;
template <class T>
inline constexpr bool kIsActivityTask<activity::Task<T>> = true;
template <class T>
inline constexpr bool kIsFuture = false;
template <class T>
inline constexpr bool kIsFuture<Future<T>> = true;

class ActivityPromiseBase;

/// What resumes `waiting` on the pool, with the attempt of this thread as the current one.
/// @throws Error if no attempt runs on this thread.
[[nodiscard]] std::function<void()> activity_resumer(ActivityPromiseBase& waiting);

[[noreturn]] void reject_awaited_activity_task();

template <class T>
struct ActivityFutureAwaiter {
    Future<T> future;

    [[nodiscard]] bool await_ready() const { return future.ready(); }
    // Never inlined, and only locals after the resumer is handed over: the coroutine may go on, on
    // another thread, and end before this returns.
    template <class P>
    [[gnu::noinline]] void await_suspend(std::coroutine_handle<P> waiting) const {
        const Future<T> awaited = future;
        awaited.on_ready(activity_resumer(waiting.promise()));
    }
    T await_resume() const { return future.get(); }
};

/// Awaiting and finishing never resume another coroutine themselves: they name the next one, and
/// the loop in `run` resumes it. So the stack does not grow with the number or depth of awaits, in
/// builds without optimisation too.
class ActivityPromiseBase {
public:
    std::suspend_always initial_suspend() const noexcept { return {}; }

    struct FinalAwaiter {
        [[nodiscard]] bool await_ready() const noexcept { return false; }
        template <class P>
        void await_suspend(std::coroutine_handle<P> ended) const noexcept {
            ActivityPromiseBase& promise = ended.promise();
            if (promise.awaiting_ != nullptr) {
                *promise.outermost_->next_ = promise.awaiting_;
            } else {
                finish(promise);
            }
        }
        void await_resume() const noexcept {}

    private:
        // The callback may destroy the frame, so nothing of this may live in it.
        [[gnu::noinline]] static void finish(ActivityPromiseBase& promise) noexcept {
            if (const auto finished = std::move(promise.finished_)) {
                finished();
            }
        }
    };
    FinalAwaiter final_suspend() const noexcept { return {}; }

    void unhandled_exception() noexcept { error_ = std::current_exception(); }

    template <class A>
    auto await_transform(A&& awaited) {
        using Awaited = std::remove_cvref_t<A>;
        if constexpr (kIsFuture<Awaited>) {
            if (!awaited.valid()) {
                throw Error{
                    "an activity awaited a Future that belongs to no operation (it was "
                    "default-constructed)"
                };
            }
            return awaiter_of(std::forward<A>(awaited));
        } else if constexpr (kIsActivityTask<Awaited>) {
            static_assert(
                !std::is_lvalue_reference_v<A>,
                "A Task is awaited once: co_await std::move(task), or the call itself."
            );
            return std::forward<A>(awaited).awaiter();
        } else {
            static_assert(
                kIsFuture<Awaited>,
                "An activity's coroutine can await hourglass::Future and hourglass::activity::Task "
                "only. For a pause use "
                "co_await hourglass::activity::sleep_async(duration); for another library's "
                "operation set a "
                "hourglass::Promise from its callback and await the promise's future()."
            );
        }
    }

    /// Runs this coroutine, then what it awaits or returns to, until one of them waits for a Future
    /// or the outermost one has ended.
    void run() {
        // On the stack: once a coroutine waits for a Future, it may go on and end on another
        // thread, with a loop of its own, before this one looks again.
        ActivityPromiseBase* next = this;
        outermost_->next_ = &next;
        while (next != nullptr) {
            std::exchange(next, nullptr)->self_.resume();
        }
    }
    /// From within `run`: `awaiting` stands still until this coroutine has ended.
    void run_for(ActivityPromiseBase& awaiting) noexcept {
        awaiting_ = &awaiting;
        outermost_ = awaiting.outermost_;
        *outermost_->next_ = this;
    }
    void when_finished(std::function<void()> finished) noexcept { finished_ = std::move(finished); }
    void rethrow_error() const {
        if (error_) {
            std::rethrow_exception(error_);
        }
    }

protected:
    explicit ActivityPromiseBase(std::coroutine_handle<> self) noexcept : self_{self} {}
    ActivityPromiseBase(const ActivityPromiseBase&) = delete;
    ActivityPromiseBase& operator=(const ActivityPromiseBase&) = delete;
    ~ActivityPromiseBase() = default;

private:
    template <class T>
    static ActivityFutureAwaiter<T> awaiter_of(Future<T> future) {
        return {std::move(future)};
    }

    const std::coroutine_handle<> self_;
    ActivityPromiseBase* awaiting_ = nullptr;
    /// The one that nobody awaits; the chain's only owner of `next_`.
    ActivityPromiseBase* outermost_ = this;
    /// Where the loop that runs the chain takes what to resume next.
    ActivityPromiseBase** next_ = nullptr;
    std::function<void()> finished_;
    std::exception_ptr error_;
};

template <class T>
class ActivityPromise final : public ActivityPromiseBase {
public:
    ActivityPromise() noexcept
        : ActivityPromiseBase{std::coroutine_handle<ActivityPromise>::from_promise(*this)} {}
    activity::Task<T> get_return_object() noexcept;

    template <class V>
        requires std::is_constructible_v<T, V&&>
    void return_value(V&& value) {
        value_.emplace(std::forward<V>(value));
    }
    T take() {
        rethrow_error();
        return std::move(*value_);
    }

private:
    std::optional<T> value_;
};

template <>
class ActivityPromise<void> final : public ActivityPromiseBase {
public:
    ActivityPromise() noexcept
        : ActivityPromiseBase{std::coroutine_handle<ActivityPromise>::from_promise(*this)} {}
    activity::Task<void> get_return_object() noexcept;

    void return_void() const noexcept {}
    void take() const { rethrow_error(); }
};

}  // namespace hourglass::detail

namespace hourglass::activity {

/// An activity as a coroutine: `Task<Receipt> charge(Order order) { co_await sleep_async(1s); …
/// co_return receipt; }`.
///
/// It runs when it is awaited or when the worker starts it, and awaits `hourglass::Future` and
/// other Tasks. After each await it goes on on one of the worker's threads, not always the same,
/// with its own attempt as the current one. Parameters are taken by value, since the caller's
/// variables are gone by then.
template <class T>
class [[nodiscard("a Task runs only when it is awaited")]] Task {
public:
    static_assert(!std::is_reference_v<T>, "A Task returns a value, not a reference.");
    using promise_type = detail::ActivityPromise<T>;

    Task(Task&& other) noexcept : frame_{std::exchange(other.frame_, {})} {}
    Task& operator=(Task&& other) noexcept {
        if (this != &other) {
            destroy();
            frame_ = std::exchange(other.frame_, {});
        }
        return *this;
    }
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    ~Task() { destroy(); }

    /// Runs the coroutine up to its first wait. `finished` is called once at its end and may
    /// destroy the Task.
    /// @throws ConfigurationError if it was awaited or moved away before.
    void start(std::function<void()> finished) const {
        if (!frame_) {
            detail::reject_awaited_activity_task();
        }
        frame_.promise().when_finished(std::move(finished));
        frame_.promise().run();
    }
    /// What it returned or threw; only after its end, once.
    T result() const { return frame_.promise().take(); }

private:
    friend promise_type;
    friend detail::ActivityPromiseBase;
    using Handle = std::coroutine_handle<promise_type>;

    /// Owns the Task from then on, so that it cannot be awaited again.
    class Awaiter {
    public:
        explicit Awaiter(Task task) noexcept : task_{std::move(task)} {}
        Awaiter(const Awaiter&) = delete;
        Awaiter& operator=(const Awaiter&) = delete;
        ~Awaiter() = default;

        [[nodiscard]] bool await_ready() const noexcept { return !task_.frame_; }
        template <class P>
        void await_suspend(std::coroutine_handle<P> waiting) const noexcept {
            task_.frame_.promise().run_for(waiting.promise());
        }
        T await_resume() const {
            if (!task_.frame_) {
                detail::reject_awaited_activity_task();
            }
            return task_.result();
        }

    private:
        Task task_;
    };

    explicit Task(Handle frame) noexcept : frame_{frame} {}

    Awaiter awaiter() && noexcept { return Awaiter{std::move(*this)}; }
    void destroy() noexcept {
        if (frame_) {
            frame_.destroy();
        }
    }

    Handle frame_;
};

}  // namespace hourglass::activity

namespace hourglass::detail {

template <class T>
activity::Task<T> ActivityPromise<T>::get_return_object() noexcept {
    return activity::Task<T>{std::coroutine_handle<ActivityPromise>::from_promise(*this)};
}
inline activity::Task<void> ActivityPromise<void>::get_return_object() noexcept {
    return activity::Task<void>{std::coroutine_handle<ActivityPromise>::from_promise(*this)};
}

template <class T>
struct AwaitedResult<activity::Task<T>> {
    using Type = T;
};

}  // namespace hourglass::detail
