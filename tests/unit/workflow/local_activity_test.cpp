#include "tests/unit/workflow/harness.hpp"

#include <string>
#include <vector>

namespace {

std::string charge(std::string order, int cents) {
    return order + std::to_string(cents);
}

const wf::LocalActivityOptions kLocal{.start_to_close_timeout = 5s};

}  // namespace

struct OneLocal {
    hg::Task<std::string> run(std::string order) {
        const auto handle = wf::execute_local_activity<&charge>(kLocal, order, 100);
        co_await wf::sleep(1s);
        const std::string receipt = co_await handle;
        co_return receipt;
    }
};
HOURGLASS_WORKFLOW(OneLocal, run)

TEST(LocalActivity, is_handed_out_when_it_is_called_and_gives_its_result) {
    RunOf<OneLocal> run;
    EXPECT_THAT(
        run.start("o-1"), ElementsAre(R"(local 1 charge "o-1" 100)", "start_timer 1 1000ms")
    );
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), IsEmpty());
    EXPECT_THAT(
        run.activate(Jobs{}.complete_activity(1, "receipt")), ElementsAre(R"(complete "receipt")")
    );
}

TEST(LocalActivity, waits_long_by_a_timer_and_is_handed_out_again_with_its_attempt_and_first_time) {
    RunOf<OneLocal> run;
    run.start("o-1");
    EXPECT_THAT(run.activate(Jobs{}.back_off(1, 4, 120)), ElementsAre("start_timer 2 120000ms"));
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), IsEmpty());
    EXPECT_THAT(
        run.activate(Jobs{}.fire(2)), ElementsAre(R"(local 2 charge "o-1" 100 attempt 4 since 77)")
    );
    EXPECT_THAT(run.activate(Jobs{}.back_off(2, 5, 240)), ElementsAre("start_timer 3 240000ms"));
    EXPECT_THAT(
        run.activate(Jobs{}.fire(3)), ElementsAre(R"(local 3 charge "o-1" 100 attempt 5 since 77)")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.complete_activity(3, "receipt")), ElementsAre(R"(complete "receipt")")
    );
}

TEST(LocalActivity, keeps_its_id_over_its_attempts) {
    RunOf<OneLocal> run;
    run.start("o-1");
    run.activate(Jobs{}.back_off(1, 4, 120));
    const auto again = run.completion(Jobs{}.fire(2));
    EXPECT_EQ(again.successful().commands(0).schedule_local_activity().activity_id(), "1");
}

struct AllLocalOptions {
    hg::Task<void> run() {
        const wf::LocalActivityOptions options{
            .start_to_close_timeout = 1s,
            .schedule_to_close_timeout = 2s,
            .schedule_to_start_timeout = 3s,
            .retry_policy = hg::RetryPolicy{.maximum_attempts = 6},
            .local_retry_threshold = 4s,
            .activity_id = "the-one",
            .cancellation_type = wf::ActivityCancellationType::Abandon,
            .summary = "charges the card",
            .include_arguments_in_marker = true,
        };
        const auto all = wf::execute_local_activity<&charge>(options, "o-1", 1);
        const auto few = wf::execute_local_activity<void>("few", {.schedule_to_close_timeout = 1s});
        co_await all;
        co_await few;
    }
};
HOURGLASS_WORKFLOW(AllLocalOptions, run)

