#include "hourglass/workflow/sync.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/convert/failures.hpp"
#include "hourglass/workflow/channel.hpp"
#include "hourglass/workflow/errors.hpp"
#include "hourglass/workflow/logger.hpp"
#include "hourglass/workflow/task_group.hpp"
#include "src/workflow/engine.hpp"

#include <cstddef>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::workflow {
namespace detail {

void TurnOperation::cancel() {
    settle(std::make_exception_ptr(CancelledError{"the wait was cancelled"}));
}

void Turns::check_scope(const char* api) {
    require_writable(api);
    const Ref<Scope> scope = current_scope(api);
    if (scope->cancelled()) {
        std::rethrow_exception(scope->cancelled_error());
    }
}

Task<bool> Turns::wait() {
    check_scope("wait()");  // the turn of a cancelled scope would stay in the queue
    const Ref<Scope> scope = current_scope("wait()");
    const auto turn = make_ref<TurnOperation>(scope);
    scope->add(*turn);
    waiting_.push_back(turn);
    std::vector<Ref<Operation>> operations{turn};
    const Group group{&operations, true};
    static_cast<void>(co_await group);
    turn->rethrow_error();
    co_return !turn->dismissed();
}

Ref<TurnOperation> Turns::first() noexcept {
    forget_cancelled();
    if (waiting_.empty()) {
        return {};
    }
    Ref<TurnOperation> first = std::move(waiting_.front());
    waiting_.pop_front();
    return first;
}

bool Turns::next() noexcept {
    const Ref<TurnOperation> turn = first();
    if (turn) {
        turn->settle();
    }
    return static_cast<bool>(turn);
}

void Turns::dismiss_all() noexcept {
    while (const Ref<TurnOperation> turn = first()) {
        turn->dismiss();
    }
}

bool Turns::empty() noexcept {
    forget_cancelled();
    return waiting_.empty();
}

void Turns::forget_cancelled() noexcept {
    while (!waiting_.empty() && waiting_.front()->ready()) {
        waiting_.pop_front();
    }
}

void reject_closed_channel() {
    throw ConfigurationError{
        "a value was sent into a Channel that is closed: nobody would get it. Close it after the "
        "last value"
    };
}

void reject_capacity(const char* what) {
    throw ConfigurationError{
        std::string{what} + " was given no place at all: whoever needs one would wait for ever"
    };
}

}  // namespace detail

Semaphore::Semaphore(std::size_t places) : places_{places}, free_{places} {
    if (places == 0) {
        detail::reject_capacity("Semaphore");
    }
}

Task<void> Semaphore::acquire() {
    detail::Turns::check_scope("Semaphore::acquire()");
    if (try_acquire()) {
        co_return;
    }
    static_cast<void>(co_await turns_.wait());  // whoever releases hands its place over
}

bool Semaphore::try_acquire() {
    detail::require_writable("Semaphore::try_acquire()");
    if (free_ == 0 || !turns_.empty()) {
        return false;
    }
    --free_;
    return true;
}

void Semaphore::release() {
    if (free_ >= places_ && Engine::running() != nullptr) {
        logger().warn(
            "Semaphore::release() was called although none of its places is taken: there is one "
            "more now",
            {{"places", std::to_string(places_)}}
        );
    }
    give_back();
}

void Semaphore::give_back() noexcept {
    if (!turns_.next()) {
        ++free_;
    }
}

void MutexLock::unlock() {
    if (mutex_ == nullptr) {
        return;
    }
    detail::require_writable("MutexLock::unlock()");
    let_go();
}

Task<MutexLock> Mutex::lock() {
    co_await place_.acquire();
    co_return MutexLock{this};
}

Task<void> TaskGroup::guarded(Task<void> task, CancellationScope scope) {
    std::exception_ptr error;
    try {
        co_await std::move(task);
    } catch (...) {
        error = std::current_exception();  // for whoever waits for the group
    }
    if (error) {
        if (!scope.cancelled()) {
            scope.cancel("another Task of the group failed");
        }
        std::rethrow_exception(error);
    }
}

Task<void> TaskGroup::wait() {
    // Not to be interrupted: what cancels whoever waits cancels the group's Tasks, too, and they
    // may have to undo things.
    return shield(ended());
}

Task<void> TaskGroup::ended() {
    std::exception_ptr first;
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
        const TaskHandle<void> task = tasks_[i];
        std::vector<detail::Ref<detail::Operation>> operations{
            detail::Ref<detail::Operation>{&task.operation()}
        };
        const detail::Group group{&operations, true};
        static_cast<void>(co_await group);
        try {
            task.result();
        } catch (...) {
            const auto error = std::current_exception();  // decided on when all have ended
            if (!first || (is_cancelled_error(first) && !is_cancelled_error(error))) {
                first = error;
            }
        }
    }
    if (first) {
        std::rethrow_exception(first);
    }
}

}  // namespace hourglass::workflow
