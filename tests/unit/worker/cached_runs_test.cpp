#include "src/worker/cached_runs.hpp"

#include "hourglass/workflow/workflow.hpp"
#include "tests/unit/workflow/harness.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace {

int alive = 0;

/// Tells whether its run's frames are gone.
struct Counted {
    Counted() { ++alive; }
    ~Counted() { --alive; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
};

}  // namespace

class WaitsForEver {
public:
    hourglass::Task<void> run() {
        const Counted counted;
        co_await hourglass::workflow::wait_condition([] { return false; });
    }
};
HOURGLASS_WORKFLOW(WaitsForEver, run);

namespace hourglass::worker {
namespace {

std::unique_ptr<workflow::WorkflowRun> waiting_run(const std::string& id) {
    const auto* definition = workflow::Catalog::process().find("WaitsForEver");
    auto run = std::make_unique<workflow::WorkflowRun>(*definition, id, workflow::RunOptions{});
    workflow::testing::Jobs jobs;
    jobs.start("WaitsForEver");
    static_cast<void>(run->activate(jobs.activation()));
    return run;
}

class CachedRunsTest : public ::testing::Test {
protected:
    CachedRunsTest() { alive = 0; }
    CachedRuns runs_;
};

TEST_F(CachedRunsTest, GivesARunBackOnce) {
    runs_.put(1, waiting_run("a"));
    EXPECT_EQ(runs_.size(), 1u);
    EXPECT_NE(runs_.take(1, "a"), nullptr);
    EXPECT_EQ(runs_.take(1, "a"), nullptr);
    EXPECT_EQ(alive, 0);
}

TEST_F(CachedRunsTest, KeepsTheNewestOfARun) {
    auto newest = waiting_run("a");
    const auto* const kept = newest.get();
    runs_.put(1, waiting_run("a"));
    runs_.put(1, std::move(newest));
    EXPECT_EQ(alive, 1);
    EXPECT_EQ(runs_.take(1, "a").get(), kept);
    EXPECT_EQ(runs_.size(), 0u);
}

TEST_F(CachedRunsTest, KeepsTheRunsOfRegistrationsApart) {
    runs_.put(1, waiting_run("a"));
    EXPECT_EQ(runs_.take(2, "a"), nullptr) << "no run sees an activation of another registration";
    EXPECT_NE(runs_.take(1, "a"), nullptr);
}

TEST_F(CachedRunsTest, EndsTheRunsOfARegistrationThatEnded) {
    runs_.put(1, waiting_run("a"));
    runs_.put(1, waiting_run("b"));
    runs_.put(2, waiting_run("c"));
    EXPECT_EQ(alive, 3);
    runs_.forget(1);
    EXPECT_EQ(alive, 1);
    EXPECT_EQ(runs_.size(), 1u);
    runs_.forget(1);
}

TEST_F(CachedRunsTest, EndsAllRunsWhenItIsClosedAndTakesNoOther) {
    runs_.put(1, waiting_run("a"));
    runs_.close();
    EXPECT_EQ(alive, 0);
    runs_.put(1, waiting_run("b"));  // an evaluation that was under way
    EXPECT_EQ(alive, 0);
    EXPECT_EQ(runs_.size(), 0u);
}

}  // namespace
}  // namespace hourglass::worker
