#include "src/testing/replayable.hpp"

#include "tests/unit/testing/histories.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hourglass::testing {
namespace {

using test::History;
using test::enums::EventType;
using ::testing::HasSubstr;
using ::testing::Optional;

TEST(Replayable, IsAWholeHistory) {
    EXPECT_EQ(why_not_replayable(test::brief("Brief")), std::nullopt);
}

TEST(Replayable, IsNoHistoryWithoutEvents) {
    EXPECT_THAT(why_not_replayable(History{}), Optional(HasSubstr("no events")));
}

TEST(Replayable, IsNoHistoryThatBeginsLater) {
    History history = test::brief("Brief");
    history.mutable_events()->DeleteSubrange(0, 2);
    EXPECT_THAT(
        why_not_replayable(history), Optional(HasSubstr("event 3 (WorkflowTaskStarted) stands"))
    );
}

TEST(Replayable, IsNoHistoryThatLacksEventsInBetween) {
    History history = test::brief("Brief");
    history.mutable_events()->DeleteSubrange(2, 1);
    EXPECT_THAT(why_not_replayable(history), Optional(HasSubstr("where event 3 is expected")));
}

TEST(Replayable, IsNoHistoryWhoseFirstEventIsAnother) {
    History history;
    test::add_task(history);
    EXPECT_THAT(why_not_replayable(history), Optional(HasSubstr("WorkflowExecutionStarted")));
}

TEST(Replayable, IsNoHistoryWhoseEventsLackTheirAttributes) {
    History history = test::brief("Brief");
    history.mutable_events(4)->clear_attributes();
    EXPECT_THAT(
        why_not_replayable(history),
        Optional(HasSubstr("event 5 (WorkflowExecutionCompleted) has no attributes"))
    );
    history.mutable_events(4)->mutable_timer_started_event_attributes();
    EXPECT_THAT(why_not_replayable(history), Optional(HasSubstr("event 5")));
}

TEST(Replayable, NeedsWhatTheWorkflowIsMadeOf) {
    const auto without = [](auto remove) {
        History history = test::brief("Brief");
        remove(*history.mutable_events(0)->mutable_workflow_execution_started_event_attributes());
        return why_not_replayable(history);
    };
    EXPECT_THAT(
        without([](auto& started) { started.clear_workflow_type(); }),
        Optional(HasSubstr("workflow type"))
    );
    EXPECT_THAT(
        without([](auto& started) { started.clear_task_queue(); }),
        Optional(HasSubstr("task queue"))
    );
    EXPECT_THAT(
        without([](auto& started) { started.clear_original_execution_run_id(); }),
        Optional(HasSubstr("originalExecutionRunId"))
    );
}

TEST(Replayable, EveryTypeOfEventIsKnownByItsAttributes) {
    // The names of types and attributes agree but for none: else a good history would be refused.
    const auto& types = *test::enums::EventType_descriptor();
    for (int index = 0; index < types.value_count(); ++index) {
        const int number = types.value(index)->number();
        if (number == 0) {
            continue;
        }
        std::string name = types.value(index)->name().substr(sizeof("EVENT_TYPE_") - 1);
        for (char& c : name) {
            c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
        const auto* field =
            test::HistoryEvent::descriptor()->FindFieldByName(name + "_event_attributes");
        ASSERT_NE(field, nullptr) << name;
        History history = test::started("Brief");
        auto& event = test::add(history, static_cast<EventType>(number));
        event.GetReflection()->MutableMessage(&event, field);
        EXPECT_EQ(why_not_replayable(history), std::nullopt) << name;
    }
}

}  // namespace
}  // namespace hourglass::testing
