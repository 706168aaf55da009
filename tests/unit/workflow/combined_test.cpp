// What all() and race() do with the Tasks that belong to them, and what a cancelled scope waits
// for.
#include "tests/unit/workflow/harness.hpp"

#include <string>
#include <utility>
#include <vector>

namespace {
const wf::ActivityOptions kPatient{
    .start_to_close_timeout = 30s,
    .cancellation_type = wf::ActivityCancellationType::WaitCancellationCompleted
};
}  // namespace

struct RacesWithWhatItHolds {
    hg::Task<int> run() {
        const bool answered = co_await asks();
        co_await wf::sleep(1s);
        co_return answered ? 1 : tests_;
    }
    // The condition looks at a variable of a coroutine that is gone when the timer has won.
    hg::Task<bool> asks() {
        bool answered = false;
        const auto limit = wf::start_timer(10s);
        const auto winner = co_await wf::race(
            wf::wait_condition([this, &answered] {
                ++tests_;
                return answered;
            }),
            limit
        );
        co_return winner == 0;
    }

private:
    int tests_ = 0;
};
HOURGLASS_WORKFLOW(RacesWithWhatItHolds, run)

TEST(Race, does_not_test_the_condition_of_a_loser_any_more) {
    RunOf<RacesWithWhatItHolds> run;
    run.start();
    run.activate(Jobs{}.fire(1));
    const auto ended = run.activate(Jobs{}.fire(2));
    RunOf<RacesWithWhatItHolds> later;
    later.start();
    later.activate(Jobs{}.fire(1));
    later.activate(Jobs{});
    EXPECT_EQ(later.activate(Jobs{}.fire(2)), ended);
}

struct RacesTasks {
    hg::Task<std::string> run() {
        const auto winner = co_await wf::race(work("a", 1s), work("b", 2s));
        co_return log_ + std::to_string(winner);
    }
    hg::Task<void> work(std::string name, std::chrono::seconds time) {
        bool cancelled = false;
        try {
            co_await wf::sleep(time);
        } catch (const hg::CancelledError&) {
            cancelled = true;
        }
        if (cancelled) {
            co_await wf::shield(undo(name));
        }
    }
    hg::Task<void> undo(std::string name) {
        co_await wf::sleep(5s);
        log_ += "undone " + name + "; ";
    }

private:
    std::string log_;
};
HOURGLASS_WORKFLOW(RacesTasks, run)

TEST(Race, cancels_its_own_losers_and_waits_for_their_end) {
    RunOf<RacesTasks> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.fire(1)), ElementsAre("cancel_timer 2", "start_timer 3 5000ms")
    );
    EXPECT_THAT(run.activate(Jobs{}.fire(3)), ElementsAre(R"(complete "undone b; 0")"));
}

TEST(Race, that_is_cancelled_waits_for_its_own_tasks) {
    RunOf<RacesTasks> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.cancel()),
        ElementsAre(
            "cancel_timer 1", "cancel_timer 2", "start_timer 3 5000ms", "start_timer 4 5000ms"
        )
    );
    EXPECT_THAT(run.activate(Jobs{}.fire(3)), IsEmpty());
    EXPECT_THAT(run.activate(Jobs{}.fire(4)), ElementsAre(R"(complete "undone a; undone b; 0")"));
}

struct ShieldsSome {
    hg::Task<void> run() {
        co_await wf::all(wf::shield(pay("a")), pay("b"));
        log_ += "never";
    }
    hg::Task<void> pay(std::string name) { co_await wf::execute_activity<int>(name, kQuick); }

private:
    std::string log_;
};
HOURGLASS_WORKFLOW(ShieldsSome, run)

TEST(All, waits_for_a_shielded_task_when_it_is_cancelled) {
    RunOf<ShieldsSome> run;
    EXPECT_EQ(run.start().size(), 2U);
    EXPECT_THAT(run.activate(Jobs{}.cancel()), ElementsAre("cancel_activity 2"));
    EXPECT_THAT(run.activate(Jobs{}.activity_cancelled(2)), IsEmpty());
    EXPECT_THAT(run.activate(Jobs{}.complete_activity(1, 1)), ElementsAre("cancelled"));
}

