// What a step across the bridge costs.

#include "src/core/connection.hpp"
#include "src/core/runtime.hpp"

#include <benchmark/benchmark.h>

#include <future>
#include <memory>

namespace bench {
namespace {

namespace core = hourglass::core;

/// A connection that connects when it is needed, which is never.
std::shared_ptr<core::Connection> unconnected() {
    auto runtime = core::Runtime::create({.threads = 1, .worker_heartbeat_interval = {}});
    if (!runtime) {
        return {};
    }
    core::ConnectOptions options;
    options.target = "127.0.0.1:1";
    options.lazy = true;
    std::promise<std::shared_ptr<core::Connection>> connection;
    core::Connection::connect(*runtime, options, [&connection](core::ConnectResult made) {
        connection.set_value(made ? *std::move(made) : nullptr);
    });
    return connection.get_future().get();
}

/// A call that is refused on the other side: there and back with its answer, on one thread.
void refused_call(benchmark::State& state) {
    const auto connection = unconnected();
    if (!connection) {
        state.SkipWithError("Core does not start");
        return;
    }
    const core::RpcRequest request{.method = "Fly"};
    int refused = 0;
    for (auto _ : state) {
        connection->rpc_call(request, [&](const core::BytesResult& answer) {
            refused += answer ? 0 : 1;
        });
    }
    if (refused != static_cast<int>(state.iterations())) {
        state.SkipWithError("it was not refused at once");
    }
}
BENCHMARK(refused_call);

}  // namespace
}  // namespace bench
