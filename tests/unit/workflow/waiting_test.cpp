#include "tests/unit/workflow/harness.hpp"

#include <string>
#include <utility>
#include <vector>

struct Sleeper {
    hg::Task<std::string> run() {
        co_await wf::sleep(1500ms, {.summary = "a nap"});
        co_await wf::sleep(0s);
        const auto timer = wf::start_timer(1h);
        timer.cancel();
        timer.cancel();
        try {
            co_await timer;
        } catch (const hg::CancelledError&) {
            co_return "woken";
        }
        co_return "slept";
    }
};
HOURGLASS_WORKFLOW(Sleeper, run)

TEST(Timer, fires_when_core_says_so_and_a_cancelled_one_ends_by_itself) {
    RunOf<Sleeper> run;
    const auto first = run.completion(Jobs{}.start("Sleeper"));
    EXPECT_EQ(first.successful().commands(0).user_metadata().summary().data(), R"("a nap")");
    EXPECT_THAT(hg::workflow::testing::lines_of(first), ElementsAre("start_timer 1 1500ms"));
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre("start_timer 2 1ms"));
    EXPECT_THAT(
        run.activate(Jobs{}.fire(2)),
        ElementsAre("start_timer 3 3600000ms", "cancel_timer 3", R"(complete "woken")")
    );
}

TEST(Timer, that_the_workflow_does_not_know_fails_the_task) {
    RunOf<Sleeper> run;
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.fire(9)), ElementsAre(HasSubstr("timer 9 fired")));
}

struct Waiter {
    hg::Task<std::string> run(std::string how) {
        if (how == "throws") {
            co_await wf::wait_condition(
                [this] { return value_ > 0; }, {.timeout = 5s, .summary = "patience"}
            );
            co_return "in time";
        }
        const bool in_time = co_await wf::wait_condition_for(5s, [this] { return value_ > 0; });
        co_return in_time ? "in time" : "too late";
    }
    void set(int value) { value_ = value; }

private:
    int value_ = 0;
};
HOURGLASS_WORKFLOW(Waiter, run, signals(set))

TEST(WaitCondition, that_is_true_already_does_not_wait_and_starts_no_timer) {
    RunOf<Waiter> run;
    EXPECT_THAT(
        run.activate(Jobs{}.start("Waiter", "throws").signal("set", 1)),
        ElementsAre(R"(complete "in time")")
    );
}

TEST(WaitCondition, that_becomes_true_cancels_its_timer) {
    RunOf<Waiter> run;
    EXPECT_THAT(run.start("throws"), ElementsAre("start_timer 1 5000ms"));
    EXPECT_THAT(
        run.activate(Jobs{}.signal("set", 1)),
        ElementsAre("cancel_timer 1", R"(complete "in time")")
    );
}

TEST(WaitCondition, that_times_out_throws_a_timeout_error_which_fails_the_workflow) {
    RunOf<Waiter> run;
    run.start("throws");
    const auto completion = run.completion(Jobs{}.fire(1));
    const auto& failure = completion.successful().commands(0).fail_workflow_execution().failure();
    EXPECT_TRUE(failure.has_timeout_failure_info());
    EXPECT_THAT(failure.message(), HasSubstr("within 5000 ms"));
}

TEST(WaitCondition, for_a_time_says_whether_it_became_true) {
    RunOf<Waiter> late;
    late.start("asks");
    EXPECT_THAT(late.activate(Jobs{}.fire(1)), ElementsAre(R"(complete "too late")"));
    RunOf<Waiter> in_time;
    in_time.start("asks");
    EXPECT_THAT(
        in_time.activate(Jobs{}.signal("set", 1)),
        ElementsAre("cancel_timer 1", R"(complete "in time")")
    );
}

TEST(WaitCondition, whose_timer_fires_with_the_signal_that_makes_it_true_is_in_time) {
    RunOf<Waiter> run;
    run.start("asks");
    EXPECT_THAT(
        run.activate(Jobs{}.signal("set", 1).fire(1)), ElementsAre(R"(complete "in time")")
    );
}

struct Conditions {
    hg::Task<std::vector<std::string>> run() {
        auto first = wf::spawn(take("first"));
        auto second = wf::spawn(take("second"));
        auto watcher = wf::spawn(watch());
        co_await wf::all(first, second, watcher);
        co_return log_;
    }
    hg::Task<void> take(std::string who) {
        co_await wf::wait_condition([this] { return tickets_ > 0; });
        --tickets_;
        ++taken_;
        log_.push_back(who);
    }
    // Becomes true twice in one activation: each time somebody took a ticket.
    hg::Task<void> watch() {
        for (int seen = 0; seen < 2; ++seen) {
            co_await wf::wait_condition([this, seen] { return taken_ > seen; });
            log_.push_back("seen " + std::to_string(seen + 1));
        }
    }
    void give(int tickets) { tickets_ += tickets; }

private:
    std::vector<std::string> log_;
    int tickets_ = 0;
    int taken_ = 0;
};
HOURGLASS_WORKFLOW(Conditions, run, signals(give))

