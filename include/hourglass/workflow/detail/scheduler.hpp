#pragma once

#include "hourglass/workflow/detail/list.hpp"
#include "hourglass/workflow/detail/ref.hpp"
#include "hourglass/workflow/detail/scope.hpp"

#include <coroutine>
#include <exception>

namespace hourglass::workflow::detail {

class Scheduler;
class TaskStateBase;

/// What the engine knows of every coroutine: the base of all promises.
///
/// A coroutine that awaits a Task is its parent; the chain ends at a root, which nobody awaits and
/// whose TaskState takes the outcome.
struct Frame : ListHook<struct ReadyTag> {
    std::coroutine_handle<> self;
    Frame* parent = nullptr;
    Frame* child = nullptr;
    /// Where the parent keeps its pointer to this frame.
    Frame** owner = nullptr;
    Scheduler* scheduler = nullptr;
    TaskStateBase* state = nullptr;
    Ref<Scope> scope;
    std::exception_ptr error;

    /// The awaiting coroutine starts this one, in its own scope unless this one has another.
    void start_for(Frame& awaiting) noexcept {
        parent = &awaiting;
        awaiting.child = this;
        scheduler = awaiting.scheduler;
        if (!scope) {
            scope = awaiting.scope;
        }
    }
};

/// Destroys a coroutine that is not running, after those that it awaits: innermost first and
/// without recursion, so that its depth costs no stack and destructors see what they refer to.
void destroy_chain(Frame& outermost) noexcept;

/// The coroutines of one run that can go on, first come first served.
///
/// Awaiting and finishing never resume another coroutine themselves: they name the next one, and
/// the loop resumes it. So the stack does not grow with the depth of awaits, in builds without
/// optimisation too.
class Scheduler {
public:
    Scheduler() = default;
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    void make_ready(Frame& frame) noexcept { ready_.push_back(frame); }
    void run_next(Frame& frame) noexcept { next_ = &frame; }

    /// The coroutine stands at its end: its parent goes on, or its TaskState collects the outcome.
    void finished(Frame& frame) noexcept {
        if (frame.parent != nullptr) {
            frame.parent->child = nullptr;
            next_ = frame.parent;
        } else {
            finished_root_ = &frame;
        }
    }

    /// Runs until no coroutine is ready, or until stopped.
    void drain();
    void stop() noexcept { stopped_ = true; }
    [[nodiscard]] bool stopped() const noexcept { return stopped_; }
    [[nodiscard]] bool idle() const noexcept { return ready_.empty(); }
    void forget_ready() noexcept { ready_.clear(); }

    /// The coroutine that is running, or null.
    [[nodiscard]] Frame* current() const noexcept { return current_; }

private:
    List<Frame, ReadyTag> ready_;
    Frame* current_ = nullptr;
    Frame* next_ = nullptr;
    Frame* finished_root_ = nullptr;
    bool stopped_ = false;
};

}  // namespace hourglass::workflow::detail
