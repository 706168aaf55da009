#include "tests/unit/workflow/harness.hpp"

#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace {
const wf::ActivityOptions kPatient{
    .start_to_close_timeout = 30s,
    .cancellation_type = wf::ActivityCancellationType::WaitCancellationCompleted
};
}  // namespace

struct Waits {
    hg::Task<void> run(std::string what) {
        if (what == "timer") {
            co_await wf::sleep(1h);
        } else if (what == "condition") {
            co_await wf::wait_condition([] { return false; }, {.timeout = 1h});
        } else {
            co_await wf::execute_activity<int>("work", kQuick);
        }
    }
};
HOURGLASS_WORKFLOW(Waits, run)

TEST(Cancel, of_a_workflow_that_waits_for_a_timer_or_condition_ends_it_as_cancelled_at_once) {
    RunOf<Waits> timer;
    timer.start("timer");
    EXPECT_THAT(timer.activate(Jobs{}.cancel()), ElementsAre("cancel_timer 1", "cancelled"));
    RunOf<Waits> condition;
    condition.start("condition");
    EXPECT_THAT(condition.activate(Jobs{}.cancel()), ElementsAre("cancel_timer 1", "cancelled"));
    EXPECT_EQ(condition.state(), wf::RunState::Closed);
}

TEST(Cancel, of_a_workflow_that_waits_for_an_activity_asks_it_to_stop_and_waits_for_core) {
    RunOf<Waits> run;
    run.start("activity");
    EXPECT_THAT(run.activate(Jobs{}.cancel()), ElementsAre("cancel_activity 1"));
    EXPECT_THAT(run.activate(Jobs{}.activity_cancelled(1)), ElementsAre("cancelled"));
}

TEST(Cancel, before_the_first_await_schedules_nothing) {
    RunOf<Waits> run;
    EXPECT_THAT(run.activate(Jobs{}.start("Waits", "activity").cancel()), ElementsAre("cancelled"));
}

TEST(Cancel, in_the_activation_in_which_the_timer_fires_comes_too_late_for_it) {
    RunOf<Waits> run;
    run.start("timer");
    EXPECT_THAT(run.activate(Jobs{}.cancel().fire(1)), ElementsAre("complete null"));
}

struct CancelledWithDetails {
    hg::Task<void> run() {
        bool cancelled = false;
        try {
            co_await wf::sleep(1h);
        } catch (const hg::CancelledError&) {
            cancelled = true;
        }
        if (cancelled) {
            throw hg::CancelledError{"stopped", {.details = hg::encode_arguments("half done", 5)}};
        }
    }
};
HOURGLASS_WORKFLOW(CancelledWithDetails, run)

TEST(Cancel, of_a_workflow_can_end_with_details) {
    RunOf<CancelledWithDetails> run;
    run.start();
    const auto completion = run.completion(Jobs{}.cancel());
    const auto& command = completion.successful().commands(1).cancel_workflow_execution();
    ASSERT_EQ(command.details().payloads_size(), 2);
    EXPECT_EQ(command.details().payloads(0).data(), R"("half done")");
    EXPECT_EQ(command.details().payloads(1).data(), "5");
}

// A saga: what was done is undone when the workflow is cancelled, whatever the cancellation does to
// the rest.
struct Saga {
    hg::Task<std::string> run() {
        co_await wf::execute_activity<int>("reserve", kQuick);
        std::exception_ptr error;
        try {
            co_await wf::execute_activity<int>("charge", kPatient);
        } catch (const hg::CancelledError&) {
            error = std::current_exception();
        }
        if (error) {
            reason_ = wf::cancellation_requested() ? wf::cancellation_reason() : "none";
            try {
                co_await wf::execute_activity<int>("refused", kQuick);
            } catch (const hg::CancelledError&) {
                reason_ += ", refused";
            }
            co_await wf::shield(undo());
            std::rethrow_exception(error);
        }
        co_return "done";
    }
    hg::Task<void> undo() {
        co_await wf::sleep(1s);
        co_await wf::execute_activity<int>("undo", kQuick, reason_);
    }

private:
    std::string reason_;
};
HOURGLASS_WORKFLOW(Saga, run)

TEST(Cancel, lets_a_shielded_compensation_run_and_refuses_everything_else) {
    RunOf<Saga> run;
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.complete_activity(1, 1)), ElementsAre("schedule 2 charge"));
    EXPECT_THAT(run.activate(Jobs{}.cancel("too expensive")), ElementsAre("cancel_activity 2"));
    EXPECT_THAT(run.activate(Jobs{}.activity_cancelled(2)), ElementsAre("start_timer 1 1000ms"));
    EXPECT_THAT(
        run.activate(Jobs{}.fire(1)), ElementsAre(R"(schedule 3 undo "too expensive, refused")")
    );
    EXPECT_THAT(run.activate(Jobs{}.complete_activity(3, 1)), ElementsAre("cancelled"));
}

