#include "hourglass/workflow/cancellation.hpp"

#include "src/workflow/engine.hpp"

#include <string>

namespace hourglass::workflow {

CancellationScope::CancellationScope()
    : scope_{detail::make_ref<detail::Scope>(detail::current_scope("CancellationScope()"))} {}

CancellationScope CancellationScope::detached() {
    return CancellationScope{detail::make_ref<detail::Scope>(detail::Ref<detail::Scope>{})};
}

void CancellationScope::cancel(const std::string& reason) const {
    detail::require_writable("CancellationScope::cancel()");
    scope_->cancel(reason);
}

bool cancellation_requested() {
    return Engine::current("cancellation_requested()").root_scope().cancelled();
}

const std::string& cancellation_reason() {
    return Engine::current("cancellation_reason()").root_scope().reason();
}

}  // namespace hourglass::workflow
