// with_timeout().
#include "tests/unit/workflow/harness.hpp"

#include <string>
#include <utility>

struct Limited {
    hg::Task<std::string> run(bool cleans_up) {
        try {
            const int got = co_await wf::with_timeout(10s, work(cleans_up), {.summary = "limit"});
            co_return log_ + std::to_string(got);
        } catch (const hg::TimeoutError& error) {
            log_ += error.message();
        } catch (const hg::CancelledError& error) {
            log_ += "cancelled: " + error.message();
        }
        co_return log_;
    }
    hg::Task<int> work(bool cleans_up) {
        bool cancelled = false;
        try {
            co_await wf::sleep(1h);
        } catch (const hg::CancelledError&) {
            cancelled = true;
        }
        if (cancelled) {
            if (cleans_up) {
                co_await wf::shield(clean_up());
            }
            throw hg::CancelledError{"as asked"};
        }
        co_return 7;
    }
    hg::Task<void> clean_up() {
        co_await wf::sleep(1s);
        log_ += "clean; ";
    }

private:
    std::string log_;
};
HOURGLASS_WORKFLOW(Limited, run)

TEST(Timeout, lets_a_task_that_ends_in_time_give_its_result_and_ends_its_own_timer) {
    RunOf<Limited> run;
    EXPECT_THAT(run.start(false), ElementsAre("start_timer 1 10000ms", "start_timer 2 3600000ms"));
    EXPECT_THAT(run.activate(Jobs{}.fire(2)), ElementsAre("cancel_timer 1", R"(complete "7")"));
}

TEST(Timeout, cancels_what_takes_longer_and_names_the_limit) {
    RunOf<Limited> run;
    run.start(false);
    EXPECT_THAT(
        run.activate(Jobs{}.fire(1)),
        ElementsAre("cancel_timer 2", R"(complete "the time limit of 10000 ms has passed")")
    );
}

TEST(Timeout, waits_for_the_end_of_what_it_cancels) {
    RunOf<Limited> run;
    run.start(true);
    EXPECT_THAT(
        run.activate(Jobs{}.fire(1)), ElementsAre("cancel_timer 2", "start_timer 3 1000ms")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.fire(3)),
        ElementsAre(R"(complete "clean; the time limit of 10000 ms has passed")")
    );
}

TEST(Timeout, waits_for_it_when_the_scope_around_is_cancelled_too) {
    RunOf<Limited> run;
    run.start(true);
    EXPECT_THAT(
        run.activate(Jobs{}.cancel("enough")),
        ElementsAre("cancel_timer 1", "cancel_timer 2", "start_timer 3 1000ms")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.fire(3)), ElementsAre(R"(complete "clean; cancelled: enough")")
    );
}

struct LimitsWhatHasBegun {
    hg::Task<std::string> run() {
        const auto packing = wf::execute_activity<int>("pack", kQuick);
        try {
            const int got = co_await wf::with_timeout(10s, packing);
            co_return std::to_string(got);
        } catch (const hg::TimeoutError& error) {
            co_return error.message();
        } catch (const hg::CancelledError& error) {
            co_return "cancelled: " + error.message();
        } catch (const hg::ActivityError& error) {
            co_return error.cause()->message();
        }
    }
};
HOURGLASS_WORKFLOW(LimitsWhatHasBegun, run)

TEST(Timeout, of_a_handle_gives_its_result_or_its_failure_and_ends_its_own_timer) {
    RunOf<LimitsWhatHasBegun> run;
    EXPECT_THAT(run.start(), ElementsAre("schedule 1 pack", "start_timer 1 10000ms"));
    EXPECT_THAT(
        run.activate(Jobs{}.complete_activity(1, 7)),
        ElementsAre("cancel_timer 1", R"(complete "7")")
    );
    RunOf<LimitsWhatHasBegun> failing;
    failing.start();
    EXPECT_THAT(
        failing.activate(Jobs{}.fail_activity(1, "torn")),
        ElementsAre("cancel_timer 1", R"(complete "torn")")
    );
}