TEST(LocalActivity, takes_every_option_and_leaves_unset_ones_unset) {
    RunOf<AllLocalOptions> run;
    const auto completion = run.completion(Jobs{}.start("AllLocalOptions"));
    const auto& command = completion.successful().commands(0).schedule_local_activity();
    EXPECT_EQ(command.start_to_close_timeout().seconds(), 1);
    EXPECT_EQ(command.schedule_to_close_timeout().seconds(), 2);
    EXPECT_EQ(command.schedule_to_start_timeout().seconds(), 3);
    EXPECT_EQ(command.retry_policy().maximum_attempts(), 6);
    EXPECT_EQ(command.local_retry_threshold().seconds(), 4);
    EXPECT_EQ(command.activity_id(), "the-one");
    EXPECT_EQ(command.cancellation_type(), coresdk::workflow_commands::ABANDON);
    EXPECT_TRUE(command.include_arguments_in_marker());
    EXPECT_EQ(
        completion.successful().commands(0).user_metadata().summary().data(),
        R"("charges the card")"
    );
    const auto& few = completion.successful().commands(1).schedule_local_activity();
    EXPECT_EQ(few.activity_id(), "2");
    EXPECT_EQ(few.cancellation_type(), coresdk::workflow_commands::WAIT_CANCELLATION_COMPLETED);
    EXPECT_FALSE(few.has_start_to_close_timeout());
    EXPECT_FALSE(few.has_schedule_to_start_timeout());
    EXPECT_FALSE(few.has_retry_policy());
    EXPECT_FALSE(few.has_local_retry_threshold());
    EXPECT_FALSE(few.has_original_schedule_time());
    EXPECT_FALSE(few.include_arguments_in_marker());
    EXPECT_FALSE(completion.successful().commands(1).has_user_metadata());
}

TEST(LocalActivity, that_fails_throws_an_activity_error_as_any_other) {
    RunOf<OneLocal> run;
    run.start("o-1");
    run.activate(Jobs{}.fire(1));
    Jobs jobs;
    auto& job = *jobs.add().mutable_resolve_activity();
    job.set_seq(1);
    job.set_is_local(true);
    // As Core gives it: without an activity's failure around it.
    auto& failure = *job.mutable_result()->mutable_failed()->mutable_failure();
    failure.set_message("no money");
    failure.mutable_application_failure_info()->set_type("Declined");
    failure.mutable_application_failure_info()->set_non_retryable(true);
    const auto completion = run.completion(jobs);
    const auto& failed = completion.successful().commands(0).fail_workflow_execution().failure();
    EXPECT_EQ(failed.activity_failure_info().activity_type().name(), "charge");
    EXPECT_EQ(failed.activity_failure_info().activity_id(), "1");
    EXPECT_EQ(
        failed.activity_failure_info().retry_state(),
        temporal::api::enums::v1::RETRY_STATE_NON_RETRYABLE_FAILURE
    );
    EXPECT_EQ(failed.cause().message(), "no money");
}

struct CancelsLocal {
    hg::Task<std::string> run(bool by_scope) {
        const wf::CancellationScope scope;
        auto task = wf::spawn(scope.run(work()));
        co_await wf::sleep(1s);
        if (by_scope) {
            scope.cancel("enough");
        } else {
            handle_->cancel();
        }
        const std::string said = co_await task;
        co_return said;
    }
    hg::Task<std::string> work() {
        handle_ = wf::execute_local_activity<std::string>("slow", kLocal);
        std::string said;
        try {
            said = co_await *handle_;
        } catch (const hg::CancelledError& error) {
            said = std::string{"cancelled: "} + error.what();
        } catch (const hg::ActivityError& error) {
            said =
                error.activity_type() + (wf::is_cancelled_error(error) ? " cancelled" : " failed");
        }
        co_return said;
    }

private:
    std::optional<wf::ActivityHandle<std::string>> handle_;
};
HOURGLASS_WORKFLOW(CancelsLocal, run)

TEST(LocalActivity, that_is_cancelled_waits_for_core) {
    RunOf<CancelsLocal> run;
    EXPECT_THAT(run.start(false), ElementsAre("start_timer 1 1000ms", "local 1 slow"));
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre("cancel_local 1"));
    EXPECT_THAT(run.activate(Jobs{}.activity_cancelled(1)), ElementsAre(HasSubstr("cancelled")));
}

