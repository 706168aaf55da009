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
