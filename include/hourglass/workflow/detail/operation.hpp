#pragma once

#include "hourglass/workflow/detail/list.hpp"
#include "hourglass/workflow/detail/ref.hpp"
#include "hourglass/workflow/detail/scheduler.hpp"
#include "hourglass/workflow/detail/scope.hpp"

#include <cstddef>
#include <exception>
#include <span>
#include <string>
#include <string_view>

namespace hourglass::workflow::detail {

struct WaiterTag;

/// One place in the queue of those who wait for an operation.
struct Waiter : ListHook<WaiterTag> {
    Operation* operation = nullptr;
    Suspension* suspension = nullptr;
    /// The operation is a Task that belongs to who waits: it is waited for whatever is cancelled.
    bool own = false;
};

/// Something that was started and ends once: an activity, a timer, a condition, a spawned task.
///
/// Its handles, the engine's table and the coroutines that wait for it share it.
class Operation : public RefCounted, public ListHook<OperationTag> {
public:
    explicit Operation(Ref<Scope> scope) : scope_{std::move(scope)} {}

    [[nodiscard]] bool ready() const noexcept { return ready_; }
    /// What it failed with, or null. Only when ready.
    [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }
    [[nodiscard]] const Ref<Scope>& scope() const noexcept { return scope_; }
    /// Whether somebody has asked for the outcome.
    [[nodiscard]] bool observed() const noexcept { return observed_; }

    /// Throws what it failed with. Where its scope was cancelled, an error that says no more than
    /// that is thrown as the scope's CancelledError, whatever kind of operation it was.
    void rethrow_error() const;

    /// Ends it and wakes who waits, in the order in which they came. Of several calls the first one
    /// counts.
    void settle(std::exception_ptr error = nullptr) noexcept;

    /// Asks it to end early; what that means is the operation's affair. Does nothing when it has
    /// ended.
    virtual void cancel() {}
    /// The same for a reason, which not every operation can pass on.
    virtual void cancel_for(const std::string& /*reason*/) { cancel(); }

    void add(Waiter& waiter) noexcept { waiters_.push_back(waiter); }

protected:
    /// The log has nothing to say of its error.
    void count_as_observed() const noexcept { observed_ = true; }

    /// For destructors: from now on nobody can ask for the outcome, and if that is a failure nobody
    /// has asked for, the log says so.
    void report_lost_error(std::string_view what) const;

private:
    Ref<Scope> scope_;
    List<Waiter, WaiterTag> waiters_;
    std::exception_ptr error_;
    bool ready_ = false;
    mutable bool observed_ = false;
};

/// @throws ConfigurationError if the handle was moved from.
void require_handle(const Operation* operation);

/// A coroutine that stands still until enough of some operations have ended, or its scope is
/// cancelled.
class Suspension : public ListHook<SuspensionTag> {
public:
    Suspension() = default;

    /// The coroutine's scope is cancelled: an await throws instead of waiting, unless all that it
    /// waits for was cancelled with it, and is about to end.
    [[nodiscard]] bool refused(const Frame& frame, std::span<const Waiter> waiters) noexcept;

    /// @param waiters  one for each operation, ready ones included; they stay where they are until
    /// the coroutine goes on.
    /// @param needed  how many of the operations that are not ready must end; >= 1.
    void suspend(Frame& frame, std::span<Waiter> waiters, std::size_t needed) noexcept;

    /// Throws CancelledError if the await was refused or interrupted.
    void check() const;

    /// The index of the waiter whose operation ended first; only if one ended while it stood still.
    [[nodiscard]] std::size_t first() const noexcept { return first_; }

private:
    friend class Operation;
    friend class Scope;

    void notify(Waiter& waiter) noexcept;
    /// @returns whether something that is waited for ends without the scope.
    [[nodiscard]] static bool any_of_others(std::span<const Waiter> waiters) noexcept;
    [[nodiscard]] bool waits_for_others() const noexcept { return any_of_others(waiters_); }
    void interrupt() noexcept;
    void leave() noexcept;

    Frame* frame_ = nullptr;
    std::span<Waiter> waiters_;
    std::size_t needed_ = 0;
    std::size_t first_ = 0;
    bool ended_ = false;
    Ref<Scope> cancelled_scope_;
};

}  // namespace hourglass::workflow::detail
