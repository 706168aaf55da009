#pragma once

#include "hourglass/workflow/detail/event_group_mark.hpp"
#include "hourglass/workflow/detail/list.hpp"
#include "hourglass/workflow/detail/ref.hpp"
#include "hourglass/workflow/detail/running_mark.hpp"
#include "hourglass/workflow/detail/scope.hpp"

#include <atomic>
#include <coroutine>
#include <exception>
#include <source_location>

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
    /// What the commands that it makes are shown under; null: by themselves.
    Ref<EventGroupMark> group;
    /// The await that it has come to last; line 0 before the first one. Atomic, because who looks
    /// for a workflow that got stuck reads it while the coroutine runs.
    std::atomic<std::source_location> stands_at{};
    std::exception_ptr error;

    /// The awaiting coroutine starts this one, in its own scope and group unless this one has
    /// others.
    void start_for(Frame& awaiting) noexcept {
        parent = &awaiting;
        awaiting.child = this;
        scheduler = awaiting.scheduler;
        if (!scope) {
            scope = awaiting.scope;
        }
        if (!group) {
            group = awaiting.group;
        }
    }
};

/// Destroys a coroutine that is not running, after those that it awaits: innermost first and
/// without recursion, so that its depth costs no stack and destructors see what they refer to.
void destroy_chain(Frame& outermost) noexcept;

/// Told of each coroutine that was running and is not any more.
class StopObserver {
public:
    StopObserver() = default;
    StopObserver(const StopObserver&) = delete;
    StopObserver& operator=(const StopObserver&) = delete;
    virtual void stopped(const Frame& frame) noexcept = 0;

protected:
    ~StopObserver() = default;
};

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

    /// @param observer  null: nobody; else it outlives this.
    void observe_stops(StopObserver* observer) noexcept { stops_ = observer; }

    /// The coroutine that is running, or null.
    [[nodiscard]] Frame* current() const noexcept { return current_; }

    /// For a thread that wants to know where the running one is.
    [[nodiscard]] RunningMark& running() noexcept { return running_; }

private:
    List<Frame, ReadyTag> ready_;
    RunningMark running_;
    Frame* current_ = nullptr;
    Frame* next_ = nullptr;
    Frame* finished_root_ = nullptr;
    StopObserver* stops_ = nullptr;
    bool stopped_ = false;
};

}  // namespace hourglass::workflow::detail