TEST(Cancel, of_an_activity_that_completes_all_the_same_is_no_cancellation) {
    RunOf<Saga> run;
    run.start();
    run.activate(Jobs{}.complete_activity(1, 1));
    run.activate(Jobs{}.cancel());
    EXPECT_THAT(run.activate(Jobs{}.complete_activity(2, 1)), ElementsAre(R"(complete "done")"));
}

struct Scoped {
    hg::Task<std::string> run() {
        const wf::CancellationScope scope;
        auto task = wf::spawn(scope.run(work("inner")));
        co_await wf::sleep(1s);
        scope.cancel("enough");
        std::string said;
        try {
            co_await task;
        } catch (const hg::CancelledError& error) {
            said = error.message();
        }
        co_await wf::sleep(1s);
        co_return said + " " + log_ + (scope.cancelled() ? scope.reason() : "");
    }
    hg::Task<void> work(std::string name) {
        try {
            co_await deeper();
        } catch (const hg::CancelledError&) {
            log_ += name + " stopped ";
            throw;
        }
    }
    hg::Task<void> deeper() { co_await wf::sleep(1h); }

private:
    std::string log_;
};
HOURGLASS_WORKFLOW(Scoped, run)

TEST(CancellationScope, cancels_the_tasks_that_run_in_it_and_nothing_else) {
    RunOf<Scoped> run;
    EXPECT_THAT(run.start(), ElementsAre("start_timer 1 1000ms", "start_timer 2 3600000ms"));
    EXPECT_THAT(
        run.activate(Jobs{}.fire(1)), ElementsAre("cancel_timer 2", "start_timer 3 1000ms")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.fire(3)), ElementsAre(R"(complete "enough inner stopped enough")")
    );
}

struct TaskCancel {
    hg::Task<std::string> run() {
        auto stubborn = wf::spawn(wf::shield(slow()));
        auto task = wf::spawn(slow());
        co_await wf::sleep(1s);
        task.cancel("by its handle");
        std::exception_ptr error;
        try {
            co_await task;
        } catch (...) {
            error = std::current_exception();
        }
        const std::string first = wf::is_cancelled_error(error) ? "cancelled" : "?";
        co_await wf::sleep(1s);
        // The workflow is cancelled meanwhile: waiting for what is shielded ends, the shielded Task
        // does not.
        std::string second = "?";
        try {
            co_await stubborn;
        } catch (const hg::CancelledError&) {
            second = stubborn.ready() ? "ended" : "goes on";
        }
        co_return first + ", " + second;
    }
    hg::Task<void> slow() { co_await wf::sleep(1h); }
};
HOURGLASS_WORKFLOW(TaskCancel, run)

TEST(TaskHandle, cancels_its_task_alone) {
    RunOf<TaskCancel> run;
    EXPECT_THAT(
        run.start(),
        ElementsAre("start_timer 1 1000ms", "start_timer 2 3600000ms", "start_timer 3 3600000ms")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.fire(1)), ElementsAre("cancel_timer 3", "start_timer 4 1000ms")
    );
    EXPECT_THAT(run.activate(Jobs{}.fire(4)), IsEmpty());
    EXPECT_THAT(run.activate(Jobs{}.cancel()), ElementsAre(R"(complete "cancelled, goes on")"));
}

struct CancelledHandlers {
    hg::Task<std::string> run() {
        try {
            co_await wf::sleep(1h);
        } catch (const hg::CancelledError&) {
            log_ += "run ";
        }
        co_return log_;
    }
    hg::Task<void> slow_signal() { co_await wf::sleep(1h); }
    hg::Task<int> slow_update() {
        co_await wf::sleep(1h);
        co_return 1;
    }

private:
    std::string log_;
};
HOURGLASS_WORKFLOW(CancelledHandlers, run, signals(slow_signal), updates(slow_update))

TEST(Cancel, reaches_handlers_which_end_without_closing_the_workflow) {
    RunOf<CancelledHandlers> run;
    run.start();
    run.activate(Jobs{}.signal("slow_signal").update("u1", "slow_update"));
    EXPECT_THAT(
        run.activate(Jobs{}.cancel()),
        ElementsAre(
            "cancel_timer 1",
            "cancel_timer 2",
            "cancel_timer 3",
            R"(complete "run ")",
            HasSubstr("rejected protocol-u1")
        )
    );
}

struct ThrowsCancelled {
    hg::Task<void> run() {
        throw hg::CancelledError{"by itself"};
        co_return;
    }
};
HOURGLASS_WORKFLOW(ThrowsCancelled, run)

TEST(CancelledErrorThrown, without_a_request_to_cancel_fails_the_workflow) {
    RunOf<ThrowsCancelled> run;
    EXPECT_THAT(run.start(), ElementsAre("fail by itself"));
}

