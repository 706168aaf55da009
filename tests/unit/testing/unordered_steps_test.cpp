#include "src/testing/unordered_steps.hpp"

#include "tests/unit/testing/histories.hpp"

#include "temporal/sdk/core/workflow_completion/workflow_completion.pb.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::testing {
namespace {

namespace enums = temporal::api::enums::v1;
using coresdk::workflow_completion::Success;
using temporal::api::history::v1::HistoryEvent;
using test::History;

constexpr std::int64_t kFirstTask = 4;

/// A history whose first task began one of everything, and whose second task was completed by event
/// `second`.
struct Everything {
    Everything() {
        activity = add(enums::EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, [](HistoryEvent& event) {
            auto& attributes = *event.mutable_activity_task_scheduled_event_attributes();
            attributes.mutable_activity_type()->set_name("charge");
            attributes.set_workflow_task_completed_event_id(kFirstTask);
        });
        timer = add(enums::EVENT_TYPE_TIMER_STARTED, [](HistoryEvent& event) {
            auto& attributes = *event.mutable_timer_started_event_attributes();
            attributes.mutable_start_to_fire_timeout()->set_seconds(30);
            attributes.set_workflow_task_completed_event_id(kFirstTask);
        });
        operation = add(enums::EVENT_TYPE_NEXUS_OPERATION_SCHEDULED, [](HistoryEvent& event) {
            auto& attributes = *event.mutable_nexus_operation_scheduled_event_attributes();
            attributes.set_operation("greet");
            attributes.set_workflow_task_completed_event_id(kFirstTask);
        });
        test::add_task(history);
        second = history.events_size();
    }
    std::int64_t add(enums::EventType type, const std::function<void(HistoryEvent&)>& fill) {
        fill(test::add(history, type));
        return history.events_size();
    }

