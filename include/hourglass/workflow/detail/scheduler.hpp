#pragma once

#include "hourglass/workflow/detail/event_group_mark.hpp"
#include "hourglass/workflow/detail/list.hpp"
#include "hourglass/workflow/detail/ref.hpp"
#include "hourglass/workflow/detail/running_mark.hpp"
#include "hourglass/workflow/detail/scope.hpp"

#include <atomic>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <memory>
#include <source_location>
#include <span>
#include <vector>

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

/// The coroutines that an exception has left on its way outwards, innermost first: who asks where
/// it came from asks when they are gone. The way of one that is thrown again, out of a handle or
/// after it was kept, begins where that happens.
class ThrownPath {
public:
    /// As many as a reader wants to see.
    static constexpr std::size_t kMaxFrames = 30;

    /// An exception leaves the coroutine.
    void left(const Frame& frame, const std::exception_ptr& error);
    /// Where each of them stood; empty if the last exception that left a coroutine was another one.
    [[nodiscard]] std::span<const std::source_location> of(const std::exception_ptr& error
    ) const noexcept;

private:
    std::exception_ptr error_;
    const Frame* next_ = nullptr;  // the one that awaits the last
    std::vector<std::source_location> frames_;
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

    /// An exception leaves the coroutine: it is its outcome.
    void threw(Frame& frame) noexcept;
    /// Until `drain` ends: the way of an exception that a coroutine did not catch.
    [[nodiscard]] std::span<const std::source_location> path_of(const std::exception_ptr& error
    ) const noexcept {
        return thrown_ ? thrown_->of(error) : std::span<const std::source_location>{};
    }

    /// Runs until no coroutine is ready, or until stopped.
    void drain();
    void stop() noexcept { stopped_ = true; }
    [[nodiscard]] bool stopped() const noexcept { return stopped_; }
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
    std::unique_ptr<ThrownPath> thrown_;  // null: nothing was thrown
    bool stopped_ = false;
};

}  // namespace hourglass::workflow::detail
