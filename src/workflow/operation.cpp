#include "hourglass/workflow/detail/operation.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/convert/failures.hpp"
#include "hourglass/workflow/detail/handle_awaiter.hpp"
#include "hourglass/workflow/errors.hpp"
#include "src/workflow/engine.hpp"

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace hourglass::workflow {

bool is_cancelled_error(const std::exception& error) noexcept {
    if (dynamic_cast<const CancelledError*>(&error) != nullptr) {
        return true;
    }
    const bool wraps = dynamic_cast<const ActivityError*>(&error) != nullptr ||
                       dynamic_cast<const ChildWorkflowError*>(&error) != nullptr ||
                       dynamic_cast<const NexusOperationError*>(&error) != nullptr;
    if (!wraps) {
        return false;
    }
    const auto* cause = dynamic_cast<const FailureError&>(error).cause().get();
    return dynamic_cast<const CancelledError*>(cause) != nullptr;
}

bool is_cancelled_error(const std::exception_ptr& error) noexcept {
    if (!error) {
        return false;
    }
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& caught) {
        return is_cancelled_error(caught);
    } catch (...) {
        return false;  // what is no std::exception is none of ours
    }
}

namespace detail {
namespace {

const std::string kNoReason = "cancelled";

}  // namespace

void Operation::rethrow_error() const {
    observed_ = true;
    if (!error_) {
        return;
    }
    if (scope_ && scope_->cancelled() && is_cancelled_error(error_)) {
        const std::string& reason = scope_->reason().empty() ? kNoReason : scope_->reason();
        const FailureCause cause = as_failure(error_);
        // A Task that ended by it has this error already: no second one around it at each level.
        if (dynamic_cast<const CancelledError*>(cause.get()) == nullptr ||
            cause->message() != reason) {
            throw CancelledError{reason, {}, {.cause = cause}};
        }
    }
    std::rethrow_exception(error_);
}

void Operation::report_lost_error(std::string_view what) const {
    if (!ready_ || observed_ || !error_ || is_cancelled_error(error_)) {
        return;
    }
    if (const Engine* engine = Engine::running()) {
        engine->warn_of_lost_error(what, error_);
    }
}

void Operation::settle(std::exception_ptr error) noexcept {
    if (ready_) {
        return;
    }
    ready_ = true;
    error_ = std::move(error);
    ListHook<OperationTag>::unlink();
    while (!waiters_.empty()) {
        Waiter& waiter = waiters_.front();
        waiter.unlink();
        waiter.suspension->notify(waiter);
    }
}

bool Suspension::refused(const Frame& frame, std::span<const Waiter> waiters) noexcept {
    if (frame.scope->cancelled() && any_of_others(waiters)) {
        cancelled_scope_ = frame.scope;
        return true;
    }
    return false;
}

void Suspension::suspend(Frame& frame, std::span<Waiter> waiters, std::size_t needed) noexcept {
    frame_ = &frame;
    waiters_ = waiters;
    needed_ = needed;
    for (auto& waiter : waiters_) {
        waiter.suspension = this;
        if (!waiter.operation->ready()) {
            waiter.operation->add(waiter);
        }
    }
    frame.scope->add(*this);
}

void Suspension::check() const {
    if (cancelled_scope_) {
        std::rethrow_exception(cancelled_scope_->cancelled_error());
    }
}

void Suspension::notify(Waiter& waiter) noexcept {
    if (!ended_) {
        ended_ = true;
        first_ = static_cast<std::size_t>(&waiter - waiters_.data());
    }
    if (--needed_ == 0) {
        leave();
        frame_->scheduler->make_ready(*frame_);
    }
}

bool Suspension::any_of_others(std::span<const Waiter> waiters) noexcept {
    for (const auto& waiter : waiters) {
        const Operation& operation = *waiter.operation;
        if (!waiter.own && !operation.ready() &&
            !(operation.scope() && operation.scope()->cancelled())) {
            return true;
        }
    }
    return false;
}

void Suspension::interrupt() noexcept {
    leave();
    cancelled_scope_ = frame_->scope;
    frame_->scheduler->make_ready(*frame_);
}

void Suspension::leave() noexcept {
    unlink();
    for (auto& waiter : waiters_) {
        waiter.unlink();
    }
}

void require_handle(const Operation* operation) {
    if (operation == nullptr) {
        throw ConfigurationError{"this handle was moved from: it stands for nothing"};
    }
}

GroupAwaiter::GroupAwaiter(
    const std::vector<Ref<Operation>>& operations,
    const std::vector<bool>& own,
    bool first_is_enough,
    Frame& frame
)
    : frame_{frame},
      count_{operations.size()},
      waiters_{std::make_unique<Waiter[]>(operations.size())},
      first_is_enough_{first_is_enough} {
    for (std::size_t i = 0; i < count_; ++i) {
        waiters_[i].operation = operations[i].get();
        waiters_[i].own = !own.empty() && own[i];
    }
}

bool GroupAwaiter::await_ready() noexcept {
    bool all_ready = true;
    for (std::size_t i = 0; i < count_; ++i) {
        const bool ready = waiters_[i].operation->ready();
        if (ready && first_is_enough_) {
            first_ready_ = i;
            return true;
        }
        all_ready = all_ready && ready;
    }
    return all_ready || suspension_.refused(frame_, std::span{waiters_.get(), count_});
}

void GroupAwaiter::await_suspend(std::coroutine_handle<> /*awaiting*/) noexcept {
    std::size_t needed = 1;
    if (!first_is_enough_) {
        needed = 0;
        for (std::size_t i = 0; i < count_; ++i) {
            needed += waiters_[i].operation->ready() ? 0 : 1;
        }
    }
    stood_still_ = true;
    suspension_.suspend(frame_, std::span{waiters_.get(), count_}, needed);
}

std::size_t GroupAwaiter::await_resume() const {
    suspension_.check();
    return stood_still_ ? suspension_.first() : first_ready_;
}

}  // namespace detail
}  // namespace hourglass::workflow