TEST(WaitCondition, wakes_one_waiter_after_the_other_and_tests_each_again_before_it_wakes_it) {
    RunOf<Conditions> run;
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.signal("give", 1)), IsEmpty());
    EXPECT_THAT(
        run.activate(Jobs{}.signal("give", 1)),
        ElementsAre(R"(complete ["first","seen 1","second","seen 2"])")
    );
}

TEST(WaitCondition, that_becomes_true_twice_in_an_activation_is_seen_twice) {
    RunOf<Conditions> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.signal("give", 2)),
        ElementsAre(R"(complete ["first","second","seen 1","seen 2"])")
    );
}

struct BadCondition {
    hg::Task<void> run(bool meddles) {
        if (meddles) {
            co_await wf::wait_condition([] {
                static_cast<void>(wf::start_timer(1s));
                return true;
            });
        }
        co_await wf::wait_condition([this] { return test(); });
    }
    void go() { armed_ = true; }

private:
    bool test() const {
        if (armed_) {
            throw hg::ApplicationError{"the condition is broken"};
        }
        return false;
    }
    bool armed_ = false;
};
HOURGLASS_WORKFLOW(BadCondition, run, signals(go))

TEST(WaitCondition, whose_condition_throws_throws_where_it_is_awaited) {
    RunOf<BadCondition> run;
    run.start(false);
    EXPECT_THAT(run.activate(Jobs{}.signal("go")), ElementsAre("fail the condition is broken"));
}

TEST(WaitCondition, whose_condition_starts_something_fails_the_task) {
    RunOf<BadCondition> run;
    EXPECT_THAT(run.start(true), ElementsAre(HasSubstr("start_timer() was called in a condition")));
}

struct Race {
    hg::Task<std::string> run() {
        const auto slow = wf::execute_activity<std::string>("slow", kQuick);
        const auto fast = wf::execute_activity<std::string>("fast", kQuick);
        const auto limit = wf::start_timer(1min);
        const auto winner = co_await wf::race(slow, fast, limit);
        limit.cancel();
        const std::string late = co_await slow;
        co_return std::to_string(winner) + " then " + late;
    }
};
HOURGLASS_WORKFLOW(Race, run)

TEST(Race, gives_the_winner_and_its_losers_go_on) {
    RunOf<Race> run;
    EXPECT_THAT(
        run.start(), ElementsAre("schedule 1 slow", "schedule 2 fast", "start_timer 1 60000ms")
    );
    EXPECT_THAT(run.activate(Jobs{}.complete_activity(2, "F")), ElementsAre("cancel_timer 1"));
    EXPECT_THAT(
        run.activate(Jobs{}.complete_activity(1, "S")), ElementsAre(R"(complete "1 then S")")
    );
}

TEST(Race, with_two_ends_in_one_activation_is_won_by_the_first_job_also_on_replay) {
    RunOf<Race> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.replaying().complete_activity(2, "F").complete_activity(1, "S")),
        ElementsAre("cancel_timer 1", R"(complete "1 then S")")
    );
}

struct RaceOfTasks {
    hg::Task<std::string> run() {
        std::vector<wf::TaskHandle<int>> none;
        std::string said;
        try {
            static_cast<void>(co_await wf::race(none));
        } catch (const hg::ConfigurationError&) {
            said = "empty, ";
        }
        try {
            static_cast<void>(co_await wf::race(wf::sleep(1h), failing()));
        } catch (const hg::ApplicationError& error) {
            said += error.message();
        }
        const std::size_t winner = co_await wf::race(wf::sleep(1h), quick());
        co_return said + ", " + std::to_string(winner);
    }
    hg::Task<void> failing() {
        co_await wf::sleep(1s);
        throw hg::ApplicationError{"lost"};
    }
    hg::Task<int> quick() { co_return 1; }
};
HOURGLASS_WORKFLOW(RaceOfTasks, run)

TEST(Race, of_tasks_by_value_throws_the_winner_s_error_and_of_nothing_is_an_error) {
    RunOf<RaceOfTasks> run;
    EXPECT_THAT(run.start(), ElementsAre("start_timer 1 3600000ms", "start_timer 2 1000ms"));
    EXPECT_THAT(
        run.activate(Jobs{}.fire(2)),
        ElementsAre("start_timer 3 3600000ms", R"(complete "empty, lost, 1")")
    );
}

