// The design's table, against the dev server: the BridgeHolder dies while three workers poll and a
// workflow task and an activity are in flight.
#include "flows.hpp"
#include "src/core/generation.hpp"
#include "tests/support/process_view.hpp"
#include "tests/support/test_server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using hg::supervision::Pid;
using hg::test::entries;
using hg::test::eventually;
using hg::test::pids_of;

int rounds() {
    const char* text = std::getenv("HOURGLASS_CASCADE_ROUNDS");
    return text != nullptr ? std::stoi(text) : 100;
}

/// Counts the lines that say what the test waits for.
class CountingSink final : public hg::log::Sink {
public:
    void write(const hg::log::Record& record) noexcept override {
        const std::lock_guard lock{mutex_};
        if (record.message.starts_with("worker_not_registered: a workflow task")) {
            ++late_workflow_tasks;
        } else if (record.message.starts_with("worker_not_registered: an activity")) {
            ++late_activities;
        } else if (record.message.starts_with("DynamicWorkerLost")) {
            ++lost_workers;
        }
    }
    std::atomic<int> late_workflow_tasks{0};
    std::atomic<int> late_activities{0};
    std::atomic<int> lost_workers{0};

private:
    std::mutex mutex_;
};

class CascadeTest : public ::testing::Test {
protected:
    static hg::ApplicationOptions options() {
        hg::ApplicationOptions options;
        options.client.address = hg::test::server_address();
        options.max_restarts = 1'000'000;  // the test is the fault, not the tree
        options.threads = 6;               // gated workflow code blocks one
        return options;
    }

    void SetUp() override { hg::log::set_sink(sink_); }
    void TearDown() override { hg::log::set_sink(nullptr); }

    std::shared_ptr<CountingSink> sink_ = std::make_shared<CountingSink>();
};

