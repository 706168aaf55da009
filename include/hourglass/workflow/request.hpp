#pragma once

#include "hourglass/workflow/detail/handle_awaiter.hpp"

#include <utility>

namespace hourglass::workflow {

/// A signal or a request to cancel on its way to another workflow: await it to know that the server
/// has recorded it there, or why not. Copies share it; it can be awaited any number of times.
class [[nodiscard("it is sent, but only the log will say whether it arrives")]] RequestHandle {
public:
    using WorkflowAwaitable = void;
    using Result = void;

    explicit RequestHandle(detail::Ref<detail::Operation> operation) noexcept
        : operation_{std::move(operation)} {}

    [[nodiscard]] bool ready() const { return operation().ready(); }
    /// Takes a signal back that has not left yet, because the workflow has not waited since, or its
    /// child has not started; does nothing after that, nor to a request to cancel.
    /// @throws ReadOnlyError in a query, a validator or a condition.
    void cancel() const { operation().cancel(); }

    /// For the engine.
    [[nodiscard]] detail::Operation& operation() const {
        detail::require_handle(operation_.get());
        return *operation_;
    }
    void result() const { operation_->rethrow_error(); }
    [[nodiscard]] auto workflow_awaiter(detail::Frame& frame) const {
        return detail::HandleAwaiter<RequestHandle>{*this, frame};
    }

private:
    detail::Ref<detail::Operation> operation_;
};

}  // namespace hourglass::workflow
