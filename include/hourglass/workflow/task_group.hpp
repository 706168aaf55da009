#pragma once

#include "hourglass/workflow/cancellation.hpp"
#include "hourglass/workflow/spawn.hpp"
#include "hourglass/workflow/task.hpp"

#include <string>
#include <utility>
#include <vector>

namespace hourglass::workflow {

/// Tasks that belong together: the first that fails cancels the others.
///
///     TaskGroup group;
///     group.spawn(reserve(order));
///     group.spawn(notify(order));
///     co_await group.wait();
class TaskGroup {
public:
    /// Below the scope of the running coroutine: cancelled with it.
    /// @throws OutsideWorkflowError
    TaskGroup() = default;
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    /// Runs a Task in the group, from the next time that the running code waits.
    /// @throws ReadOnlyError in a query, a validator or a condition.
    void spawn(Task<void> task) {
        tasks_.push_back(workflow::spawn(scope_.run(guarded(std::move(task), scope_))));
    }

    /// Waits until all have ended, those that are spawned meanwhile too, also when one has failed;
    /// then throws the first error in the order of the spawning that is no cancellation, or else
    /// the first one.
    [[nodiscard]] Task<void> wait();

    void cancel(const std::string& reason = {}) const { scope_.cancel(reason); }

private:
    static Task<void> guarded(Task<void> task, CancellationScope scope);
    Task<void> ended();

    CancellationScope scope_;
    std::vector<TaskHandle<void>> tasks_;
};

}  // namespace hourglass::workflow
