// Timers and conditions as a workflow writes them.

#include "hourglass/convert/failures.hpp"
#include "hourglass/workflow/condition.hpp"
#include "hourglass/workflow/timer.hpp"
#include "src/workflow/engine.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::workflow {
namespace {

Task<bool> wait_until(
    Condition condition, std::optional<std::chrono::nanoseconds> timeout, std::string summary
) {
    Engine& engine = Engine::current("wait_condition()");
    engine.require_writable("wait_condition()");
    if (engine.test(condition)) {
        co_return true;
    }
    const auto waiting = engine.add_condition(condition);
    std::vector<detail::Ref<detail::Operation>> operations{waiting};
    if (timeout) {
        operations.emplace_back(engine.start_timer(*timeout, summary));
    }
    const detail::Group group{&operations, true};
    const std::size_t first = co_await group;
    if (first == 0) {
        if (timeout) {
            operations[1]->cancel();
        }
        waiting->rethrow_error();
        co_return true;
    }
    waiting->withdraw();
    operations[1]->rethrow_error();
    // What came with the timer in one activation was handled before it.
    co_return engine.test(condition);
}

}  // namespace

TimerHandle start_timer(std::chrono::nanoseconds duration, TimerOptions options) {
    return TimerHandle{detail::Ref<detail::Operation>{
        Engine::current("start_timer()").start_timer(duration, options.summary)
    }};
}

Task<void> wait_condition(Condition condition, WaitConditionOptions options) {
    const bool in_time =
        co_await wait_until(std::move(condition), options.timeout, options.summary.get());
    if (!in_time) {
        const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(*options.timeout);
        throw TimeoutError{
            "wait_condition: the condition did not become true within " +
            std::to_string(limit.count()) + " ms"
        };
    }
}

Task<bool> wait_condition_for(
    std::chrono::nanoseconds timeout, Condition condition, std::string summary
) {
    return wait_until(std::move(condition), timeout, std::move(summary));
}

}  // namespace hourglass::workflow
