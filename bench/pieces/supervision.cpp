// What a message between processes costs, and a restart.

#include "hourglass/supervision/process.hpp"
#include "hourglass/supervision/supervisor.hpp"
#include "hourglass/supervision/system.hpp"

#include <benchmark/benchmark.h>

#include <stdexcept>

namespace bench {
namespace {

namespace sv = hourglass::supervision;

struct Counter : sv::Process {
    int add() { return ++count; }
    int count = 0;
};

/// A question and its answer: into a process on a thread of the pool, and back to this thread.
void call_and_answer(benchmark::State& state) {
    const sv::ThreadedSystem system;
    const auto counter = system.spawn<Counter>();
    for (auto _ : state) {
        benchmark::DoNotOptimize(counter.call(&Counter::add).get());
    }
}
BENCHMARK(call_and_answer)->UseRealTime();

/// Messages that nobody waits for, until the last has run.
void cast(benchmark::State& state) {
    constexpr int kMessages = 1000;
    const sv::ThreadedSystem system;
    const auto counter = system.spawn<Counter>();
    while (state.KeepRunningBatch(kMessages)) {
        for (int sent = 1; sent < kMessages; ++sent) {
            counter.cast([](Counter& one) { one.add(); });
        }
        benchmark::DoNotOptimize(counter.call(&Counter::add).get());
    }
}
BENCHMARK(cast)->UseRealTime();

/// A child crashes; its supervisor has another one in its place.
void restart(benchmark::State& state) {
    const sv::ThreadedSystem system;
    // Until its child has started: one that is told to exit before that fails the start.
    const auto supervisor =
        system
            .start<sv::Supervisor>(sv::SupervisorSpec{
                .max_restarts = 1'000'000'000, .children = {sv::child<Counter>("counter")}
            })
            .get();
    auto child = [&] { return sv::SupervisorBase::which_children(supervisor).get().at(0).pid; };
    sv::Pid before = child();
    for (auto _ : state) {
        before.exit(sv::ExitReason::named("bench"));
        sv::Pid now = before;
        while (now == before || !now.alive()) {
            now = child();
        }
        before = now;
    }
}
BENCHMARK(restart)->UseRealTime()->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace bench
