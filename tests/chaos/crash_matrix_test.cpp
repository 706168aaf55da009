// Every part of the tree is killed at every moment that matters. For each cell: what restarted is
// what the table of docs/architecture.md says, the worker polls again, every workflow ends with the
// right result, every effect and every signal counts once, nothing leaks, and nobody polls who
// should not.
#include "subject.hpp"
#include "tests/support/test_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <iostream>
#include <random>
#include <thread>

namespace chaos {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using hg::test::eventually;
using hg::test::unique;
using Restarts = std::map<std::string, std::size_t>;

/// What restarts of the five, by the table.
const std::map<std::string, std::vector<std::string>>& table() {
    static const std::map<std::string, std::vector<std::string>> rows{
        {"Runtime",
         {"Runtime", "BridgeHolder", "WorkerRegistry", "WorkerSupervisor", "WorkerLauncher"}},
        {"BridgeHolder", {"BridgeHolder", "WorkerRegistry", "WorkerSupervisor", "WorkerLauncher"}},
        {"WorkerRegistry", {"WorkerRegistry", "WorkerSupervisor", "WorkerLauncher"}},
        {"WorkerSupervisor", {"WorkerSupervisor", "WorkerLauncher"}},
        {"WorkerLauncher", {"WorkerLauncher"}},
    };
    return rows;
}

/// One more for each that restarts when `child` dies; those below the five cost none of them one.
void expect_restarts_of(const std::string& child, Restarts& restarts) {
    if (const auto row = table().find(child); row != table().end()) {
        for (const auto& id : row->second) {
            ++restarts[id];
        }
    }
}

/// The restarts that were expected, and no others. A worker whose WorkerSupervisor died polls on
/// while the rest is still on its way.
void expect_restarts(const Subject& subject, const Restarts& expected) {
    static_cast<void>(eventually([&] { return subject.restarts() == expected; }, 5s));
    EXPECT_EQ(subject.restarts(), expected);
}

/// Kills `id` and waits until the subject polls again.
void kill_and_heal(Subject& subject, const std::string& id) {
    std::vector<Pid> victims;
    ASSERT_TRUE(eventually([&] {
        victims = subject.pids(id);
        return victims.size() == 1;
    })) << id;
    const auto begin = Clock::now();
    victims.front().exit(hg::supervision::ExitReason::kill());
    ASSERT_TRUE(eventually([&] {
        const auto now = subject.pids(id);
        return now.size() == 1 && now != victims && subject.polls(1s);
    })) << id;
    heal_times().add(Clock::now() - begin);
}

struct Cell {
    std::string victim;
    std::string moment;
};

void PrintTo(const Cell& cell, std::ostream* out) {
    *out << cell.victim << " while " << cell.moment;
}

class CrashMatrix : public ::testing::TestWithParam<Cell> {
protected:
    static void SetUpTestSuite() {
        subject_ = std::make_unique<Subject>(subject_options(unique("matrix")));
        ASSERT_TRUE(subject_->polls());
        // Whatever the first use of something makes is no leak.
        for (int i = 0; i < 3; ++i) {
            kill_and_heal(*subject_, "BridgeHolder");
            const auto id = unique("warm-up");
            EXPECT_EQ(subject_->start_order(id).result(), expected_result(id));
        }
        before_ = Resources::now();
    }

    static void TearDownTestSuite() {
        // Pools breathe, and connections close a little later; but over all cells nothing may grow.
        constexpr long kSlack = 12;
        EXPECT_TRUE(eventually([] {
            const auto now = Resources::now();
            return now.threads <= before_.threads + kSlack && now.files <= before_.files + kSlack &&
                   now.connections <= before_.connections + 2;
        })) << "threads "
            << before_.threads << " -> " << Resources::now().threads << ", files " << before_.files
            << " -> " << Resources::now().files << ", connections " << before_.connections << " -> "
            << Resources::now().connections;
        nobody_polls_a_queue_that_was_left();
        std::cout << "chaos: " << heal_times().text() << "\n";
        EXPECT_LT(heal_times().median(), 250ms);
        subject_.reset();
    }

    /// A Core worker that was forgotten would take this task, and nobody would answer.
    static void nobody_polls_a_queue_that_was_left() {
        hg::WorkerOptions left;
        left.task_queue = unique("left");
        subject_->app().start_worker(left);
        ASSERT_TRUE(subject_->app().kill("BridgeHolder"));
        ASSERT_TRUE(eventually([] { return subject_->polls(1s); }));
        auto order = subject_->client().start<&Order::run>(
            {.id = unique("left"), .task_queue = left.task_queue}, "left"
        );
        std::this_thread::sleep_for(2s);
        EXPECT_EQ(order.history().to_json().find("WORKFLOW_TASK_STARTED"), std::string::npos);
        order.terminate("test");
    }

