// What a coroutine of a workflow costs beside what it does: to run one, and to keep one that waits.

#include "allocations.hpp"
#include "hourglass/convert/convert.hpp"
#include "hourglass/workflow/workflow.hpp"
#include "task.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>

namespace bench {

namespace hg = hourglass;

/// Awaits one coroutine after the other.
class Calls {
public:
    hg::Task<std::int64_t> run(std::int64_t count) {
        std::int64_t sum = 0;
        for (std::int64_t index = 0; index < count; ++index) {
            const std::int64_t one = co_await doubled(index);
            sum += one;
        }
        co_return sum;
    }

private:
    static hg::Task<std::int64_t> doubled(std::int64_t value) { co_return 2 * value; }
};

/// Waits, so many coroutines deep.
class Depth {
public:
    hg::Task<void> run(std::int64_t depth) { co_await further(depth); }

private:
    static hg::Task<void> further(std::int64_t depth) {
        if (depth > 1) {
            co_await further(depth - 1);
        } else {
            co_await hg::workflow::wait_condition([] { return false; });
        }
    }
};

namespace {

using hg::workflow::WorkflowRun;

void coroutine_frame(benchmark::State& state) {
    constexpr std::int64_t kCalls = 10'000;
    const auto bytes = begin("Calls", hg::encode_arguments(kCalls)).SerializeAsString();
    const auto before = allocations();
    while (state.KeepRunningBatch(kCalls)) {
        WorkflowRun run{definition_of("Calls"), "run", hg::workflow::RunOptions{}};
        benchmark::DoNotOptimize(task(run, bytes));
    }
    state.counters["allocations"] =
        static_cast<double>(allocations() - before) / static_cast<double>(state.iterations());
}
BENCHMARK(coroutine_frame)->Unit(benchmark::kMicrosecond);

/// `bytes` is the heap of each.
void waiting_frame(benchmark::State& state) {
    constexpr std::int64_t kDepth = 1000;
    const auto activation = begin("Depth", hg::encode_arguments(kDepth)).SerializeAsString();
    std::int64_t bytes = 0;
    while (state.KeepRunningBatch(kDepth)) {
        const auto before = heap_bytes();
        WorkflowRun run{definition_of("Depth"), "run", hg::workflow::RunOptions{}};
        benchmark::DoNotOptimize(task(run, activation));
        bytes += heap_bytes() - before;
    }
    state.counters["bytes"] = static_cast<double>(bytes) / static_cast<double>(state.iterations());
}
BENCHMARK(waiting_frame)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace bench

HOURGLASS_WORKFLOW(bench::Calls, run);
HOURGLASS_WORKFLOW(bench::Depth, run);
