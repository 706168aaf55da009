#pragma once

#include "hourglass/workflow/detail/handle_awaiter.hpp"
#include "hourglass/workflow/detail/task_state.hpp"
#include "hourglass/workflow/task.hpp"

#include <string>
#include <utility>

namespace hourglass::workflow {

/// What is cancelled together: the activities, timers and waits that Tasks run in it start.
///
/// The workflow has one of its own, which a request to cancel the workflow cancels. A Task runs in
/// the scope of the coroutine that awaits or spawns it, unless it was given to another one.
/// Cancellation stays: once a scope is cancelled, nothing new is started in it, and an await in it
/// throws CancelledError instead of waiting. What has ended gives its result all the same. An
/// activity, a child workflow or a Nexus operation that is under way is asked to stop; depending on
/// its cancellation_type its await throws at once or when it has stopped.
/// Copies share one scope.
class CancellationScope {
public:
    /// Below the scope of the running coroutine: cancelled with it.
    /// @throws OutsideWorkflowError
    CancellationScope();
    /// Below none: only its own cancel() reaches it.
    static CancellationScope detached();

    /// Cancels it and the scopes below it; of several calls the first one counts.
    /// @throws ReadOnlyError in a query, a validator or a condition.
    void cancel(const std::string& reason = {}) const;
    [[nodiscard]] bool cancelled() const noexcept { return scope_->cancelled(); }
    [[nodiscard]] const std::string& reason() const noexcept { return scope_->reason(); }

    /// The same Task, to run in this scope: `co_await scope.run(work())`,
    /// `spawn(scope.run(work()))`. One that was given to a scope before stays in that one: of
    /// `scope.run(shield(work()))` the work is shielded.
    template <class T>
    Task<T> run(Task<T> task) const {
        if (!task.valid()) {
            detail::reject_empty_task("CancellationScope::run()");
        }
        if (!task.frame()->scope) {
            task.frame()->scope = scope_;
        }
        return task;
    }

private:
    explicit CancellationScope(detail::Ref<detail::Scope> scope) noexcept
        : scope_{std::move(scope)} {}

    detail::Ref<detail::Scope> scope_;
};

/// The same Task, to run in a scope that no cancellation from outside reaches: for compensation.
/// `co_await shield(refund(order))` works in a cancelled scope too.
template <class T>
Task<T> shield(Task<T> task) {
    return CancellationScope::detached().run(std::move(task));
}

template <detail::Handle H>
H shield(H handle) {
    static_assert(
        !detail::Handle<H>,
        "shield() takes a Task: what a handle stands for was started before, in the scope that is "
        "to be kept off. Write a coroutine that starts it and awaits it, and shield that: "
        "shield(refund(order))"
    );
    return handle;
}

/// Whether somebody asked to cancel the workflow.
/// @throws OutsideWorkflowError
[[nodiscard]] bool cancellation_requested();

/// What whoever cancelled the workflow gave as the reason; empty if none was given or nobody did.
/// @throws OutsideWorkflowError
[[nodiscard]] const std::string& cancellation_reason();

}  // namespace hourglass::workflow