TEST(Timeout, of_a_handle_cancels_it_and_waits_for_its_end) {
    RunOf<LimitsWhatHasBegun> run;
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre("cancel_activity 1"));
    EXPECT_THAT(
        run.activate(Jobs{}.activity_cancelled(1)),
        ElementsAre(R"(complete "the time limit of 10000 ms has passed")")
    );
    RunOf<LimitsWhatHasBegun> late;
    late.start();
    late.activate(Jobs{}.fire(1));
    EXPECT_THAT(late.activate(Jobs{}.complete_activity(1, 8)), ElementsAre(R"(complete "8")"))
        << "it ended in spite of it";
}

TEST(Timeout, of_a_handle_is_cancelled_with_the_scope_around) {
    RunOf<LimitsWhatHasBegun> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.cancel("enough")), ElementsAre("cancel_activity 1", "cancel_timer 1")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.activity_cancelled(1)), ElementsAre(R"(complete "cancelled: enough")")
    );
}

struct LimitsSeveralKinds {
    hg::Task<std::string> run() {
        co_await wf::with_timeout(5s, wf::start_timer(1s));
        const auto task = wf::spawn(waits());
        std::string said = co_await of(task);
        said += " " + co_await of(task) + "; ";  // has ended: no timer
        const auto child = wf::execute_child<int>("Invoice", {.id = "invoice-7"});
        said += co_await of(child);
        co_return said;
    }
    template <class H>
    hg::Task<std::string> of(H handle) {
        try {
            static_cast<void>(co_await wf::with_timeout(10s, handle));
        } catch (const hg::TimeoutError&) {
            co_return "too late";
        } catch (const hg::CancelledError& error) {
            co_return error.message();
        }
        co_return "in time";
    }
    hg::Task<int> waits() {
        co_await wf::sleep(1h);
        co_return 1;
    }
};
HOURGLASS_WORKFLOW(LimitsSeveralKinds, run)

TEST(Timeout, of_timers_spawned_tasks_and_children) {
    RunOf<LimitsSeveralKinds> run;
    EXPECT_THAT(run.start(), ElementsAre("start_timer 1 1000ms", "start_timer 2 5000ms"));
    EXPECT_THAT(
        run.activate(Jobs{}.fire(1)),
        ElementsAre("cancel_timer 2", "start_timer 3 10000ms", "start_timer 4 3600000ms")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.fire(4)),
        ElementsAre("cancel_timer 3", "child 1 Invoice invoice-7", "start_timer 5 10000ms")
    );
    run.activate(Jobs{}.child_started(1, "child's run"));
    EXPECT_THAT(
        run.activate(Jobs{}.fire(5)),
        ElementsAre("cancel_child 1 'the time limit of 10000 ms has passed'")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.child_cancelled(1)),
        ElementsAre(R"(complete "in time in time; too late")")
    );
}

struct LimitsWhatOthersStarted {
    hg::Task<std::string> run() {
        const auto other = wf::CancellationScope::detached();
        const auto task = wf::spawn(other.run(waits()));
        std::string said;
        try {
            static_cast<void>(co_await wf::with_timeout(10s, task));
        } catch (const hg::CancelledError& error) {
            said = error.message();
        }
        co_return said + (task.ready() ? "" : ", and it goes on");
    }
    hg::Task<int> waits() {
        co_await wf::sleep(1h);
        co_return 1;
    }
};
HOURGLASS_WORKFLOW(LimitsWhatOthersStarted, run)

TEST(Timeout, of_a_handle_from_another_scope_leaves_it_alone_when_its_own_is_cancelled) {
    RunOf<LimitsWhatOthersStarted> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.cancel("enough")),
        ElementsAre("cancel_timer 1", R"(complete "enough, and it goes on")")
    );
}

struct LimitsNothing {
    hg::Task<std::string> run() {
        hg::Task<void> task = nothing();
        co_await std::move(task);
        try {
            co_await wf::with_timeout(1s, std::move(task));
        } catch (const hg::ConfigurationError& error) {
            co_return std::string{error.what()}.substr(0, 12);
        }
        co_return "no error";
    }
    hg::Task<void> nothing() { co_return; }
};
HOURGLASS_WORKFLOW(LimitsNothing, run)

TEST(Timeout, of_a_task_that_was_awaited_before_is_refused) {
    EXPECT_THAT(RunOf<LimitsNothing>{}.start(), ElementsAre(R"(complete "with_timeout")"));
}
