#pragma once

#include "hourglass/workflow/detail/handle_awaiter.hpp"
#include "hourglass/workflow/detail/task_state.hpp"
#include "hourglass/workflow/task.hpp"

#include <string>
#include <utility>

namespace hourglass::workflow {

/// A Task that runs by itself. Copies share it; it can be awaited any number of times, and gives
/// its result or throws what the Task threw each time (a result that cannot be copied is given
/// once). Dropping the handle lets the Task go on.
template <class T>
class [[nodiscard("drop the handle on purpose with static_cast<void>(spawn(...))")]] TaskHandle {
public:
    using WorkflowAwaitable = void;
    using Result = T;

    explicit TaskHandle(detail::Ref<detail::TaskState<T>> state) noexcept
        : state_{std::move(state)} {}

    [[nodiscard]] bool ready() const { return operation().ready(); }

    /// Cancels the Task's scope: its awaits throw CancelledError. Does nothing when it has ended.
    void cancel(const std::string& reason = {}) const {
        detail::require_handle(state_.get());
        state_->cancel_for(reason);
    }

    /// For the engine.
    [[nodiscard]] detail::Operation& operation() const {
        detail::require_handle(state_.get());
        return *state_;
    }
    T result() const { return state_->result(); }
    [[nodiscard]] auto workflow_awaiter(detail::Frame& frame) const {
        return detail::HandleAwaiter<TaskHandle>{*this, frame};
    }

private:
    detail::Ref<detail::TaskState<T>> state_;
};

/// Runs a Task beside the running code, from the next time that this waits. The Task gets a
/// cancellation scope of its own below the running coroutine's.
///
/// An exception that leaves it is kept for whoever awaits the handle; if nobody does, the log says
/// so.
/// @throws ReadOnlyError in a query, a validator or a condition.
template <class T>
TaskHandle<T> spawn(Task<T> task) {
    return TaskHandle<T>{detail::start_task(std::move(task), true, "spawn()")};
}

}  // namespace hourglass::workflow