TEST_F(CascadeTest, BridgeHoldersDeathHealsWhileWorkIsInFlight) {
    hg::Application app{options()};
    const hg::Client client = app.client();
    std::atomic<int> told{0};
    app.on_worker_lost([&told](const std::string&) { ++told; });
    constexpr int kWarmUp = 5;
    long threads = 0;
    long files = 0;
    const std::string run =
        std::to_string(std::chrono::system_clock::now().time_since_epoch().count());
    for (int round = 0; round < rounds(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        hg::WorkerOptions second;
        second.task_queue = "second-" + run;
        hg::WorkerOptions third;
        third.task_queue = "third-" + run;
        app.start_worker(second);
        app.start_worker(third);
        ASSERT_TRUE(app.wait_until_polling("default", 20s));
        ASSERT_TRUE(app.wait_until_polling(second.task_queue, 20s));
        ASSERT_TRUE(app.wait_until_polling(third.task_queue, 20s));

        flows::activity_gate().close();
        flows::workflow_gate().close();
        const int runs_before = flows::gated_activity_runs();
        const std::string suffix = run + "-" + std::to_string(round);
        auto with_activity = client.start<&flows::CallsGatedActivity::run>(
            {.id = "activity-" + suffix}, "a" + suffix
        );
        auto with_task =
            client.start<&flows::GatedWorkflow::run>({.id = "task-" + suffix}, "w" + suffix);
        ASSERT_TRUE(flows::activity_gate().wait_for_arrivals(1));
        ASSERT_TRUE(flows::workflow_gate().wait_for_arrivals(1));
        const auto old_loops = pids_of(app, "WorkflowPollLoop");
        ASSERT_EQ(old_loops.size(), 3u);

        ASSERT_TRUE(app.kill("BridgeHolder"));
        // The registry is empty but for the default worker, which comes back by itself.
        ASSERT_TRUE(eventually([&] { return told == 2 * (round + 1); }));
        ASSERT_TRUE(app.wait_until_polling("default", 20s));
        EXPECT_EQ(pids_of(app, "WorkflowPollLoop").size(), 1u);
        for (const Pid& loop : old_loops) {
            EXPECT_FALSE(loop.alive())
                << "a zombie polls a handle that nobody owns: " << loop.text();
        }

        flows::activity_gate().open();
        flows::workflow_gate().open();
        EXPECT_EQ(with_activity.result(), "a" + suffix + " done");
        EXPECT_EQ(with_task.result(), "w" + suffix);
        EXPECT_EQ(flows::gated_activity_runs(), runs_before + 1)
            << "the activity's effect must count once";
        EXPECT_TRUE(eventually([&] { return sink_->late_workflow_tasks == round + 1; }));
        EXPECT_TRUE(eventually([&] { return sink_->late_activities == round + 1; }));
        EXPECT_EQ(sink_->lost_workers, 2 * (round + 1));
        ASSERT_FALSE(HasFailure());
        if (round == kWarmUp) {
            threads = entries("/proc/self/task");
            files = entries("/proc/self/fd");
        }
    }
    if (rounds() > kWarmUp + 1) {
        // Pools breathe and connections close a little later, but nothing may grow with the rounds.
        constexpr long kSlack = 12;
        EXPECT_TRUE(eventually([&] { return entries("/proc/self/task") <= threads + kSlack; }))
            << threads << " threads became " << entries("/proc/self/task");
        EXPECT_TRUE(eventually([&] { return entries("/proc/self/fd") <= files + kSlack; }))
            << files << " open files became " << entries("/proc/self/fd");
    }
}

TEST_F(CascadeTest, StaleHandlesAreReplacedByOneRestartOfTheRuntime) {
    hg::Application app{options()};
    for (int round = 0; round < 5; ++round) {
        ASSERT_TRUE(app.wait_until_polling("default", 20s));
        const Pid before = app.which_children().at(0).pid;
        hg::core::generation::bump();
        // The polls under way end with stale_handle, and that is reported.
        ASSERT_TRUE(eventually([&] { return app.which_children().at(0).pid != before; }));
        EXPECT_EQ(app.which_children().at(0).last_exit->name(), "bridge_reloaded");
        ASSERT_TRUE(app.wait_until_polling("default", 20s));
        const std::string id =
            "stale-" + std::to_string(std::chrono::system_clock::now().time_since_epoch().count());
        EXPECT_EQ(app.client().execute<&flows::Echo::run>({.id = id}, "fresh"), "fresh");
        EXPECT_EQ(app.which_children().at(0).restarts, static_cast<std::size_t>(round) + 1);
    }
}

TEST_F(CascadeTest, APermanentWorkerOfACallerComesBackByItself) {
    hg::Application app{options()};
    std::atomic<int> told{0};
    app.on_worker_lost([&told](const std::string&) { ++told; });
    hg::WorkerOptions kept;
    kept.task_queue = hg::test::unique("kept");
    kept.restart = hg::WorkerRestart::Permanent;
    app.start_worker(kept);
    for (int round = 0; round < 5; ++round) {
        ASSERT_TRUE(app.kill("BridgeHolder"));
        EXPECT_EQ(
            app.client().execute<&flows::Echo::run>(
                {.id = hg::test::unique("kept"), .task_queue = kept.task_queue}, "x"
            ),
            "x"
        );
    }
    EXPECT_EQ(told, 0);
    app.stop_worker(kept.task_queue);
    ASSERT_TRUE(app.kill("BridgeHolder"));
    ASSERT_TRUE(app.wait_until_polling("default", 20s));
    EXPECT_TRUE(pids_of(app, kept.task_queue).empty()) << "what was stopped stays stopped";
}

// The caller meets cascades at any moment of its call.
TEST_F(CascadeTest, WorkersCanBeStartedAndStoppedWhileTheTreeHeals) {
    hg::Application app{options()};
    std::atomic<bool> done{false};
    std::atomic<int> told{0};
    app.on_worker_lost([&told](const std::string&) { ++told; });
    std::jthread breaker{[&] {
        while (!done) {
            app.kill("BridgeHolder");
            std::this_thread::sleep_for(7ms);
        }
    }};
    for (int round = 0; round < 30; ++round) {
        hg::WorkerOptions worker;
        worker.task_queue = hg::test::unique("busy");
        worker.restart = hg::WorkerRestart::Permanent;
        app.start_worker(worker);
        EXPECT_THROW(app.start_worker(worker), hg::WorkerAlreadyRunningError);
        app.stop_worker(worker.task_queue);
        EXPECT_THROW(app.stop_worker(worker.task_queue), hg::WorkerNotRunningError);
    }
    done = true;
    breaker.join();
    EXPECT_TRUE(eventually([&] { return app.wait_until_polling("default", 1s); }));
    EXPECT_EQ(pids_of(app, "WorkflowPollLoop").size(), 1u) << "only the default worker's";
    EXPECT_EQ(told, 0);
}

TEST_F(CascadeTest, AClientCallThatMeetsAStaleHandleHealsTheTree) {
    hg::ApplicationOptions without_worker = options();
    without_worker.start_default_worker = false;  // nobody polls, so nobody else would notice
    hg::Application app{without_worker};
    const auto handle = app.client().handle("no-such-workflow");
    EXPECT_THROW(static_cast<void>(handle.describe()), hg::WorkflowNotFoundError);
    hg::core::generation::bump();
    EXPECT_THROW(static_cast<void>(handle.describe()), hg::WorkflowNotFoundError)
        << "the call goes on over the new connection";
    EXPECT_EQ(app.which_children().at(0).restarts, 1U);
}

struct Death {
    std::string child;
    std::vector<std::string> restarted;
};

void PrintTo(const Death& death, std::ostream* out) {
    *out << death.child;
}

class CascadeTableTest : public CascadeTest, public ::testing::WithParamInterface<Death> {};

// With the default intensity: one death costs each child that the table names one restart.
TEST_P(CascadeTableTest, RestartsExactlyWhatTheTableSays) {
    auto by_default = options();
    by_default.max_restarts = hg::ApplicationOptions{}.max_restarts;
    hg::Application app{by_default};
    ASSERT_TRUE(app.wait_until_polling("default", 20s));
    const auto killed = pids_of(app, GetParam().child);
    ASSERT_EQ(killed.size(), 1u);
    ASSERT_TRUE(app.kill(GetParam().child));
    ASSERT_TRUE(eventually([&] {
        const auto now = pids_of(app, GetParam().child);
        return now.size() == 1 && now != killed && app.wait_until_polling("default", 20s);
    }));
    std::vector<std::string> restarted;
    // The worker of a dead WorkerSupervisor polls on while the rest is still on its way.
    static_cast<void>(eventually([&] {
        restarted.clear();
        for (const auto& child : app.which_children()) {
            if (child.restarts != 0) {
                restarted.push_back(child.id);
            }
        }
        return restarted.size() >= GetParam().restarted.size();
    }));
    for (const auto& child : app.which_children()) {
        EXPECT_LE(child.restarts, 1u) << child.id;
    }
    EXPECT_EQ(restarted, GetParam().restarted);
    EXPECT_EQ(
        app.client().execute<&flows::Echo::run>(
            {.id = hg::test::unique("after-" + GetParam().child)}, "alive"
        ),
        "alive"
    );
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    CascadeTableTest,
    ::testing::Values(
        Death{
            "Runtime",
            {"Runtime", "BridgeHolder", "WorkerRegistry", "WorkerSupervisor", "WorkerLauncher"}
        },
        Death{
            "BridgeHolder", {"BridgeHolder", "WorkerRegistry", "WorkerSupervisor", "WorkerLauncher"}
        },
        Death{"WorkerRegistry", {"WorkerRegistry", "WorkerSupervisor", "WorkerLauncher"}},
        Death{"WorkerSupervisor", {"WorkerSupervisor", "WorkerLauncher"}},
        Death{"WorkerLauncher", {"WorkerLauncher"}},
        // Below the WorkerSupervisor: none of the five restarts.
        Death{"default", {}},
        Death{"WorkerLink", {}},
        Death{"PollLoops", {}},
        Death{"WorkflowPollLoop", {}},
        Death{"ActivityPollLoop", {}}
    ),
    [](const auto& each) { return each.param.child; }
);

}  // namespace
