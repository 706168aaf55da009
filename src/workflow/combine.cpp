#include "hourglass/workflow/combine.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/workflow/errors.hpp"

#include <cstddef>
#include <exception>
#include <vector>

namespace hourglass::workflow::detail {

Task<void> wait_for_all(std::vector<Ref<Operation>> operations) {
    const Group group{&operations, false};
    static_cast<void>(co_await group);
    std::exception_ptr first;
    for (const auto& operation : operations) {
        try {
            operation->rethrow_error();
        } catch (...) {  // all are asked, so that none counts as lost
            first = first ? first : std::current_exception();
        }
    }
    if (first) {
        std::rethrow_exception(first);
    }
}

Task<std::size_t> wait_for_first(std::vector<Ref<Operation>> operations, std::vector<bool> own) {
    if (operations.empty()) {
        throw ConfigurationError{"race() was given nothing to wait for: it would wait for ever"};
    }
    const Group group{&operations, true};
    const std::size_t first = co_await group;
    // A cancelled scope ends its operations before it wakes who waits: one of them is the first to
    // end then, but nobody has won.
    const Ref<Scope> scope = current_scope("race()");
    if (scope->cancelled() && is_cancelled_error(operations[first]->error())) {
        std::rethrow_exception(scope->cancelled_error());
    }
    if (own[first]) {
        operations[first]->rethrow_error();
    }
    co_return first;
}

}  // namespace hourglass::workflow::detail
