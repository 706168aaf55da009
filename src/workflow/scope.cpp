#include "hourglass/workflow/detail/scope.hpp"

#include "hourglass/convert/failures.hpp"
#include "hourglass/workflow/detail/operation.hpp"

#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::workflow::detail {

Scope::Scope(Ref<Scope> parent) : parent_{std::move(parent)} {
    if (parent_) {
        parent_->children_.push_back(*this);
        if (parent_->cancelled_) {
            cancelled_ = true;
            reason_ = parent_->reason_;
        }
    }
}

Scope::~Scope() = default;

void Scope::add(Operation& operation) noexcept {
    operations_.push_back(operation);
}

void Scope::add(Suspension& suspension) noexcept {
    suspensions_.push_back(suspension);
}

void Scope::cancel(const std::string& reason) {
    if (cancelled_) {
        return;
    }
    // All are marked before any is acted on: whether a coroutine goes on waiting depends on what
    // else is cancelled.
    std::vector<Ref<Scope>> cancelled{Ref{this}};
    for (std::size_t i = 0; i < cancelled.size(); ++i) {
        const Ref<Scope> scope = cancelled[i];
        scope->cancelled_ = true;
        scope->reason_ = reason;
        while (!scope->children_.empty()) {
            Scope& child = scope->children_.front();
            child.unlink();
            if (!child.cancelled_) {
                cancelled.emplace_back(&child);
            }
        }
    }
    for (const auto& scope : cancelled) {
        scope->cancel_operations();
    }
    for (const auto& scope : cancelled) {
        scope->interrupt_suspensions();
    }
}

void Scope::cancel_operations() {
    while (!operations_.empty()) {
        const Ref<Operation> operation{&operations_.front()};
        static_cast<ListHook<OperationTag>&>(*operation).unlink();
        operation->cancel();
    }
}

void Scope::interrupt_suspensions() {
    while (!suspensions_.empty()) {
        Suspension& suspension = suspensions_.front();
        suspension.unlink();
        if (suspension.waits_for_others()) {
            suspension.interrupt();
        }
    }
}

std::exception_ptr Scope::cancelled_error() const {
    return std::make_exception_ptr(
        CancelledError{reason_.empty() ? std::string{"cancelled"} : reason_}
    );
}

}  // namespace hourglass::workflow::detail
