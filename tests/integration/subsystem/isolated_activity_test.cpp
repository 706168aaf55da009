// Isolated activities in a whole application: a crash costs an attempt, a cascade costs none.
#include "tests/support/test_server.hpp"
#include <hourglass/hourglass.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <string>

namespace crashes {

namespace hg = hourglass;
using namespace std::chrono_literals;

/// Kills its process the first time, and says on the second which attempt it is.
int segfault_once() {
    const auto attempt = static_cast<int>(hg::activity::info().attempt);
    if (attempt == 1) {
        static_cast<void>(std::raise(SIGSEGV));
    }
    return attempt;
}

/// Heartbeats what it has begun with, until it is told to go on by its cancellation, or the third
/// second.
std::string outlive(std::string text) {
    for (int i = 0; i < 30; ++i) {
        hg::activity::heartbeat(i);
        hg::activity::sleep(100ms);
    }
    return text + " done";
}

class Survives {
public:
    hg::Task<int> run() {
        const hg::workflow::ActivityOptions options{
            .start_to_close_timeout = 30s, .retry_policy = hg::RetryPolicy{.initial_interval = 10ms}
        };
        const int attempt = co_await hg::workflow::execute_activity<&segfault_once>(options);
        co_return attempt;
    }
};

class Outlives {
public:
    hg::Task<std::string> run(std::string text) {
        const hg::workflow::ActivityOptions options{
            .start_to_close_timeout = 30s,
            .heartbeat_timeout = 5s,
            .retry_policy = hg::RetryPolicy{.maximum_attempts = 1}
        };
        std::string answer = co_await hg::workflow::execute_activity<&outlive>(options, text);
        co_return answer;
    }
};

}  // namespace crashes

HOURGLASS_ACTIVITY(crashes::segfault_once, isolated);
HOURGLASS_ACTIVITY(crashes::outlive, isolated({.memory_limit = 256 << 20}));
HOURGLASS_WORKFLOW(crashes::Survives, run);
HOURGLASS_WORKFLOW(crashes::Outlives, run);

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using hg::test::eventually;
using hg::test::unique;

hg::ApplicationOptions with_queue(const std::string& queue) {
    hg::ApplicationOptions options{.client = {.address = hg::test::server_address()}};
    options.default_worker.task_queue = queue;
    return options;
}

// Nothing here calls isolation::start(): the first Application does, while there is no thread.

TEST(IsolationTest, ASegfaultCostsAnAttemptAndTheNextOneSucceeds) {
    const std::string queue = unique("isolated");
    hg::Application app{with_queue(queue)};
    EXPECT_TRUE(hg::isolation::started());
    auto handle =
        app.client().start<&crashes::Survives::run>({.id = unique("survives"), .task_queue = queue}
        );
    EXPECT_EQ(handle.result(), 2);
    for (const auto& child : app.which_children()) {
        EXPECT_EQ(child.restarts, 0u) << child.id;
    }
}

TEST(IsolationTest, AnAttemptOutlivesTheCascadeOfTheBridgeHolder) {
    const std::string queue = unique("isolated");
    hg::Application app{with_queue(queue)};
    auto handle = app.client().start<&crashes::Outlives::run>(
        {.id = unique("outlives"), .task_queue = queue}, "work"
    );
    EXPECT_TRUE(eventually([&] { return !handle.describe().pending_activities.empty(); }));
    EXPECT_TRUE(eventually([&] {
        const auto pending = handle.describe().pending_activities;
        return !pending.empty() && !pending.front().heartbeat_details.empty();
    }));
    EXPECT_TRUE(app.kill("BridgeHolder"));
    EXPECT_EQ(handle.result(), "work done");  // there is no second attempt
}

}  // namespace
