#pragma once

#include "hourglass/convert/payload.hpp"
#include "hourglass/workflow/detail/handle_awaiter.hpp"

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace hourglass::workflow {

namespace detail {

/// The start of something that has an end of its own: over when it has started, or never will.
class StartOperation final : public Operation {
public:
    explicit StartOperation(Ref<Scope> scope) : Operation{std::move(scope)} {}

    void started(std::string identifier) {
        identifier_ = std::move(identifier);
        settle();
    }
    /// Empty until it has started.
    [[nodiscard]] const std::string& identifier() const noexcept { return identifier_; }

private:
    std::string identifier_;
};

/// What has such a start, and a result in the end.
class StartedOperation : public Operation {
public:
    explicit StartedOperation(Ref<Scope> scope)
        : Operation{std::move(scope)}, start_{make_ref<StartOperation>(this->scope())} {}

    [[nodiscard]] const Ref<StartOperation>& start() const noexcept { return start_; }

    void complete(Payload result) {
        result_ = std::move(result);
        settle();
    }
    /// Ends it, and the start with it if that is still open.
    void fail(const std::exception_ptr& error) noexcept {
        start_->settle(error);
        settle(error);
    }
    /// For destructors, as Operation's; who has seen the start fail knows of the end, too.
    void report_lost_end(std::string_view what) const {
        if (start_->observed() && start_->error()) {
            count_as_observed();
        }
        report_lost_error(what);
    }
    /// Throws what it failed with.
    [[nodiscard]] const Payload& result() const {
        rethrow_error();
        return result_;
    }

private:
    Ref<StartOperation> start_;
    Payload result_;
};

}  // namespace detail

/// The start of a child workflow or a Nexus operation: await it to know that it has started, and
/// what it is known by: the id of the child's first run, the operation's token.
class [[nodiscard("awaiting it tells whether it has started")]] StartHandle {
public:
    using WorkflowAwaitable = void;
    using Result = std::string;

    explicit StartHandle(detail::Ref<detail::StartOperation> start) noexcept
        : start_{std::move(start)} {}

    [[nodiscard]] bool ready() const { return operation().ready(); }

    /// For the engine.
    [[nodiscard]] detail::Operation& operation() const {
        detail::require_handle(start_.get());
        return *start_;
    }
    [[nodiscard]] std::string result() const {
        start_->rethrow_error();
        return start_->identifier();
    }
    [[nodiscard]] auto workflow_awaiter(detail::Frame& frame) const {
        return detail::HandleAwaiter<StartHandle>{*this, frame};
    }

private:
    detail::Ref<detail::StartOperation> start_;
};

}  // namespace hourglass::workflow
