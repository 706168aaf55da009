#include "tests/unit/workflow/harness.hpp"

#include <string>
#include <vector>

namespace {

std::string charge(std::string order, int cents) {
    return order + std::to_string(cents);
}
void notify(std::string /*who*/) {}
struct Mailer {
    bool send(std::string to) { return !to.empty(); }
};

}  // namespace

struct OneActivity {
    hg::Task<std::string> run(std::string order) {
        const std::string receipt = co_await wf::execute_activity<&charge>(kQuick, order, 100);
        co_return receipt;
    }
};
HOURGLASS_WORKFLOW(OneActivity, run)

TEST(Activity, is_scheduled_with_the_function_s_name_and_arguments_and_gives_its_result) {
    RunOf<OneActivity> run;
    EXPECT_THAT(run.start("o-1"), ElementsAre(R"(schedule 1 charge "o-1" 100)"));
    EXPECT_THAT(
        run.activate(Jobs{}.complete_activity(1, "receipt")), ElementsAre(R"(complete "receipt")")
    );
    EXPECT_EQ(run.state(), wf::RunState::Closed);
}

TEST(Activity, that_fails_fails_the_workflow_with_the_whole_chain_of_causes) {
    RunOf<OneActivity> run;
    run.start("o-1");
    const auto completion = run.completion(Jobs{}.fail_activity(1, "no money"));
    const auto& failure = completion.successful().commands(0).fail_workflow_execution().failure();
    EXPECT_TRUE(failure.has_activity_failure_info());
    EXPECT_EQ(failure.cause().message(), "no money");
    EXPECT_EQ(failure.cause().application_failure_info().type(), "Declined");
}

TEST(Activity, with_a_result_of_another_type_fails_the_task_and_says_why) {
    RunOf<OneActivity> run;
    run.start("o-1");
    const auto lines = run.activate(Jobs{}.complete_activity(1, 17));
    EXPECT_THAT(lines, ElementsAre(HasSubstr("std::string")));
    EXPECT_EQ(run.state(), wf::RunState::Failed);
}

struct AllOptions {
    hg::Task<void> run() {
        wf::ActivityOptions options;
        options.start_to_close_timeout = 1s;
        options.schedule_to_close_timeout = 2s;
        options.schedule_to_start_timeout = 3s;
        options.heartbeat_timeout = 4s;
        options.retry_policy = hg::RetryPolicy{.initial_interval = 5s, .maximum_attempts = 6};
        options.task_queue = "gpu";
        options.activity_id = "the-one";
        options.cancellation_type = wf::ActivityCancellationType::WaitCancellationCompleted;
        options.summary = "charges the card";
        options.priority = {.key = 2, .fairness_key = "tenant", .fairness_weight = 1.5F};
        options.disable_eager = true;
        co_await wf::execute_activity<&notify>(options, "ada");
        co_await wf::execute_activity<&Mailer::send>({.schedule_to_close_timeout = 1s}, "ada");
    }
};
HOURGLASS_WORKFLOW(AllOptions, run)

TEST(Activity, takes_every_option_and_leaves_unset_ones_unset) {
    RunOf<AllOptions> run;
    const auto first = run.completion(Jobs{}.start("AllOptions"));
    const auto& command = first.successful().commands(0).schedule_activity();
    EXPECT_EQ(command.start_to_close_timeout().seconds(), 1);
    EXPECT_EQ(command.schedule_to_close_timeout().seconds(), 2);
    EXPECT_EQ(command.schedule_to_start_timeout().seconds(), 3);
    EXPECT_EQ(command.heartbeat_timeout().seconds(), 4);
    EXPECT_EQ(command.retry_policy().initial_interval().seconds(), 5);
    EXPECT_EQ(command.retry_policy().maximum_attempts(), 6);
    EXPECT_EQ(command.task_queue(), "gpu");
    EXPECT_EQ(command.activity_id(), "the-one");
    EXPECT_EQ(command.cancellation_type(), coresdk::workflow_commands::WAIT_CANCELLATION_COMPLETED);
    EXPECT_EQ(command.priority().priority_key(), 2);
    EXPECT_EQ(command.priority().fairness_key(), "tenant");
    EXPECT_EQ(command.priority().fairness_weight(), 1.5F);
    EXPECT_TRUE(command.do_not_eagerly_execute());
    EXPECT_EQ(
        first.successful().commands(0).user_metadata().summary().data(), R"("charges the card")"
    );

    const auto second = run.completion(Jobs{}.complete_activity(1, nullptr));
    const auto& plain = second.successful().commands(0).schedule_activity();
    EXPECT_EQ(plain.activity_type(), "send");
    EXPECT_EQ(plain.activity_id(), "2");
    EXPECT_EQ(plain.task_queue(), "queue-1");
    EXPECT_EQ(plain.cancellation_type(), coresdk::workflow_commands::TRY_CANCEL);
    EXPECT_FALSE(plain.has_start_to_close_timeout());
    EXPECT_FALSE(plain.has_schedule_to_start_timeout());
    EXPECT_FALSE(plain.has_heartbeat_timeout());
    EXPECT_FALSE(plain.has_retry_policy());
    EXPECT_FALSE(plain.has_priority());
    EXPECT_FALSE(plain.do_not_eagerly_execute());
}

struct BadOptions {
    hg::Task<void> run(int which) {
        wf::ActivityOptions options;
        if (which == 1) {
            options.start_to_close_timeout = -1s;
        }
        if (which == 2) {
            options = {
                .start_to_close_timeout = 1s,
                .retry_policy = hg::RetryPolicy{.maximum_attempts = -1}
            };
        }
        co_await wf::execute_activity<void>("nothing", options);
    }
};
HOURGLASS_WORKFLOW(BadOptions, run)

