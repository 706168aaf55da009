#pragma once

#include "hourglass/workflow/detail/operation.hpp"
#include "hourglass/workflow/task.hpp"

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace hourglass::workflow::detail {

struct RootTag;

/// A Task that runs by itself: owns its coroutine while it runs and its outcome after that.
class TaskStateBase : public Operation, public ListHook<RootTag> {
public:
    TaskStateBase(Frame* frame, Ref<Scope> scope, bool owns_scope);
    ~TaskStateBase() override;

    [[nodiscard]] Frame* frame() const noexcept { return frame_; }

    /// Takes the outcome, destroys the coroutine, wakes who waits. The coroutine stands at its end.
    void finish() noexcept;
    /// Destroys the coroutine where it stands; the operation stays open for ever.
    void abandon() noexcept;

    /// Cancels the scope that the Task got for itself, if it did.
    void cancel() override { cancel_for({}); }
    void cancel_for(const std::string& reason) override;

protected:
    /// Takes the value of a coroutine that ended without an error.
    virtual void collect(Frame& frame) = 0;
    /// The coroutine is gone, and its value was taken if there was no error.
    virtual void conclude(std::exception_ptr error) noexcept { settle(std::move(error)); }

private:
    Frame* frame_;
    bool owns_scope_;
};

template <class T>
class TaskState final : public TaskStateBase {
public:
    TaskState(Task<T> task, Ref<Scope> scope, bool owns_scope)
        : TaskStateBase{task.release(), std::move(scope), owns_scope} {}

    T result() {
        rethrow_error();
        if constexpr (std::is_copy_constructible_v<T>) {
            return *value_;
        } else {
            return std::move(*value_);  // the first to ask gets it
        }
    }

private:
    void collect(Frame& frame) override {
        value_.emplace(std::move(*static_cast<TaskPromise<T>&>(frame).value));
    }

    std::optional<T> value_;
};

template <>
class TaskState<void> final : public TaskStateBase {
public:
    TaskState(Task<void> task, Ref<Scope> scope, bool owns_scope)
        : TaskStateBase{task.release(), std::move(scope), owns_scope} {}

    void result() const { rethrow_error(); }

private:
    void collect(Frame& /*frame*/) override {}
};

/// Hands a Task to the running workflow, which runs it when its turn comes.
void start_task(const Ref<TaskStateBase>& state);

/// The scope of the running coroutine; the workflow's own where none runs.
/// @throws OutsideWorkflowError naming `api`.
[[nodiscard]] Ref<Scope> current_scope(const char* api);

/// @throws OutsideWorkflowError, ReadOnlyError naming `api`.
void require_writable(const char* api);

[[noreturn]] void reject_empty_task(const char* api);

/// @param own_scope  whether the Task can be cancelled by itself.
template <class T>
[[nodiscard]] Ref<TaskState<T>> start_task(Task<T> task, bool own_scope, const char* api) {
    require_writable(api);
    if (!task.valid()) {
        reject_empty_task(api);
    }
    Ref<Scope> scope = task.frame()->scope ? task.frame()->scope : current_scope(api);
    if (own_scope) {
        scope = make_ref<Scope>(std::move(scope));
    }
    auto state = make_ref<TaskState<T>>(std::move(task), std::move(scope), own_scope);
    start_task(Ref<TaskStateBase>{state});
    return state;
}

}  // namespace hourglass::workflow::detail
