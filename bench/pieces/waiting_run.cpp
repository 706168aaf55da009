// What a run that waits for a signal keeps in memory, without Core's part of it.

#include "allocations.hpp"
#include "task.hpp"

#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

namespace bench {
namespace {

namespace hg = hourglass;
using hg::workflow::WorkflowRun;

/// Time to begin one; `bytes` is the heap of each, as the worker's cache holds it.
void waiting_run(benchmark::State& state) {
    constexpr std::size_t kRuns = 1000;
    const auto first = begin("Waiter", {}).SerializeAsString();
    const auto options = std::make_shared<const hg::workflow::RunOptions>();
    std::int64_t bytes = 0;
    std::uint64_t runs = 0;
    while (state.KeepRunningBatch(kRuns)) {
        std::vector<std::unique_ptr<WorkflowRun>> all(kRuns);
        const auto before = heap_bytes();
        for (auto& run : all) {
            run = std::make_unique<WorkflowRun>(
                definition_of("Waiter"), "5f0c1f0e-31a5-4a4b-9a53-7d7a2c1b8f11", options
            );
            benchmark::DoNotOptimize(task(*run, first));
        }
        bytes += heap_bytes() - before;
        runs += kRuns;
        state.PauseTiming();
        all.clear();
        state.ResumeTiming();
    }
    state.counters["bytes"] = static_cast<double>(bytes) / static_cast<double>(runs);
}
BENCHMARK(waiting_run)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace bench
