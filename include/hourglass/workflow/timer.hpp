#pragma once

#include "hourglass/base/held.hpp"
#include "hourglass/workflow/detail/handle_awaiter.hpp"

#include <chrono>
#include <string>

namespace hourglass::workflow {

struct TimerOptions {
    /// One line for people who look at the history.
    detail::Held<std::string> summary{};
};

/// A durable timer. Copies share it; it can be awaited any number of times.
class [[nodiscard("a timer does nothing unless it is awaited")]] TimerHandle {
public:
    using WorkflowAwaitable = void;
    using Result = void;

    explicit TimerHandle(detail::Ref<detail::Operation> operation) noexcept
        : operation_{std::move(operation)} {}

    [[nodiscard]] bool ready() const { return operation().ready(); }
    /// Ends it: awaiting it throws CancelledError. Does nothing when it has fired.
    /// @throws ReadOnlyError in a query, a validator or a condition.
    void cancel() const { operation().cancel(); }

    /// For the engine.
    [[nodiscard]] detail::Operation& operation() const {
        detail::require_handle(operation_.get());
        return *operation_;
    }
    void result() const { operation_->rethrow_error(); }
    [[nodiscard]] auto workflow_awaiter(detail::Frame& frame) const {
        return detail::HandleAwaiter<TimerHandle>{*this, frame};
    }

private:
    detail::Ref<detail::Operation> operation_;
};

/// Starts a timer; await the handle, race it, or cancel it.
/// @param duration  of the workflow's time; less than 1 ms counts as 1 ms.
/// @throws OutsideWorkflowError, ReadOnlyError
TimerHandle start_timer(std::chrono::nanoseconds duration, TimerOptions options = {});

/// `co_await sleep(10s)`: a timer that is awaited at once.
inline TimerHandle sleep(std::chrono::nanoseconds duration, TimerOptions options = {}) {
    return start_timer(duration, std::move(options));
}

}  // namespace hourglass::workflow
