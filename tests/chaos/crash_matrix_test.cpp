// Every part of the tree is killed at every moment that matters, and so is every process that
// works. For each cell: what restarted is what the table of docs/architecture.md says, the worker
// polls again, every workflow ends with the right result, every effect and every signal counts
// once, nothing is kept or leaks, and nobody polls who should not.
#include "kills.hpp"
#include "moments.hpp"
#include "tally.hpp"
#include "tests/support/test_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace chaos {
namespace {

using namespace std::chrono_literals;
using hg::test::eventually;
using hg::test::unique;
using SystemClock = std::chrono::system_clock;

struct Cell {
    std::string victim;
    std::string moment;
    Moment run;
};

void PrintTo(const Cell& cell, std::ostream* out) {
    *out << cell.victim << " while " << cell.moment;
}

/// The last word, after all suites.
class Summary : public ::testing::Environment {
public:
    void TearDown() override {
        const auto text = "chaos: " + tally().text() + "\n";
        std::cout << text;
        if (const char* file = std::getenv("HOURGLASS_CHAOS_SUMMARY")) {
            std::ofstream{file} << text;
        }
        EXPECT_LT(tally().median(), 250ms);
    }
};

const auto* const kSummary = ::testing::AddGlobalTestEnvironment(new Summary);

class CrashMatrix : public ::testing::TestWithParam<Cell> {
protected:
    static void SetUpTestSuite() {
        auto options = subject_options(unique("matrix"));
        options.default_worker.nexus_services = nexus_services();
        subject_ = std::make_unique<Subject>(std::move(options));
        ASSERT_TRUE(subject_->polls());
        // Whatever the first use of something makes is no leak.
        for (int i = 0; i < 3; ++i) {
            kill_and_heal(*subject_, "BridgeHolder");
            const auto id = unique("warm-up");
            expect_result(subject_->start_order(id), expected_result(id));
        }
        before_ = Resources::now();
    }

    static void TearDownTestSuite() {
        nothing_has_leaked();
        for (const char* victim :
             {"Runtime", "BridgeHolder", "WorkerRegistry", "WorkerSupervisor"}) {
            SCOPED_TRACE(victim);
            nobody_polls_a_queue_that_was_left(victim);
        }
        subject_.reset();
    }

    void SetUp() override { nothing_is_kept(); }

    void TearDown() override {
        flows::activity_gate().open();  // in case the cell failed before it did
        flows::workflow_gate().open();
        nexus_gate().open();
        nothing_is_kept();
        tally().cell();
    }

    /// What the ended workflows had in the caches and among the tasks is gone.
    static void nothing_is_kept() {
        EXPECT_TRUE(eventually([] { return subject_->work() == Work{}; })) << subject_->work();
    }

    static void nothing_has_leaked() {
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
    }

    /// A Core worker that was forgotten would take this task, and nobody would answer.
    static void nobody_polls_a_queue_that_was_left(const std::string& victim) {
        hg::WorkerOptions left;
        left.task_queue = unique("left");
        subject_->app().start_worker(left);
        ASSERT_TRUE(subject_->app().wait_until_polling(left.task_queue, 20s));
        kill_and_heal(*subject_, victim);
        const auto left_at = SystemClock::now();
        // The tree heals in a few milliseconds, and does not wait until the server has heard that
        // the dead worker's polls are gone.
        constexpr auto kUntilHeard = 500ms;
        std::this_thread::sleep_for(kUntilHeard);
        auto order = subject_->client().start<&Order::run>(
            {.id = unique("left"), .task_queue = left.task_queue}, "left"
        );
        std::this_thread::sleep_for(2s);
        EXPECT_EQ(order.history().to_json().find("WORKFLOW_TASK_STARTED"), std::string::npos);
        order.terminate("test");
        for (const auto& poller : subject_->pollers(left.task_queue)) {
            EXPECT_LT(poller.last_poll, left_at + kUntilHeard) << poller.identity << " polls on";
        }
        const auto pollers = subject_->pollers(subject_->queue());
        EXPECT_EQ(pollers.size(), 2u) << "one of workflow tasks, one of activities";
        for (const auto& poller : pollers) {
            EXPECT_EQ(poller.identity, subject_->client().identity());
        }
    }

    static std::unique_ptr<Subject> subject_;
    static Resources before_;
};

std::unique_ptr<Subject> CrashMatrix::subject_;
Resources CrashMatrix::before_;

TEST_P(CrashMatrix, Heals) {
    for (int round = 0; round < rounds(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        nothing_is_kept();
        // The Worker's own node has the name of its queue.
        GetParam().run(
            *subject_, GetParam().victim == "Worker" ? subject_->queue() : GetParam().victim
        );
        ASSERT_FALSE(HasFailure());
    }
}

std::vector<Cell> nodes_at_all_moments() {
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
          "ActivityPollLoop",
          "NexusPollLoop",
          "WorkflowStateCache",
          "WorkflowEvaluatorSupervisor",
          "ActivityExecutorSupervisor",
          "NexusExecutorSupervisor"}) {
        for (const auto& [moment, run] : nexus_moments()) {
            all.push_back({victim, moment, run});
        }
        if (victim == std::string{"NexusPollLoop"}) {
            continue;  // the other moments have nothing of Nexus's
        }
        for (const auto& [moment, run] : node_moments()) {
            all.push_back({victim, moment, run});
        }
    }
    return all;
}

/// One process below that supervisor is the victim.
std::vector<Cell> at_moments(const std::string& supervisor, const auto& moments) {
    std::vector<Cell> all;
    for (const auto& [moment, run] : moments) {
        all.push_back({supervisor, moment, run});
    }
    return all;
}

std::string name_of(const ::testing::TestParamInfo<Cell>& cell) {
    return cell.param.victim + "_" + cell.param.moment;
}

std::vector<Cell> executors_at_all_moments() {
    auto all = at_moments("ActivityExecutorSupervisor", executor_moments());
    const auto nexus = at_moments("NexusExecutorSupervisor", nexus_executor_moments());
    all.insert(all.end(), nexus.begin(), nexus.end());
    return all;
}

INSTANTIATE_TEST_SUITE_P(Nodes, CrashMatrix, ::testing::ValuesIn(nodes_at_all_moments()), name_of);
INSTANTIATE_TEST_SUITE_P(
    AnExecutorBelow, CrashMatrix, ::testing::ValuesIn(executors_at_all_moments()), name_of
);
INSTANTIATE_TEST_SUITE_P(
    AnEvaluatorBelow,
    CrashMatrix,
    ::testing::ValuesIn(at_moments("WorkflowEvaluatorSupervisor", evaluator_moments())),
    name_of
);

}  // namespace
}  // namespace chaos
