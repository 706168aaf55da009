// What a workflow task costs between Core's bytes and ours: decode the activation, run the workflow
// until it waits, encode the commands.

#include "allocations.hpp"
#include "hourglass/convert/convert.hpp"
#include "src/convert/proto_payload.hpp"
#include "task.hpp"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace bench {
namespace {

namespace hg = hourglass;
using hg::workflow::Activation;
using hg::workflow::WorkflowRun;

/// Activations that each complete one activity, the first one's sequence number being 1.
std::vector<std::string> completed_activities(std::int64_t count) {
    std::vector<std::string> all;
    for (std::int64_t sequence = 1; sequence <= count; ++sequence) {
        Activation activation;
        activation.set_run_id("5f0c1f0e-31a5-4a4b-9a53-7d7a2c1b8f11");
        activation.mutable_timestamp()->set_seconds(1'800'000'000 + sequence);
        activation.set_history_length(static_cast<std::uint32_t>(3 + 6 * sequence));
        auto& job = *activation.add_jobs()->mutable_resolve_activity();
        job.set_seq(static_cast<std::uint32_t>(sequence));
        hg::convert::to_proto(
            hg::to_payload(sequence), job.mutable_result()->mutable_completed()->mutable_result()
        );
        all.push_back(activation.SerializeAsString());
    }
    return all;
}

/// One of many tasks of a long run: an activity has completed, the next one is scheduled.
void next_activity(benchmark::State& state) {
    constexpr std::int64_t kTasks = 1000;
    const auto first = begin("Sequential", hg::encode_arguments(kTasks + 1)).SerializeAsString();
    const auto tasks = completed_activities(kTasks);
    std::uint64_t allocated = 0;
    std::uint64_t done = 0;
    while (state.KeepRunningBatch(kTasks)) {
        state.PauseTiming();
        WorkflowRun run{definition_of("Sequential"), "run", hg::workflow::RunOptions{}};
        task(run, first);
        const auto before = allocations();
        state.ResumeTiming();
        for (const auto& bytes : tasks) {
            benchmark::DoNotOptimize(task(run, bytes));
        }
        state.PauseTiming();
        allocated += allocations() - before;
        done += tasks.size();
        state.ResumeTiming();
    }
    state.counters["allocations"] = static_cast<double>(allocated) / static_cast<double>(done);
}
BENCHMARK(next_activity)->Unit(benchmark::kMicrosecond);

/// The first task of a run: begin it and schedule an activity; and its end.
void first_activity(benchmark::State& state) {
    const auto first =
        begin("Sequential", hg::encode_arguments(std::int64_t{1})).SerializeAsString();
    const auto before = allocations();
    for (auto _ : state) {
        WorkflowRun run{definition_of("Sequential"), "run", hg::workflow::RunOptions{}};
        benchmark::DoNotOptimize(task(run, first));
    }
    state.counters["allocations"] =
        static_cast<double>(allocations() - before) / static_cast<double>(state.iterations());
}
BENCHMARK(first_activity)->Unit(benchmark::kMicrosecond);

/// A run's first task that schedules many activities at once; time for each of them.
void fan_out(benchmark::State& state) {
    const auto count = state.range(0);
    const auto first = begin("FanOut", hg::encode_arguments(count)).SerializeAsString();
    while (state.KeepRunningBatch(count)) {
        WorkflowRun run{definition_of("FanOut"), "run", hg::workflow::RunOptions{}};
        benchmark::DoNotOptimize(task(run, first));
    }
}
BENCHMARK(fan_out)->Arg(10)->Arg(1000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace bench