struct CancelledRace {
    hg::Task<std::string> run(std::string what) {
        std::size_t winner = 9;
        if (what == "handles") {
            const auto work = wf::execute_activity<int>("work", kQuick);
            const auto limit = wf::start_timer(1h);
            winner = co_await wf::race(work, limit);
        } else if (what == "spawned") {
            const auto first = wf::spawn(slow());
            const auto second = wf::spawn(slow());
            winner = co_await wf::race(first, second);
        } else if (what == "by value") {
            const auto limit = wf::start_timer(1h);
            winner = co_await wf::race(wf::wait_condition([] { return false; }), limit);
        } else {
            const auto limit = wf::start_timer(1h);
            try {
                co_await wf::sleep(1h);
            } catch (const hg::CancelledError&) {
                what = "cancelled";
            }
            const std::size_t cancelled = co_await wf::shield(wf::race(limit));
            const std::size_t quick = co_await wf::shield(work_on());
            winner = 10 * cancelled + quick;
        }
        co_return "winner " + std::to_string(winner);
    }
    hg::Task<void> slow() { co_await wf::sleep(1h); }
    hg::Task<std::size_t> work_on() {
        const auto slow = wf::start_timer(1h);
        const auto quick = wf::start_timer(1s);
        const std::size_t winner = co_await wf::race(slow, quick);
        co_return winner;
    }
};
HOURGLASS_WORKFLOW(CancelledRace, run)

TEST(Cancel, of_a_workflow_that_awaits_a_race_is_no_victory_of_what_it_cancels) {
    RunOf<CancelledRace> handles;
    handles.start("handles");
    EXPECT_THAT(
        handles.activate(Jobs{}.cancel()),
        ElementsAre("cancel_activity 1", "cancel_timer 1", "cancelled")
    );
    RunOf<CancelledRace> spawned;
    spawned.start("spawned");
    EXPECT_THAT(
        spawned.activate(Jobs{}.cancel()),
        ElementsAre("cancel_timer 1", "cancel_timer 2", "cancelled")
    );
    RunOf<CancelledRace> by_value;
    by_value.start("by value");
    EXPECT_THAT(by_value.activate(Jobs{}.cancel()), ElementsAre("cancel_timer 1", "cancelled"));
}

TEST(Cancel, leaves_a_race_alone_whose_winner_came_with_it_or_that_is_shielded) {
    RunOf<CancelledRace> came_with_it;
    came_with_it.start("handles");
    EXPECT_THAT(
        came_with_it.activate(Jobs{}.cancel().fire(1)),
        ElementsAre("cancel_activity 1", R"(complete "winner 1")")
    );
    RunOf<CancelledRace> shielded;
    shielded.start("shielded");
    EXPECT_THAT(
        shielded.activate(Jobs{}.cancel()),
        ElementsAre(
            "cancel_timer 1", "cancel_timer 2", "start_timer 3 3600000ms", "start_timer 4 1000ms"
        )
    );
    EXPECT_THAT(shielded.activate(Jobs{}.fire(4)), ElementsAre(R"(complete "winner 1")"));
}

struct StartsATimerAtItsEnd {
    std::shared_ptr<int> armed;
    explicit StartsATimerAtItsEnd(std::shared_ptr<int> token) : armed{std::move(token)} {}
    StartsATimerAtItsEnd(StartsATimerAtItsEnd&&) = default;
    StartsATimerAtItsEnd& operator=(StartsATimerAtItsEnd&&) = default;
    ~StartsATimerAtItsEnd() {
        if (armed) {
            static_cast<void>(wf::start_timer(1h));
        }
    }
};

struct TimerOfAParameter {
    hg::Task<bool> run() {
        const wf::CancellationScope scope;
        const auto task = wf::spawn(scope.run(end(StartsATimerAtItsEnd{std::make_shared<int>(1)})));
        co_await wf::sleep(1s);
        scope.cancel();
        co_return task.ready();
    }
    hg::Task<void> end(StartsATimerAtItsEnd /*parameter*/) { co_return; }
};
HOURGLASS_WORKFLOW(TimerOfAParameter, run)

TEST(Task, whose_parameter_starts_something_at_its_end_starts_it_in_the_workflow_s_scope) {
    RunOf<TimerOfAParameter> run;
    EXPECT_THAT(run.start(), ElementsAre("start_timer 1 1000ms", "start_timer 2 3600000ms"));
    // The Task's own scope would have cancelled it.
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre("complete true"));
}

TEST(IsCancelledError, sees_a_cancellation_behind_the_error_of_a_call) {
    const auto cancelled = std::make_shared<hg::CancelledError>();
    EXPECT_TRUE(wf::is_cancelled_error(hg::CancelledError{}));
    EXPECT_TRUE(wf::is_cancelled_error(hg::ActivityError{"a", {}, {.cause = cancelled}}));
    EXPECT_TRUE(wf::is_cancelled_error(hg::ChildWorkflowError{"c", {}, {.cause = cancelled}}));
    EXPECT_FALSE(wf::is_cancelled_error(hg::ApplicationError{"a", {.cause = cancelled}}));
    EXPECT_FALSE(wf::is_cancelled_error(hg::ActivityError{"a"}));
    EXPECT_FALSE(wf::is_cancelled_error(std::make_exception_ptr(42)));
    EXPECT_FALSE(wf::is_cancelled_error(std::exception_ptr{}));
}