struct AwaitsAfterwards {
    hg::Task<std::string> run(bool patient) {
        const auto quick = wf::start_timer(1s);
        co_await quick;
        const auto work = wf::execute_activity<int>("work", patient ? kPatient : kQuick);
        const auto nested = wf::spawn(wf::shield(sleeps()));
        std::string log;
        try {
            co_await wf::sleep(1h);
        } catch (const hg::CancelledError&) {
            log += "cancelled; ";
        }
        co_await quick;  // has ended
        try {
            log += "got " + std::to_string(co_await work) + "; ";
        } catch (const hg::CancelledError&) {
            log += "work stopped; ";
        }
        try {
            co_await nested;
        } catch (const hg::CancelledError&) {
            log += "others are not waited for";
        }
        co_return log;
    }
    hg::Task<void> sleeps() { co_await wf::sleep(2h); }
};
HOURGLASS_WORKFLOW(AwaitsAfterwards, run)

TEST(Cancel, lets_later_awaits_wait_for_what_it_cancelled_and_have_what_has_ended) {
    for (const bool stops : {true, false}) {
        RunOf<AwaitsAfterwards> run;
        run.start(true);
        run.activate(Jobs{}.fire(1));
        EXPECT_THAT(
            run.activate(Jobs{}.cancel()), ElementsAre("cancel_activity 1", "cancel_timer 2")
        );
        if (stops) {
            EXPECT_THAT(
                run.activate(Jobs{}.activity_cancelled(1)),
                ElementsAre(R"(complete "cancelled; work stopped; others are not waited for")")
            );
        } else {
            EXPECT_THAT(
                run.activate(Jobs{}.complete_activity(1, 5)),
                ElementsAre(R"(complete "cancelled; got 5; others are not waited for")")
            );
        }
    }
}

struct KeepsItsShield {
    hg::Task<std::string> run() {
        const wf::CancellationScope scope;
        const wf::EventGroup inner{"inner"};
        const wf::EventGroup outer{"outer"};
        auto task = wf::spawn(outer.run(inner.run(scope.run(wf::shield(sleeps())))));
        co_await wf::sleep(1s);
        scope.cancel();
        co_await task;
        co_return "slept";
    }
    hg::Task<void> sleeps() { co_await wf::sleep(2s); }
};
HOURGLASS_WORKFLOW(KeepsItsShield, run)

TEST(Scope, leaves_a_task_in_the_one_that_it_was_given_to_first) {
    RunOf<KeepsItsShield> run;
    const auto begun = run.completion(Jobs{}.start("KeepsItsShield"));
    ASSERT_EQ(begun.successful().commands_size(), 2);
    const auto& in_groups = begun.successful().commands(1).event_group_markers_size() == 2
                                ? begun.successful().commands(1)
                                : begun.successful().commands(0);
    EXPECT_EQ(in_groups.event_group_markers_size(), 2) << "both groups";
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), IsEmpty());
    EXPECT_THAT(run.activate(Jobs{}.fire(2)), ElementsAre(R"(complete "slept")"));
}

struct NestedSpawns {
    hg::Task<int> run() {
        auto task = wf::spawn(level(50));
        co_await wf::sleep(1s);
        task.cancel("enough");
        try {
            co_await task;
        } catch (const hg::CancelledError& error) {
            int depth = 0;
            for (const hg::FailureError* each = &error; each != nullptr;
                 each = each->cause().get()) {
                ++depth;
            }
            co_return depth;
        }
        co_return 0;
    }
    hg::Task<void> level(int below) {
        if (below == 0) {
            co_await wf::sleep(1h);
        } else {
            auto task = wf::spawn(level(below - 1));
            co_await task;
        }
    }
};
HOURGLASS_WORKFLOW(NestedSpawns, run)

TEST(Cancel, wraps_its_error_once_and_not_at_each_level) {
    RunOf<NestedSpawns> run;
    EXPECT_THAT(run.start(), ElementsAre("start_timer 1 1000ms", "start_timer 2 3600000ms"));
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre("cancel_timer 2", "complete 2"));
}
