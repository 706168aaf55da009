#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/base/workflow_methods.hpp"
#include "hourglass/workflow/detail/scheduler.hpp"

#include <atomic>
#include <coroutine>
#include <exception>
#include <optional>
#include <source_location>
#include <type_traits>
#include <utility>

namespace hourglass {
namespace workflow::detail {

/// What a workflow may await: Hourglass's own awaitables say so by a nested type
/// `WorkflowAwaitable`.
template <class A>
concept WorkflowAwaitable = requires { typename std::remove_cvref_t<A>::WorkflowAwaitable; };

using hourglass::detail::kIsTask;

template <class T>
inline constexpr bool kIsFuture = false;
template <class T>
inline constexpr bool kIsFuture<Future<T>> = true;

[[noreturn]] void reject_awaited_task();

template <class T>
class TaskAwaiter;

struct FinalAwaiter {
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class P>
    void await_suspend(std::coroutine_handle<P> handle) const noexcept {
        Frame& frame = handle.promise();
        frame.scheduler->finished(frame);
    }
    void await_resume() const noexcept {}
};

struct TaskPromiseBase : Frame {
    std::suspend_always initial_suspend() noexcept { return {}; }
    FinalAwaiter final_suspend() noexcept { return {}; }
    void unhandled_exception() noexcept { scheduler->threw(*this); }

    /// @param where  the await, for whoever asks where the workflow stands.
    template <class A>
    auto await_transform(
        A&& awaited, std::source_location where = std::source_location::current()
    ) {
        stands_at.store(where, std::memory_order_relaxed);
        using Awaited = std::remove_cvref_t<A>;
        static_assert(
            !kIsFuture<Awaited>,
            "a workflow must not await hourglass::Future: its result comes from outside of the "
            "workflow's history and would "
            "differ on replay. Put the call into an activity and await "
            "hourglass::workflow::execute_activity<&your_activity>(options, arguments...)"
        );
        static_assert(
            WorkflowAwaitable<Awaited> || kIsFuture<Awaited>,
            "a workflow may await Hourglass's awaitables only, since anything else would differ on "
            "replay: execute_activity, "
            "sleep, start_timer, wait_condition, all, race, spawn of namespace "
            "hourglass::workflow, and hourglass::Task. Put "
            "everything else into an activity"
        );
        if constexpr (kIsTask<Awaited>) {
            static_assert(
                !std::is_lvalue_reference_v<A>,
                "a Task is awaited once: write co_await std::move(task), or keep the handle of "
                "hourglass::workflow::spawn(), "
                "which can be awaited any number of times"
            );
            return TaskAwaiter<typename Awaited::Result>{std::forward<A>(awaited)};
        } else if constexpr (WorkflowAwaitable<Awaited>) {
            return awaited.workflow_awaiter(static_cast<Frame&>(*this));
        } else {
            return std::suspend_never{};
        }
    }
};

template <class T>
struct TaskPromise : TaskPromiseBase {
    static_assert(
        !std::is_reference_v<T>,
        "a Task returns a value: what it would refer to may be gone on replay"
    );

    Task<T> get_return_object() noexcept;

    template <class U = T>
        requires std::is_constructible_v<T, U&&>
    void return_value(U&& result) {
        value.emplace(std::forward<U>(result));
    }

    T take() {
        if (error) {
            std::rethrow_exception(error);
        }
        return std::move(*value);
    }

    std::optional<T> value;
};

template <>
struct TaskPromise<void> : TaskPromiseBase {
    Task<void> get_return_object() noexcept;
    void return_void() const noexcept {}

    void take() const {
        if (error) {
            std::rethrow_exception(error);
        }
    }
};

/// Awaits a Task: owns its coroutine from then on.
template <class T>
class TaskAwaiter {
public:
    explicit TaskAwaiter(Task<T>&& task) noexcept;
    TaskAwaiter(const TaskAwaiter&) = delete;
    TaskAwaiter& operator=(const TaskAwaiter&) = delete;
    ~TaskAwaiter() {
        if (child_ != nullptr) {
            destroy_chain(*child_);
        }
    }

    [[nodiscard]] bool await_ready() const noexcept { return child_ == nullptr; }
    template <class P>
    void await_suspend(std::coroutine_handle<P> awaiting) noexcept {
        Frame& parent = awaiting.promise();
        child_->owner = &child_;
        child_->start_for(parent);
        parent.scheduler->run_next(*child_);
    }
    T await_resume() {
        if (child_ == nullptr) {
            reject_awaited_task();
        }
        return static_cast<TaskPromise<T>&>(*child_).take();
    }

private:
    Frame* child_;
};

}  // namespace workflow::detail
}  // namespace hourglass
