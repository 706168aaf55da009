// Several things at a time: all of them, the first of them, one within a time.

#include "hourglass/workflow/combine.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/convert/failures.hpp"
#include "hourglass/workflow/errors.hpp"
#include "hourglass/workflow/with_timeout.hpp"

#include <chrono>
#include <cstddef>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::workflow::detail {
namespace {

/// Those that are open and its own.
std::vector<Ref<Operation>> open_ones(
    const std::vector<Ref<Operation>>& operations, const std::vector<bool>& own
) {
    std::vector<Ref<Operation>> open;
    for (std::size_t i = 0; i < operations.size(); ++i) {
        if (own[i] && !operations[i]->ready()) {
            open.push_back(operations[i]);
        }
    }
    return open;
}

// Functions, since g++ 12 takes no list of values in a coroutine.
std::vector<Ref<Operation>> pair_of(Ref<Operation> first, Ref<Operation> second) {
    return {std::move(first), std::move(second)};
}
std::vector<bool> own_of_two(bool first) {
    return {first, false};
}

/// @param own  whether they are Tasks that belong to who waits: waited for whatever is cancelled
/// meanwhile.
Task<void> wait_for_end(std::vector<Ref<Operation>> operations, bool own) {
    const Group group{&operations, false, std::vector<bool>(operations.size(), own)};
    static_cast<void>(co_await group);
}
Task<void> wait_for_own(std::vector<Ref<Operation>> operations) {
    return wait_for_end(std::move(operations), true);
}

}  // namespace

Task<void> wait_for_all(std::vector<Ref<Operation>> operations, std::vector<bool> own) {
    std::exception_ptr first;
    try {
        const Group group{&operations, false, own};
        static_cast<void>(co_await group);
    } catch (...) {
        first = std::current_exception();  // cancelled: its own Tasks end before that is said
    }
    co_await wait_for_own(open_ones(operations, own));
    for (std::size_t i = 0; i < operations.size(); ++i) {
        if (!operations[i]->ready()) {
            continue;
        }
        try {
            operations[i]->rethrow_error();
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
    std::exception_ptr interrupted;
    std::size_t first = 0;
    try {
        const Group group{&operations, true, own};
        first = co_await group;
    } catch (...) {
        interrupted = std::current_exception();  // cancelled, as above
    }
    for (const auto& loser : open_ones(operations, own)) {
        loser->cancel();
    }
    co_await wait_for_own(open_ones(operations, own));
    if (interrupted) {
        std::rethrow_exception(interrupted);
    }
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

Task<void> wait_within(
    std::chrono::nanoseconds limit, Ref<Operation> operation, bool own, TimerOptions options
) {
    const TimerHandle timer = start_timer(limit, std::move(options));
    const auto operations = pair_of(operation, Ref<Operation>{&timer.operation()});
    const Group group{&operations, true, own_of_two(own)};
    try {
        static_cast<void>(co_await group);
    } catch (const CancelledError&) {
        // With the scope around it the Task is cancelled, too: what it makes of it is the outcome.
    }
    if (operation->ready()) {
        timer.cancel();
        co_return;
    }
    const bool timed_out = timer.ready() && !timer.operation().error();
    const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(limit);
    const std::string text = "the time limit of " + std::to_string(time.count()) + " ms has passed";
    if (timed_out) {
        operation->cancel_for(text);
    }
    // Throws the cancellation of the scope around, if the operation is none of its own and goes on.
    co_await wait_for_end(std::vector<Ref<Operation>>(1, operation), own);
    if (timed_out && is_cancelled_error(operation->error())) {
        throw TimeoutError{text};
    }
}

}  // namespace hourglass::workflow::detail
