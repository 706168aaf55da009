// Timers and conditions as a workflow writes them.

#include "hourglass/convert/failures.hpp"
#include "hourglass/workflow/condition.hpp"
#include "hourglass/workflow/timer.hpp"
#include "src/workflow/engine.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::workflow {
namespace {

/// What awaiting a condition awaits.
class ConditionHandle {
public:
    explicit ConditionHandle(detail::Ref<detail::ConditionOperation> operation) noexcept
        : operation_{std::move(operation)} {}

    using WorkflowAwaitable = void;

    [[nodiscard]] detail::Operation& operation() const { return *operation_; }
    void result() const { operation_->rethrow_error(); }
    [[nodiscard]] auto workflow_awaiter(detail::Frame& frame) const {
        return detail::HandleAwaiter<ConditionHandle>{*this, frame};
    }

private:
    detail::Ref<detail::ConditionOperation> operation_;
};

// One coroutine that holds nothing of a timer: memory is full of workflows that wait like this.
Task<void> wait_condition_without_limit(Condition condition) {
    Engine& engine = Engine::current("wait_condition()");
    engine.require_writable("wait_condition()");
    if (!engine.test(condition)) {
        const ConditionHandle handle{engine.add_condition(condition)};
        co_await handle;
    }
}

Task<bool> wait_condition_until(
    Condition condition, std::chrono::nanoseconds timeout, std::string summary
) {
    Engine& engine = Engine::current("wait_condition()");
    engine.require_writable("wait_condition()");
    if (engine.test(condition)) {
        co_return true;
    }
    const auto waiting = engine.add_condition(condition);
    const auto timer = engine.start_timer(timeout, summary);
    const std::vector<detail::Ref<detail::Operation>> operations{waiting, timer};
    const detail::Group group{&operations, true};
    const std::size_t first = co_await group;
    if (first == 0) {
        timer->cancel();
        waiting->rethrow_error();
        co_return true;
    }
    waiting->withdraw();
    timer->rethrow_error();
    // What came with the timer in one activation was handled before it.
    co_return engine.test(condition);
}

Task<void> wait_condition_in_time(
    Condition condition, std::chrono::nanoseconds timeout, std::string summary
) {
    const bool in_time =
        co_await wait_condition_until(std::move(condition), timeout, std::move(summary));
    if (!in_time) {
        const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(timeout);
        throw TimeoutError{
            "wait_condition: the condition did not become true within " +
            std::to_string(limit.count()) + " ms"
        };
    }
}

}  // namespace

TimerHandle start_timer(std::chrono::nanoseconds duration, TimerOptions options) {
    return TimerHandle{detail::Ref<detail::Operation>{
        Engine::current("start_timer()").start_timer(duration, options.summary)
    }};
}

Task<void> wait_condition(Condition condition, WaitConditionOptions options) {
    return options.timeout ? wait_condition_in_time(
                                 std::move(condition), *options.timeout, options.summary.get()
                             )
                           : wait_condition_without_limit(std::move(condition));
}

Task<bool> wait_condition_for(
    std::chrono::nanoseconds timeout, Condition condition, std::string summary
) {
    return wait_condition_until(std::move(condition), timeout, std::move(summary));
}

}  // namespace hourglass::workflow