    History history = [] {
        History made = test::started("Brief");
        test::add_task(made);
        return made;
    }();
    std::int64_t activity = 0;
    std::int64_t timer = 0;
    std::int64_t operation = 0;
    std::int64_t second = 0;
};

/// What the code asks for in the first task of Everything.
Success beginnings(bool abandon) {
    Success commands;
    auto& activity = *commands.add_commands()->mutable_schedule_activity();
    activity.set_seq(1);
    activity.set_activity_type("charge");
    commands.add_commands()->mutable_start_timer()->set_seq(1);
    commands.mutable_commands(1)
        ->mutable_start_timer()
        ->mutable_start_to_fire_timeout()
        ->set_seconds(30);
    auto& operation = *commands.add_commands()->mutable_schedule_nexus_operation();
    operation.set_seq(1);
    operation.set_operation("greet");
    auto& child = *commands.add_commands()->mutable_start_child_workflow_execution();
    child.set_seq(1);
    child.set_workflow_id("child-1");
    child.set_cancellation_type(coresdk::child_workflow::TRY_CANCEL);
    if (abandon) {
        activity.set_cancellation_type(coresdk::workflow_commands::ABANDON);
        operation.set_cancellation_type(coresdk::nexus::ABANDON);
        child.set_cancellation_type(coresdk::child_workflow::ABANDON);
    }
    return commands;
}

/// One thing that a history and the code have, each in its own form.
struct Kind {
    std::string text;
    std::function<void(Everything&)> record;
    std::function<void(Success&)> ask;
};

std::vector<Kind> cancels() {
    return {
        {"ActivityTaskCancelRequested 'charge'",
         [](Everything& all) {
             all.add(enums::EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED, [&](HistoryEvent& event) {
                 auto& attributes =
                     *event.mutable_activity_task_cancel_requested_event_attributes();
                 attributes.set_scheduled_event_id(all.activity);
                 attributes.set_workflow_task_completed_event_id(all.second);
             });
         },
         [](Success& commands) {
             commands.add_commands()->mutable_request_cancel_activity()->set_seq(1);
         }},
        {"NexusOperationCancelRequested 'greet'",
         [](Everything& all) {
             all.add(enums::EVENT_TYPE_NEXUS_OPERATION_CANCEL_REQUESTED, [&](HistoryEvent& event) {
                 auto& attributes =
                     *event.mutable_nexus_operation_cancel_requested_event_attributes();
                 attributes.set_scheduled_event_id(all.operation);
                 attributes.set_workflow_task_completed_event_id(all.second);
             });
         },
         [](Success& commands) {
             commands.add_commands()->mutable_request_cancel_nexus_operation()->set_seq(1);
         }},
        {"RequestCancelExternalWorkflowExecutionInitiated 'child-1'",
         [](Everything& all) {
             all.add(
                 enums::EVENT_TYPE_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED,
                 [&](HistoryEvent& event) {
                     auto& attributes =
                         *event
                              .mutable_request_cancel_external_workflow_execution_initiated_event_attributes(
                              );
                     attributes.set_child_workflow_only(true);
                     attributes.mutable_workflow_execution()->set_workflow_id("child-1");
                     attributes.set_workflow_task_completed_event_id(all.second);
                 }
             );
         },
         [](Success& commands) {
             commands.add_commands()
                 ->mutable_cancel_child_workflow_execution()
                 ->set_child_workflow_seq(1);
         }},
    };
}

Kind cancelled_timer() {
    return {
        "TimerCanceled 30s",
        [](Everything& all) {
            all.add(enums::EVENT_TYPE_TIMER_CANCELED, [&](HistoryEvent& event) {
                auto& attributes = *event.mutable_timer_canceled_event_attributes();
                attributes.set_started_event_id(all.timer);
                attributes.set_workflow_task_completed_event_id(all.second);
            });
        },
        [](Success& commands) { commands.add_commands()->mutable_cancel_timer()->set_seq(1); }
    };
}

std::vector<Kind> changes() {
    return {
        {"WorkflowPropertiesModified",
         [](Everything& all) {
             all.add(enums::EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED, [&](HistoryEvent& event) {
                 event.mutable_workflow_properties_modified_event_attributes()
                     ->set_workflow_task_completed_event_id(all.second);
             });
         },
         [](Success& commands) { commands.add_commands()->mutable_modify_workflow_properties(); }},
        {"UpsertWorkflowSearchAttributes",
         [](Everything& all) {
             all.add(enums::EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES, [&](HistoryEvent& event) {
                 event.mutable_upsert_workflow_search_attributes_event_attributes()
                     ->set_workflow_task_completed_event_id(all.second);
             });
         },
         [](Success& commands) {
             commands.add_commands()->mutable_upsert_workflow_search_attributes();
         }},
    };
}

std::vector<Kind> all_kinds() {
    auto kinds = cancels();
    kinds.push_back(cancelled_timer());
    for (auto& kind : changes()) {
        kinds.push_back(std::move(kind));
    }
    return kinds;
}

void record_marker(
    Everything& all, const std::string& name, const std::string& key, const std::string& details
) {
    all.add(enums::EVENT_TYPE_MARKER_RECORDED, [&](HistoryEvent& event) {
        auto& attributes = *event.mutable_marker_recorded_event_attributes();
        attributes.set_marker_name(name);
        (*attributes.mutable_details())[key].add_payloads()->set_data(details);
        attributes.set_workflow_task_completed_event_id(all.second);
    });
}

const workflow::CommandPlace kPlace = workflow::CommandPlace::current();

UnorderedSteps code(const Everything& all, const Success& second, bool abandon = false) {
    UnorderedSteps made;
    made.add(beginnings(abandon).commands(), {}, kFirstTask);
    made.add(second.commands(), {kPlace}, all.second);
    return made;
}

std::optional<Difference> difference(const Everything& all, const UnorderedSteps& code) {
    return UnorderedSteps::first_difference(UnorderedSteps{all.history}, code, 0);
}

TEST(UnorderedSteps, ThatBothHaveAreNoDifference) {
    Everything all;
    Success asked;
    for (const Kind& kind : all_kinds()) {
        kind.record(all);
    }
    const auto kinds = all_kinds();
    for (auto kind = kinds.rbegin(); kind != kinds.rend(); ++kind) {
        kind->ask(asked);  // in another order
    }
    EXPECT_FALSE(difference(all, code(all, asked)));
}

TEST(UnorderedSteps, OfTheHistoryAloneAreShownWithTheirEvent) {
    for (const Kind& kind : all_kinds()) {
        Everything all;
        kind.record(all);
        const auto found = difference(all, code(all, {}));
        ASSERT_TRUE(found) << kind.text;
        EXPECT_EQ(found->in_history->text(), kind.text);
        EXPECT_EQ(found->in_history->event_id, all.history.events_size());
        EXPECT_FALSE(found->in_code);
        EXPECT_EQ(found->task_completed_id, all.second);
    }
}

TEST(UnorderedSteps, OfTheCodeAloneAreShownWithTheirPlace) {
    for (const Kind& kind : all_kinds()) {
        const Everything all;
        Success asked;
        kind.ask(asked);
        const auto found = difference(all, code(all, asked));
        ASSERT_TRUE(found) << kind.text;
        EXPECT_FALSE(found->in_history);
        EXPECT_EQ(found->in_code->text(), kind.text);
        EXPECT_EQ(found->in_code->place.line(), kPlace.line());
    }
}

TEST(UnorderedSteps, OfTasksBeforeAreLeftOut) {
    Everything all;
    cancelled_timer().record(all);
    EXPECT_FALSE(
        UnorderedSteps::first_difference(UnorderedSteps{all.history}, code(all, {}), all.second + 1)
    );
}

TEST(UnorderedSteps, ARequestToCancelWhatIsAbandonedLeavesNoEvent) {
    for (const Kind& kind : cancels()) {
        const Everything all;
        Success asked;
        kind.ask(asked);
        EXPECT_FALSE(difference(all, code(all, asked, true))) << kind.text;
    }
}

TEST(UnorderedSteps, ARequestToCancelWhatTheSameTaskBeganLeavesNoEvent) {
    const Everything all;
    UnorderedSteps made;
    Success first = beginnings(false);
    for (const Kind& kind : cancels()) {
        kind.ask(first);
    }
    cancelled_timer().ask(first);
    made.add(first.commands(), {}, kFirstTask);
    EXPECT_FALSE(difference(all, made));
}

TEST(UnorderedSteps, APatchIsADifferenceWhereTheHistoryNeedsItAlone) {
    Success patched;
    patched.add_commands()->mutable_set_patch_marker()->set_patch_id("faster");
    {
        const Everything older;
        EXPECT_FALSE(difference(older, code(older, patched)));
    }
    Everything all;
    record_marker(all, "core_patch", "patch-data", R"({"id":"faster","deprecated":false})");
    EXPECT_FALSE(difference(all, code(all, patched)));
    const auto found = difference(all, code(all, {}));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->in_history->text(), "MarkerRecorded of patch 'faster'");

