#pragma once

#include "hourglass/base/function_traits.hpp"
#include "hourglass/workflow/detail/task_promise.hpp"

#include <coroutine>
#include <utility>

namespace hourglass {

/// A coroutine of a workflow: it runs when it is awaited, or given to spawn(), all() or race().
///
/// It may await Hourglass's awaitables only; anything else does not compile. Take parameters by
/// value: the coroutine outlives the call. An exception that leaves it is thrown where it is
/// awaited.
/// @threads the one that runs the workflow's task; a Task never leaves its workflow.
template <class T = void>
class [[nodiscard("a Task runs only when it is awaited or given to spawn(), all() or race()"
)]] Task {
public:
    using promise_type = workflow::detail::TaskPromise<T>;
    using WorkflowAwaitable = void;
    using Result = T;

    /// Nothing to run: awaiting it throws.
    Task() noexcept = default;
    Task(Task&& other) noexcept : frame_{other.release()} {}
    Task& operator=(Task&& other) noexcept {
        Task previous{std::exchange(frame_, other.release())};
        return *this;
    }
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    ~Task() {
        if (frame_ != nullptr) {
            workflow::detail::destroy_chain(*frame_);
        }
    }

    /// Whether there is something to run: not after it was awaited or moved from.
    [[nodiscard]] bool valid() const noexcept { return frame_ != nullptr; }

    /// For the engine.
    [[nodiscard]] workflow::detail::Frame* frame() const noexcept { return frame_; }
    [[nodiscard]] workflow::detail::Frame* release() noexcept {
        return std::exchange(frame_, nullptr);
    }

private:
    friend promise_type;
    explicit Task(workflow::detail::Frame* frame) noexcept : frame_{frame} {}

    workflow::detail::Frame* frame_ = nullptr;
};

namespace detail {

template <class T>
struct AwaitedResult<Task<T>> {
    using Type = T;
};

}  // namespace detail

namespace workflow::detail {

template <class T>
Task<T> TaskPromise<T>::get_return_object() noexcept {
    self = std::coroutine_handle<TaskPromise>::from_promise(*this);
    return Task<T>{this};
}

inline Task<void> TaskPromise<void>::get_return_object() noexcept {
    self = std::coroutine_handle<TaskPromise>::from_promise(*this);
    return Task<void>{this};
}

template <class T>
TaskAwaiter<T>::TaskAwaiter(Task<T>&& task) noexcept : child_{task.release()} {}

}  // namespace workflow::detail
}  // namespace hourglass
