// What one queue, one run or one bad name costs the others: nothing. Everything here has the
// default limits, so that four restarts in five seconds would end the application.
#include "flows.hpp"
#include "src/subsystem/bridge_holder.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/process_view.hpp"
#include "tests/support/test_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using hg::subsystem::BridgeHolder;
using hg::test::connections_to;
using hg::test::eventually;
using hg::test::pids_of;
using hg::test::unique;

class IndependenceTest : public ::testing::Test {
protected:
    static hg::ApplicationOptions options() {
        hg::ApplicationOptions options;
        options.client.address = hg::test::server_address();
        options.default_worker.task_queue = unique("independence");
        options.threads = 4;  // gated workflow code blocks one
        return options;
    }

    hg::WorkerOptions start_worker(const std::string& name) {
        hg::WorkerOptions worker;
        worker.task_queue = unique(name);
        app_.start_worker(worker);
        EXPECT_TRUE(app_.wait_until_polling(worker.task_queue, 20s));
        return worker;
    }

    /// A workflow with an activity, from its start to its result.
    void expect_work_on(const std::string& queue) {
        flows::workflow_gate().open();
        auto works = client_.start<&flows::GatedWorkflow::run>(
            {.id = unique("works"), .task_queue = queue}, "done"
        );
        EXPECT_EQ(works.result({.timeout = 30s}), "done");
    }

    void expect_no_restart() {
        for (const auto& child : app_.which_children()) {
            EXPECT_EQ(child.restarts, 0u) << child.id;
        }
        EXPECT_EQ(pids_of(app_, "WorkerLauncher").size(), 1u) << app_.tree_text();
    }

    const std::string& queue() const { return options_.default_worker.task_queue; }

    const hg::ApplicationOptions options_ = options();
    hg::Application app_{options_};
    hg::Client client_ = app_.client();
};

TEST_F(IndependenceTest, StoppingABusyWorkerLeavesTheOthersAlone) {
    const hg::WorkerOptions busy = start_worker("busy");
    flows::activity_gate().close();
    const int runs_before = flows::gated_activity_runs();
    auto there = client_.start<&flows::CallsGatedActivity::run>(
        {.id = unique("there"), .task_queue = busy.task_queue}, "there"
    );
    auto here = client_.start<&flows::CallsGatedActivity::run>(
        {.id = unique("here"), .task_queue = queue()}, "here"
    );
    ASSERT_TRUE(flows::activity_gate().wait_for_arrivals(2));
    std::jthread stopper{[&] { app_.stop_worker(busy.task_queue); }};
    expect_work_on(queue());
    flows::activity_gate().open();
    stopper.join();
    EXPECT_EQ(here.result(), "here done");
    expect_work_on(queue());
    app_.start_worker(busy);
    EXPECT_EQ(there.result(), "there done");
    EXPECT_EQ(flows::gated_activity_runs(), runs_before + 2) << "the stop lost no result";
    expect_no_restart();
}

TEST_F(IndependenceTest, ARunThatHoldsItsQueueUpHoldsNoOtherRunOrQueueUp) {
    const hg::WorkerOptions other = start_worker("other");
    flows::workflow_gate().close();
    auto slow = client_.start<&flows::GatedWorkflow::run>(
        {.id = unique("slow"), .task_queue = queue()}, "slow"
    );
    ASSERT_TRUE(flows::workflow_gate().wait_for_arrivals(1));
    for (const std::string& each : {queue(), other.task_queue}) {
        EXPECT_EQ(
            client_.execute<&flows::Retries::run>({.id = unique("quick"), .task_queue = each}, 2), 2
        );
    }
    flows::workflow_gate().open();
    EXPECT_EQ(slow.result(), "slow");
    expect_no_restart();
}

// One mailbox for the answers of all queues would be this process's.
TEST_F(IndependenceTest, TasksAreHandedOutAndAnsweredWhileTheBridgeHolderIsBusy) {
    const hg::WorkerOptions other = start_worker("other");
    ASSERT_TRUE(app_.wait_until_polling(queue(), 20s));
    static flows::Gate busy;  // outlives the process that stands there, however this test ends
    busy.close();
    pids_of(app_, "BridgeHolder").at(0).as<BridgeHolder>().cast([](BridgeHolder&) { busy.pass(); });
    ASSERT_TRUE(busy.wait_for_arrivals(1));
    expect_work_on(queue());
    expect_work_on(other.task_queue);
    busy.open();
    expect_no_restart();
}

TEST_F(IndependenceTest, UnknownWorkflowTypesCostNoRestart) {
    std::vector<hg::WorkflowHandle<>> unknown;
    for (int i = 0; i < 10; ++i) {
        unknown.push_back(
            client_.start("NoSuchWorkflow", {.id = unique("unknown"), .task_queue = queue()})
        );
    }
    for (const auto& handle : unknown) {
        EXPECT_TRUE(eventually([&] {
            return handle.history().to_json().find("no workflow type 'NoSuchWorkflow'") !=
                   std::string::npos;
        }));
    }
    expect_work_on(queue());
    expect_no_restart();
    for (const auto& handle : unknown) {
        handle.terminate("test");
    }
}

// Core takes the queue's next worker on the same connection only when the last one was finalized.
TEST_F(IndependenceTest, AStopReturnsWhenTheWorkersEndIsFinal) {
    expect_work_on(queue());
    const long before = connections_to(hg::test::server_address());
    hg::WorkerOptions again = start_worker("again");
    for (int i = 0; i < 10; ++i) {
        expect_work_on(again.task_queue);
        EXPECT_EQ(connections_to(hg::test::server_address()), before);
        app_.stop_worker(again.task_queue);
        app_.start_worker(again);
    }
    expect_no_restart();
}

/// The threads of this process but for Core's own two a worker: one works on histories, one looks
/// at the machine's load, which the server is told once a minute.
long threads_but_for_cores() {
    long count = 0;
    for (const auto& thread : std::filesystem::directory_iterator{"/proc/self/task"}) {
        std::ifstream file{thread.path() / "comm"};
        std::string name;
        std::getline(file, name);
        // The system keeps 15 characters of a name.
        const bool is_cores = name == "workflow-proces" || name == "temporal-real-s";
        count += is_cores ? 0 : 1;
    }
    return count;
}

TEST_F(IndependenceTest, AWorkerHasNoThreadThatStandsInItsPolls) {
    constexpr int kWorkers = 20;
    expect_work_on(queue());  // whatever the first use of something starts
    const long before = threads_but_for_cores();
    std::vector<hg::WorkerOptions> workers;
    for (int i = 0; i < kWorkers; ++i) {
        workers.push_back(start_worker("many"));
    }
    expect_work_on(workers.back().task_queue);
    EXPECT_LE(threads_but_for_cores() - before, 2) << "for " << kWorkers;
    EXPECT_EQ(pids_of(app_, "ActivityPollLoop").size(), kWorkers + 1u) << "and each of them polls";
    for (const auto& worker : workers) {
        app_.stop_worker(worker.task_queue);
    }
    expect_no_restart();
}

}  // namespace