    static std::unique_ptr<Subject> subject_;
    static Resources before_;
};

std::unique_ptr<Subject> CrashMatrix::subject_;
Resources CrashMatrix::before_;

/// The worker polls and has nothing to do.
void while_polling(Subject& subject, const std::string& victim) {
    Restarts expected = subject.restarts();
    kill_and_heal(subject, victim);
    expect_restarts_of(victim, expected);
    expect_restarts(subject, expected);
}

/// A workflow task and an activity are in hand; what they answer comes after the healing.
void with_work_in_hand(Subject& subject, const std::string& victim) {
    flows::activity_gate().close();
    flows::workflow_gate().close();
    const int runs_before = flows::gated_activity_runs();
    const auto id = unique("in-hand");
    auto activity = subject.client().start<&flows::CallsGatedActivity::run>(
        {.id = id + "-a", .task_queue = subject.queue()}, id
    );
    auto workflow = subject.client().start<&flows::GatedWorkflow::run>(
        {.id = id + "-w", .task_queue = subject.queue()}, id
    );
    ASSERT_TRUE(flows::activity_gate().wait_for_arrivals(1));
    ASSERT_TRUE(flows::workflow_gate().wait_for_arrivals(1));
    Restarts expected = subject.restarts();
    kill_and_heal(subject, victim);
    expect_restarts_of(victim, expected);
    flows::activity_gate().open();
    flows::workflow_gate().open();
    EXPECT_EQ(activity.result(), id + " done");
    EXPECT_EQ(workflow.result(), id);
    EXPECT_EQ(flows::gated_activity_runs(), runs_before + 1) << "its result was not lost";
    expect_restarts(subject, expected);
}

/// Orders are on their way, so tasks are polled, run and completed at the moment of the kill.
void under_load(Subject& subject, const std::string& victim) {
    static std::minstd_rand random{std::random_device{}()};
    constexpr int kOrders = 12;
    std::vector<OrderHandle> orders;
    std::vector<std::string> ids;
    for (int i = 0; i < kOrders; ++i) {
        ids.push_back(unique("load"));
        orders.push_back(subject.start_order(ids.back()));
    }
    std::this_thread::sleep_for(
        std::chrono::microseconds{std::uniform_int_distribution{0, 60'000}(random)}
    );
    Restarts expected = subject.restarts();
    kill_and_heal(subject, victim);
    expect_restarts_of(victim, expected);
    for (int i = 0; i < kOrders; ++i) {
        EXPECT_EQ(orders[i].result(), expected_result(ids[i]));
        EXPECT_EQ(effects().count(ids[i] + "-first"), 1) << "computed results are not lost";
        EXPECT_EQ(effects().count(ids[i] + "-second"), 1);
    }
    expect_restarts(subject, expected);
}

/// It is killed again as soon as it is there again: its start has hardly ended, or has not.
void while_starting(Subject& subject, const std::string& victim) {
    const auto id = unique("starting");
    auto order = subject.start_order(id);
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(eventually([&] { return subject.app().kill(victim); }));
    }
    kill_and_heal(subject, victim);
    EXPECT_EQ(order.result(), expected_result(id));
}

/// The worker of another queue is being stopped.
void while_stopping(Subject& subject, const std::string& victim) {
    hg::WorkerOptions other;
    other.task_queue = unique("stopping");
    subject.app().start_worker(other);
    ASSERT_TRUE(subject.app().wait_until_polling(other.task_queue, 20s));
    std::jthread stopper{[&] {
        try {
            subject.app().stop_worker(other.task_queue);
        } catch (const hg::WorkerNotRunningError&) {
            return;  // the kill came first, and took it along
        }
    }};
    kill_and_heal(subject, victim);
    stopper.join();
    EXPECT_TRUE(subject.pids(other.task_queue).empty());
    const auto id = unique("stopping");
    EXPECT_EQ(subject.start_order(id).result(), expected_result(id));
}

/// The tree heals from something else at the moment.
void during_another_cascade(Subject& subject, const std::string& victim) {
    const auto id = unique("cascade");
    auto order = subject.start_order(id);
    for (const char* other : {"WorkerSupervisor", "BridgeHolder", "Runtime"}) {
        ASSERT_TRUE(eventually([&] { return subject.app().kill(other); }));
        ASSERT_TRUE(eventually([&] { return subject.app().kill(victim); }));
    }
    kill_and_heal(subject, "WorkerLauncher");
    EXPECT_EQ(order.result(), expected_result(id));
    EXPECT_EQ(effects().count(id + "-first"), 1);
}

using Moment = void (*)(Subject&, const std::string& victim);

const std::map<std::string, Moment>& moments() {
    static const std::map<std::string, Moment> all{
        {"polling", while_polling},
        {"work_in_hand", with_work_in_hand},
        {"under_load", under_load},
        {"starting", while_starting},
        {"stopping", while_stopping},
        {"another_cascade", during_another_cascade},
    };
    return all;
}

TEST_P(CrashMatrix, Heals) {
    for (int round = 0; round < rounds(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        // The Worker's own node has the name of its queue.
        const auto victim = GetParam().victim == "Worker" ? subject_->queue() : GetParam().victim;
        moments().at(GetParam().moment)(*subject_, victim);
        ASSERT_FALSE(HasFailure());
    }
}

std::vector<Cell> cells() {
    std::vector<Cell> all;
    for (const char* victim :
         {"Runtime",
          "BridgeHolder",
          "WorkerRegistry",
          "WorkerSupervisor",
          "WorkerLauncher",
          "Worker",
          "WorkerLink",
          "PollLoops",
          "WorkflowPollLoop",
          "ActivityPollLoop"}) {
        for (const auto& [moment, run] : moments()) {
            all.push_back({victim, moment});
        }
    }
    return all;
}

INSTANTIATE_TEST_SUITE_P(All, CrashMatrix, ::testing::ValuesIn(cells()), [](const auto& cell) {
    return cell.param.victim + "_" + cell.param.moment;
});

}  // namespace
}  // namespace chaos
