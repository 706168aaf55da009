#include "src/subsystem/counting_observer.hpp"

#include "src/subsystem/runtime.hpp"
#include "tests/unit/supervision/support.hpp"

#include <gtest/gtest.h>

namespace hourglass::subsystem {
namespace {

using supervision::ExitReason;
using supervision::Ref;
using supervision::Restart;
using supervision::Strategy;
using supervision::Supervisor;
using supervision::testing::Probe;

class CountingObserverTest : public supervision::testing::SupervisionTest {
protected:
    CountingObserverTest() { system_.observe(std::make_shared<CountingObserver>(counters_)); }

    Ref<Supervisor> three(Strategy strategy, std::size_t max_restarts = 3) {
        return supervise(
            {.strategy = strategy,
             .max_restarts = max_restarts,
             .children = {spec("Runtime"), spec("BridgeHolder"), spec("WorkerLauncher")}}
        );
    }
    void crash(const Ref<Supervisor>& supervisor, const std::string& id) {
        in(probe_of(supervisor, id), &Probe::crash);
    }
    [[nodiscard]] Counters counted() const { return counters_->read(); }

    std::shared_ptr<CounterBook> counters_ = std::make_shared<CounterBook>();
};

TEST_F(CountingObserverTest, CountsNoStartAndNoEndInOrder) {
    const Counters before = counted();
    const auto supervisor = three(Strategy::RestForOne);
    system_.run(system_.stop(supervisor.pid()));
    EXPECT_EQ(counted(), before);
}

TEST_F(CountingObserverTest, CountsACascadeOnceForItsRootCauseAndARestartForEach) {
    Counters expected = counted();
    const auto supervisor = three(Strategy::RestForOne);
    crash(supervisor, "BridgeHolder");
    expected.cascades["BridgeHolder"] = 1;
    expected.restarts["BridgeHolder"] = 1;
    expected.restarts["WorkerLauncher"] = 1;
    EXPECT_EQ(counted(), expected);
}

TEST_F(CountingObserverTest, CountsARestartOfOneAsNoCascade) {
    Counters expected = counted();
    crash(three(Strategy::RestForOne), "WorkerLauncher");
    crash(three(Strategy::OneForOne), "Runtime");
    expected.restarts["WorkerLauncher"] = 1;
    expected.restarts["Runtime"] = 1;
    EXPECT_EQ(counted(), expected);
}

TEST_F(CountingObserverTest, CountsAStaleHandleByTheDeathOfTheRuntime) {
    Counters expected = counted();
    in(probe_of(three(Strategy::RestForOne), "Runtime"),
       [](Probe& runtime) { runtime.end(ExitReason::named(kBridgeReloaded, "a poll was first")); });
    expected.stale_handles = 1;
    expected.cascades["Runtime"] = 1;
    for (const auto* child : {"Runtime", "BridgeHolder", "WorkerLauncher"}) {
        expected.restarts[child] = 1;
    }
    EXPECT_EQ(counted(), expected);
}

TEST_F(CountingObserverTest, CountsAFailedRestartAsNoSecondCascade) {
    const auto supervisor = supervise(
        {.strategy = Strategy::RestForOne,
         .children = {spec("BridgeHolder", {.failing_starts = 2}), spec("WorkerLauncher")}}
    );
    crash(supervisor, "BridgeHolder");
    EXPECT_EQ(counted().cascades["BridgeHolder"], 1U);
    EXPECT_EQ(counted().restarts["BridgeHolder"], 1U) << "the one that worked";
    EXPECT_EQ(counted().restarts["WorkerLauncher"], 1U);
}

TEST_F(CountingObserverTest, CountsWhoGaveUp) {
    Counters expected = counted();
    const auto root = supervise(
        {.max_restarts = 0,
         .children = {supervision::supervisor_child(
             "Subsystem", {.max_restarts = 0, .children = {spec("Runtime")}}
         )}}
    );
    crash(pid_of(root, "Subsystem").as<Supervisor>(), "Runtime");
    EXPECT_FALSE(root.alive());
    expected.supervisors_given_up["Subsystem"] = 1;
    expected.supervisors_given_up["Application"] = 1;
    EXPECT_EQ(counted(), expected);
}

TEST_F(CountingObserverTest, CountsWhoWasAbandoned) {
    CountingObserver observer{counters_};
    observer.child_abandoned({.child_id = "charge"});
    observer.child_abandoned({.child_id = "charge"});
    EXPECT_EQ(counted().abandoned_handlers, (Counters::ByName{{"charge", 2}}));
}

}  // namespace
}  // namespace hourglass::subsystem
