#include "tests/conformance/harness/bench.hpp"

#include "tests/support/test_server.hpp"

#include <chrono>

namespace conformance {
namespace {

using namespace std::chrono_literals;

hourglass::ApplicationOptions application_options(const std::string& queue) {
    hourglass::ApplicationOptions options;
    options.client.address = hourglass::test::server_address();
    options.default_worker.task_queue = queue;
    return options;
}

}  // namespace

Bench& Bench::shared() {
    static Bench bench;
    return bench;
}

Bench::Bench()
    : queue_{hourglass::test::unique("conformance")},
      application_{application_options(queue_)},
      client_{application_.client().with({.timeout = 60s})} {}

hourglass::testing::ReplayResult Bench::replay(const hourglass::WorkflowHistory& history) {
    const std::lock_guard lock{replaying_};
    return replayer_.replay(history);
}

}  // namespace conformance