struct All {
    hg::Task<std::string> run(bool fails) {
        const auto two = wf::execute_activity<std::string>("two", kQuick);
        const auto pause = wf::sleep(1s);
        const auto results = co_await wf::all(one(fails), two, pause);
        std::vector<hg::Task<int>> tasks;
        for (int i = 0; i < 3; ++i) {
            tasks.push_back(number(i));
        }
        const std::vector<int> numbers = co_await wf::all(std::move(tasks));
        const std::vector<int> empty = co_await wf::all(std::vector<hg::Task<int>>{});
        co_return std::get<0>(results) + std::get<1>(results) + std::to_string(numbers.at(2)) +
            std::to_string(empty.size());
    }
    hg::Task<std::string> one(bool fails) {
        co_await wf::sleep(1s);
        if (fails) {
            throw hg::ApplicationError{"one failed"};
        }
        co_return "one";
    }
    hg::Task<int> number(int number) { co_return number; }
};
HOURGLASS_WORKFLOW(All, run)

TEST(All, gives_a_tuple_or_a_vector_of_results) {
    RunOf<All> run;
    EXPECT_THAT(
        run.start(false),
        ElementsAre(R"(schedule 1 two)", "start_timer 1 1000ms", "start_timer 2 1000ms")
    );
    EXPECT_THAT(run.activate(Jobs{}.fire(1).fire(2)), IsEmpty());
    EXPECT_THAT(
        run.activate(Jobs{}.complete_activity(1, "two")), ElementsAre(R"(complete "onetwo20")")
    );
}

TEST(All, waits_for_the_others_before_it_throws_the_first_error) {
    RunOf<All> run;
    run.start(true);
    EXPECT_THAT(run.activate(Jobs{}.fire(2)), IsEmpty());
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), IsEmpty());
    EXPECT_THAT(run.activate(Jobs{}.complete_activity(1, "two")), ElementsAre("fail one failed"));
}

struct Spawner {
    hg::Task<std::string> run() {
        auto handle = wf::spawn(work());
        log_ += "spawned ";
        const int first = co_await handle;
        const int second = co_await handle;
        co_return log_ + std::to_string(first + second);
    }
    hg::Task<int> work() {
        log_ += "working ";
        co_return 21;
    }

private:
    std::string log_;
};
HOURGLASS_WORKFLOW(Spawner, run)

TEST(Spawn, runs_a_task_when_its_spawner_waits_and_its_handle_is_awaited_many_times) {
    RunOf<Spawner> run;
    EXPECT_THAT(run.start(), ElementsAre(R"(complete "spawned working 42")"));
}

struct Forgetful {
    hg::Task<void> run(bool keeps) {
        auto handle = wf::spawn(fails());
        if (keeps) {
            kept_.push_back(handle);
        }
        co_await wf::sleep(1s);
    }
    hg::Task<void> fails() {
        throw hg::ApplicationError{"nobody saw it"};
        co_return;
    }

private:
    std::vector<wf::TaskHandle<void>> kept_;
};
HOURGLASS_WORKFLOW(Forgetful, run)

TEST(Spawn, whose_task_fails_and_is_never_awaited_is_told_of_by_the_log) {
    const CapturedLog log;
    RunOf<Forgetful> run;
    run.start(false);
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre("complete null"));
    EXPECT_THAT(
        log.lines(),
        ElementsAre(AllOf(
            HasSubstr("warn a spawned Task failed and nobody awaited it"),
            HasSubstr("nobody saw it"),
            HasSubstr("workflow_id=workflow-1")
        ))
    );
}

TEST(Spawn, whose_handle_is_kept_to_the_end_is_told_of_when_the_closed_run_goes) {
    const CapturedLog log;
    RunOf<Forgetful> run;
    run.start(true);
    run.activate(Jobs{}.fire(1));
    EXPECT_THAT(log.lines(), IsEmpty()) << "a query may still ask for it";
    run.activate(Jobs{}.evict());
    EXPECT_THAT(log.lines(), ElementsAre(HasSubstr("nobody awaited it")));
}

TEST(Spawn, of_a_run_that_is_evicted_before_its_end_or_replayed_is_not_told_of) {
    const CapturedLog log;
    RunOf<Forgetful> evicted;
    evicted.start(true);
    evicted.activate(Jobs{}.evict());
    RunOf<Forgetful> replayed;
    replayed.activate(Jobs{}.start("Forgetful", false).replaying());
    replayed.activate(Jobs{}.fire(1).replaying());
    EXPECT_THAT(log.lines(), IsEmpty());
}

struct Twice {
    hg::Task<void> run() {
        auto task = other();
        co_await std::move(task);
        co_await std::move(task);  // NOLINT(bugprone-use-after-move): that is the mistake
    }
    hg::Task<void> other() { co_return; }
};
HOURGLASS_WORKFLOW(Twice, run)

TEST(Task, that_is_awaited_twice_fails_the_task_and_says_what_to_do) {
    RunOf<Twice> run;
    EXPECT_THAT(run.start(), ElementsAre(HasSubstr("spawn() gives a handle")));
}