    Everything deprecated;
    record_marker(deprecated, "core_patch", "patch-data", R"({"id":"faster","deprecated":true})");
    EXPECT_FALSE(difference(deprecated, code(deprecated, {})));
}

TEST(UnorderedSteps, PatchesOfOlderCoresAreInPlainBytes) {
    Everything all;
    all.add(enums::EVENT_TYPE_MARKER_RECORDED, [&](HistoryEvent& event) {
        auto& attributes = *event.mutable_marker_recorded_event_attributes();
        attributes.set_marker_name("core_patch");
        (*attributes.mutable_details())["patch_id"].add_payloads()->set_data("faster");
        (*attributes.mutable_details())["deprecated"].add_payloads()->set_data(std::string(1, '\0')
        );
        attributes.set_workflow_task_completed_event_id(all.second);
    });
    Success patched;
    patched.add_commands()->mutable_set_patch_marker()->set_patch_id("faster");
    EXPECT_FALSE(difference(all, code(all, patched)));
    ASSERT_TRUE(difference(all, code(all, {})));
    EXPECT_EQ(
        difference(all, code(all, {}))->in_history->text(), "MarkerRecorded of patch 'faster'"
    );
}

TEST(UnorderedSteps, LocalActivitiesOfTasksThatTheCodeDidNotReachAreNoDifference) {
    Everything all;
    record_marker(all, "core_local_activity", "data", R"({"seq":1,"activity_type":"charge"})");
    UnorderedSteps first;
    first.add(beginnings(false).commands(), {}, kFirstTask);
    EXPECT_FALSE(UnorderedSteps::first_local_difference(UnorderedSteps{all.history}, first));
}

