// Isolated activities in a whole application: a crash costs an attempt, a cascade costs none.
#include "src/activity/isolation/server_handle.hpp"
#include "tests/support/processes.hpp"
#include "tests/support/test_server.hpp"
#include <hourglass/hourglass.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <string>
#include <sys/resource.h>

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

TEST(IsolationTest, AnAttemptWithoutAProcessIsTriedAgainUntilThereIsOne) {
    const std::string queue = unique("isolated");
    hg::Application app{with_queue(queue)};
    const pid_t server = hg::activity::isolation::server_pid();
    rlimit before{};
    ASSERT_EQ(::prlimit(server, RLIMIT_NOFILE, nullptr, &before), 0);
    const rlimit none{.rlim_cur = 3, .rlim_max = before.rlim_max};
    ASSERT_EQ(::prlimit(server, RLIMIT_NOFILE, &none, nullptr), 0);
    auto handle =
        app.client().start<&crashes::Survives::run>({.id = unique("starves"), .task_queue = queue});
    std::string reason;
    EXPECT_TRUE(eventually([&] {
        for (const auto& pending : handle.describe().pending_activities) {
            reason = pending.last_failure ? pending.last_failure->what() : "";
        }
        return !reason.empty();
    }));
    EXPECT_EQ(reason, "the system gave no process for an isolated activity: Too many open files");
    ASSERT_EQ(::prlimit(server, RLIMIT_NOFILE, &before, nullptr), 0);
    EXPECT_GE(handle.result(), 2);
}

TEST(IsolationTest, AnApplicationThatHasStoppedLeavesNoProcessBehind) {
    const std::string queue = unique("isolated");
    hg::Application app{with_queue(queue)};
    const pid_t server = hg::activity::isolation::server_pid();
    app.client().execute<&crashes::Survives::run>({.id = unique("stops"), .task_queue = queue});
    EXPECT_FALSE(hg::test::children_of(server).empty()) << "one waits for the next attempt";
    app.stop();
    EXPECT_TRUE(eventually([&] { return hg::test::children_of(server).empty(); }));
}

}  // namespace
