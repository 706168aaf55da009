#include "src/testing/steps.hpp"

#include "tests/unit/testing/histories.hpp"

#include "temporal/sdk/core/workflow_completion/workflow_completion.pb.h"

#include <gtest/gtest.h>

namespace hourglass::testing {
namespace {

using coresdk::workflow_completion::Success;
using test::History;

void schedule(Success& commands, std::uint32_t seq, const std::string& type) {
    auto& activity = *commands.add_commands()->mutable_schedule_activity();
    activity.set_seq(seq);
    activity.set_activity_type(type);
}

void start_timer(Success& commands, std::uint32_t seq) {
    auto& timer = *commands.add_commands()->mutable_start_timer();
    timer.set_seq(seq);
    timer.mutable_start_to_fire_timeout()->set_nanos(500'000'000);
    timer.mutable_start_to_fire_timeout()->set_seconds(1);
}

void cancel_timer(Success& commands, std::uint32_t seq) {
    commands.add_commands()->mutable_cancel_timer()->set_seq(seq);
}

std::vector<Step> steps(const Success& commands) {
    std::vector<Step> made;
    add_steps(commands.commands(), {}, made);
    return made;
}

/// A task whose event 4 completed it, and that scheduled the activity "charge".
History charging() {
    History history = test::started("Brief");
    test::add_task(history);
    auto& scheduled = *test::add(history, test::enums::EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
                           .mutable_activity_task_scheduled_event_attributes();
    scheduled.mutable_activity_type()->set_name("charge");
    scheduled.set_workflow_task_completed_event_id(4);
    return history;
}

TEST(Steps, AreNamedByTheEventsThatTheyLeave) {
    Success commands;
    schedule(commands, 1, "charge");
    start_timer(commands, 1);
    const auto made = steps(commands);
    ASSERT_EQ(made.size(), 2U);
    EXPECT_EQ(made[0].text(), "ActivityTaskScheduled 'charge'");
    EXPECT_EQ(made[1].text(), "TimerStarted 1.5s");
}

TEST(Steps, ThatAgreeHaveNoDifference) {
    Success commands;
    schedule(commands, 1, "charge");
    EXPECT_FALSE(first_difference(steps_of(charging()), {{4, steps(commands)}}));
}

TEST(Steps, DifferWhereTheActivityIsAnother) {
    Success commands;
    schedule(commands, 1, "refund");
    const auto found = first_difference(steps_of(charging()), {{4, steps(commands)}});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->in_history->event_id, 5);
    EXPECT_EQ(found->in_code->identity, "refund");
}

TEST(Steps, DifferWhereTheCodeHasMoreOrLess) {
    Success more;
    schedule(more, 1, "charge");
    start_timer(more, 1);
    const auto found = first_difference(steps_of(charging()), {{4, steps(more)}});
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->in_history);
    EXPECT_EQ(found->in_code->text(), "TimerStarted 1.5s");
    EXPECT_EQ(found->task_completed_id, 4);

    const auto less = first_difference(steps_of(charging()), {{4, {}}});
    ASSERT_TRUE(less);
    EXPECT_FALSE(less->in_code);
    EXPECT_EQ(less->in_history->event_id, 5);
}

TEST(Steps, ThatAreTooManyAreToldByTheirDetails) {
    History history = test::started("Brief");
    test::add_task(history);
    auto& timer = *test::add(history, test::enums::EVENT_TYPE_TIMER_STARTED)
                       .mutable_timer_started_event_attributes();
    timer.mutable_start_to_fire_timeout()->set_seconds(60);
    timer.set_workflow_task_completed_event_id(4);
    Success commands;
    start_timer(commands, 1);
    commands.add_commands()->mutable_start_timer()->mutable_start_to_fire_timeout()->set_seconds(60
    );
    const auto found = first_difference(steps_of(history), {{4, steps(commands)}});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->in_code->text(), "TimerStarted 1.5s");
}

TEST(Steps, OfATimerThatIsCancelledAtOnceMayBeMissingInTheHistory) {
    Success commands;
    start_timer(commands, 1);
    schedule(commands, 1, "charge");
    cancel_timer(commands, 1);
    EXPECT_FALSE(first_difference(steps_of(charging()), {{4, steps(commands)}}));
}

TEST(Steps, OfATimerThatWasStartedBeforeAreNotMissedWhenItIsCancelled) {
    Success commands;
    schedule(commands, 1, "charge");
    cancel_timer(commands, 1);  // not activity 1
    const auto made = steps(commands);
    ASSERT_EQ(made.size(), 1U);
    EXPECT_FALSE(made[0].optional);
}

TEST(Steps, AfterTheEndComeBeforeItOrNotAtAll) {
    Success commands;
    commands.add_commands()->mutable_complete_workflow_execution();
    start_timer(commands, 1);
    commands.add_commands()->mutable_fail_workflow_execution();
    const auto made = steps(commands);
    ASSERT_EQ(made.size(), 2U) << "the first end counts";
    EXPECT_TRUE(made[0].optional) << "before Core moved it there, it was not sent";
    EXPECT_EQ(made[0].detail, "1.5s");
    EXPECT_EQ(made[1].type, temporal::api::enums::v1::EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED);
}

TEST(Steps, OfLaterActivationsCountNoMoreAfterTheEnd) {
    Success first;
    first.add_commands()->mutable_complete_workflow_execution();
    Success second;
    start_timer(second, 1);
    std::vector<Step> made = steps(first);
    add_steps(second.commands(), {}, made);
    EXPECT_EQ(made.size(), 1U);
}

TEST(Steps, OfTasksThatWereNotReachedAreNoDifference) {
    EXPECT_FALSE(first_difference(steps_of(charging()), {}));
}

}  // namespace
}  // namespace hourglass::testing