TEST(UnorderedSteps, ThatCoreMakesForPatchesAreNone) {
    Everything all;
    all.add(enums::EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES, [&](HistoryEvent& event) {
        auto& attributes = *event.mutable_upsert_workflow_search_attributes_event_attributes();
        (*attributes.mutable_search_attributes()->mutable_indexed_fields()
        )["TemporalChangeVersion"];
        attributes.set_workflow_task_completed_event_id(all.second);
    });
    EXPECT_FALSE(difference(all, code(all, {})));
}

TEST(UnorderedSteps, LocalActivitiesAreComparedByTheirNumbers) {
    Everything all;
    record_marker(all, "core_local_activity", "data", R"({"seq":1,"activity_type":"charge"})");
    record_marker(all, "core_local_activity", "data", R"({"seq":2,"activity_type":"ship"})");
    const UnorderedSteps recorded{all.history};
    const auto local = [](Success& commands, std::uint32_t seq, const std::string& type) {
        auto& activity = *commands.add_commands()->mutable_schedule_local_activity();
        activity.set_seq(seq);
        activity.set_activity_type(type);
    };
    Success same;
    local(same, 2, "ship");  // the order in which they end is another matter
    local(same, 1, "charge");
    EXPECT_FALSE(UnorderedSteps::first_local_difference(recorded, code(all, same)));

    Success other;
    local(other, 1, "charge");
    local(other, 2, "fly");
    auto found = UnorderedSteps::first_local_difference(recorded, code(all, other));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->in_history->text(), "MarkerRecorded of local activity 'ship'");
    EXPECT_EQ(found->in_code->text(), "MarkerRecorded of local activity 'fly'");

    Success less;
    local(less, 1, "charge");
    found = UnorderedSteps::first_local_difference(recorded, code(all, less));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->in_history->identity, "ship");
    EXPECT_FALSE(found->in_code);

    local(same, 3, "more");
    found = UnorderedSteps::first_local_difference(recorded, code(all, same));
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->in_history);
    EXPECT_EQ(found->in_code->identity, "more");
}

TEST(UnorderedSteps, ThatAreGarbledDoNoHarm) {
    Everything all;
    record_marker(all, "core_local_activity", "data", "{");
    record_marker(all, "core_patch", "patch-data", R"([1])");
    all.add(enums::EVENT_TYPE_TIMER_CANCELED, [](HistoryEvent& event) {
        event.mutable_timer_canceled_event_attributes()->set_started_event_id(1'000'000);
    });
    all.add(enums::EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED, [](HistoryEvent& event) {
        event.mutable_activity_task_cancel_requested_event_attributes()->set_scheduled_event_id(-1);
    });
    EXPECT_FALSE(difference(all, code(all, {})));
    EXPECT_FALSE(UnorderedSteps::first_local_difference(UnorderedSteps{all.history}, code(all, {}))
    );
}

}  // namespace
}  // namespace hourglass::testing