TEST(Activity, without_a_timeout_fails_the_task_and_names_what_to_set) {
    RunOf<BadOptions> run;
    EXPECT_THAT(
        run.start(0),
        ElementsAre(HasSubstr("set start_to_close_timeout or schedule_to_close_timeout"))
    );
}

TEST(Activity, with_a_negative_timeout_or_a_wrong_retry_policy_fails_the_task) {
    RunOf<BadOptions> negative;
    EXPECT_THAT(
        negative.start(1), ElementsAre(HasSubstr("start_to_close_timeout is -1000000000 ns"))
    );
    RunOf<BadOptions> retry;
    EXPECT_THAT(retry.start(2), ElementsAre(HasSubstr("maximum_attempts")));
}

struct FanOut {
    hg::Task<std::vector<int>> run(int count) {
        std::vector<wf::ActivityHandle<int>> handles;
        for (int i = 0; i < count; ++i) {
            handles.push_back(wf::execute_activity<int>("square", kQuick, i));
        }
        const std::vector<int> results = co_await wf::all(handles);
        co_return results;
    }
};
HOURGLASS_WORKFLOW(FanOut, run)

TEST(Activity, handles_are_scheduled_when_they_are_made_and_results_keep_their_order) {
    RunOf<FanOut> run;
    EXPECT_THAT(
        run.start(3),
        ElementsAre("schedule 1 square 0", "schedule 2 square 1", "schedule 3 square 2")
    );
    EXPECT_THAT(run.activate(Jobs{}.complete_activity(3, 4)), IsEmpty());
    EXPECT_THAT(
        run.activate(Jobs{}.complete_activity(1, 0).complete_activity(2, 1)),
        ElementsAre("complete [0,1,4]")
    );
}

TEST(Activity, ten_thousand_at_once_are_resolved_one_by_one) {
    RunOf<FanOut> run;
    EXPECT_EQ(run.start(10'000).size(), 10'000U);
    for (std::uint32_t i = 1; i < 10'000; ++i) {
        ASSERT_THAT(run.activate(Jobs{}.complete_activity(i, 7)), IsEmpty());
    }
    EXPECT_EQ(run.activate(Jobs{}.complete_activity(10'000, 7)).size(), 1U);
    EXPECT_EQ(run.state(), wf::RunState::Closed);
}

struct AwaitTwice {
    hg::Task<int> run() {
        const auto handle = wf::execute_activity<int>("number", kQuick);
        const int first = co_await handle;
        const int second = co_await handle;
        co_return first + second + (handle.ready() ? 100 : 0);
    }
};
HOURGLASS_WORKFLOW(AwaitTwice, run)

TEST(Activity, handle_can_be_awaited_any_number_of_times) {
    RunOf<AwaitTwice> run;
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.complete_activity(1, 20)), ElementsAre("complete 140"));
}

struct CancelByHandle {
    hg::Task<std::string> run() {
        const auto handle = wf::execute_activity<int>("slow", kQuick);
        co_await wf::sleep(1s);
        handle.cancel();
        handle.cancel();
        try {
            const int result = co_await handle;
            co_return std::to_string(result);
        } catch (const hg::ActivityError& error) {
            co_return wf::is_cancelled_error(error) ? "cancelled" : "failed";
        }
    }
};
HOURGLASS_WORKFLOW(CancelByHandle, run)

TEST(Activity, cancelled_by_its_handle_waits_for_core_and_throws_an_activity_error) {
    RunOf<CancelByHandle> run;
    EXPECT_THAT(run.start(), ElementsAre("schedule 1 slow", "start_timer 1 1000ms"));
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre("cancel_activity 1"));
    EXPECT_THAT(run.activate(Jobs{}.activity_cancelled(1)), ElementsAre(R"(complete "cancelled")"));
}

TEST(Activity, that_completes_though_it_was_asked_to_stop_gives_its_result) {
    RunOf<CancelByHandle> run;
    run.start();
    run.activate(Jobs{}.fire(1));
    EXPECT_THAT(run.activate(Jobs{}.complete_activity(1, 5)), ElementsAre(R"(complete "5")"));
}

TEST(Activity, that_the_workflow_does_not_know_fails_the_task) {
    RunOf<OneActivity> run;
    run.start("o-1");
    EXPECT_THAT(
        run.activate(Jobs{}.complete_activity(7, 1)), ElementsAre(HasSubstr("activity 7 ended"))
    );
}

struct ForgetsActivity {
    hg::Task<void> run() {
        static_cast<void>(wf::execute_activity<&charge>(kQuick, "o-1", 100));
        co_await wf::sleep(1s);
    }
};
HOURGLASS_WORKFLOW(ForgetsActivity, run)

TEST(Activity, that_fails_and_is_never_awaited_is_told_of_by_the_log) {
    const CapturedLog log;
    RunOf<ForgetsActivity> run;
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.fail_activity(1, "card declined")), IsEmpty());
    EXPECT_THAT(
        log.lines(),
        ElementsAre(AllOf(
            HasSubstr("warn an activity failed and nobody awaited it"), HasSubstr("card declined")
        ))
    );
}

TEST(Activity, that_is_cancelled_and_never_awaited_is_no_lost_failure) {
    const CapturedLog log;
    RunOf<ForgetsActivity> run;
    run.start();
    run.activate(Jobs{}.activity_cancelled(1));
    EXPECT_THAT(log.lines(), IsEmpty());
}