TEST(LocalActivity, that_is_cancelled_between_two_attempts_ends_at_once) {
    RunOf<CancelsLocal> by_handle;
    by_handle.start(false);
    by_handle.activate(Jobs{}.back_off(1, 2, 60));
    EXPECT_THAT(
        by_handle.activate(Jobs{}.fire(1)),
        ElementsAre("cancel_timer 2", R"(complete "slow cancelled")")
    );
    RunOf<CancelsLocal> by_scope;
    by_scope.start(true);
    by_scope.activate(Jobs{}.back_off(1, 2, 60));
    EXPECT_THAT(
        by_scope.activate(Jobs{}.fire(1)),
        ElementsAre("cancel_timer 2", R"(complete "cancelled: enough")")
    );
}

TEST(LocalActivity, that_fails_by_itself_after_it_was_cancelled_is_not_tried_again) {
    RunOf<CancelsLocal> run;
    run.start(true);
    run.activate(Jobs{}.fire(1));
    EXPECT_THAT(
        run.activate(Jobs{}.back_off(1, 2, 60)), ElementsAre(R"(complete "cancelled: enough")")
    );
}

struct BadLocalOptions {
    hg::Task<void> run(int which) {
        wf::LocalActivityOptions options;
        if (which == 1) {
            options = {.start_to_close_timeout = 1s, .local_retry_threshold = 0s};
        }
        co_await wf::execute_local_activity<void>("nothing", options);
    }
};
HOURGLASS_WORKFLOW(BadLocalOptions, run)

TEST(LocalActivity, with_options_that_cannot_be_meant_fails_the_task) {
    RunOf<BadLocalOptions> none;
    EXPECT_THAT(
        none.start(0),
        ElementsAre(HasSubstr("set start_to_close_timeout or schedule_to_close_timeout"))
    );
    RunOf<BadLocalOptions> zero;
    EXPECT_THAT(zero.start(1), ElementsAre(HasSubstr("local_retry_threshold is 0 ns")));
}

TEST(LocalActivity, that_this_worker_does_not_have_fails_the_task_at_the_call_but_not_on_replay) {
    const wf::RunOptions options{.knows_activity = [](std::string_view name) {
        return name != "charge";
    }};
    const auto& definition = wf::definition_of<OneLocal>();
    wf::WorkflowRun live{definition, "run-1", options};
    EXPECT_THAT(
        hg::workflow::testing::lines_of(live.activate(Jobs{}.start("OneLocal", "o-1").activation())
        ),
        ElementsAre(HasSubstr("execute_local_activity of 'charge': this worker has no such activity"
        ))
    );
    wf::WorkflowRun replayed{definition, "run-1", options};
    EXPECT_THAT(
        hg::workflow::testing::lines_of(
            replayed.activate(Jobs{}.start("OneLocal", "o-1").replaying().activation())
        ),
        ElementsAre(R"(local 1 charge "o-1" 100)", "start_timer 1 1000ms")
    );
}

struct FallsBack {
    hg::Task<std::string> run() {
        bool there = true;
        try {
            co_await wf::execute_local_activity<int>("nobody's", {.start_to_close_timeout = 1s});
        } catch (const hg::ConfigurationError&) {
            there = false;
        }
        co_return there ? "local" : "fell back";
    }
};
HOURGLASS_WORKFLOW(FallsBack, run)

TEST(LocalActivity, that_this_worker_does_not_have_fails_the_task_even_if_that_is_caught) {
    wf::WorkflowRun run{
        wf::definition_of<FallsBack>(),
        "run-1",
        {.knows_activity = [](std::string_view /*name*/) { return false; }}
    };
    EXPECT_THAT(
        hg::workflow::testing::lines_of(run.activate(Jobs{}.start("FallsBack").activation())),
        ElementsAre(HasSubstr("task failed: workflow 'FallsBack', execute_local_activity of"))
    );
}

struct Remote {
    hg::Task<void> run() { co_await wf::execute_activity<void>("remote", kQuick); }
};
HOURGLASS_WORKFLOW(Remote, run)

TEST(LocalActivity, alone_can_be_given_back) {
    RunOf<Remote> run;
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.back_off(1, 2, 60)), ElementsAre(HasSubstr("is not local")));
}
