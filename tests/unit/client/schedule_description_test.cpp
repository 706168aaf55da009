#include "hourglass/client/schedule.hpp"
#include "tests/unit/client/schedules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using namespace std::chrono_literals;
using testing::ElementsAre;
using Time = ScheduleTime;

struct ADescribedSchedule : ScheduleTest {};
struct AListedSchedule : ScheduleTest {};

template <class Fields>
void add_json(Fields& fields, const std::string& name, const std::string& json) {
    (*fields[name].mutable_metadata())["encoding"] = "json/plain";
    fields[name].set_data(json);
}

TEST_F(ADescribedSchedule, HasAllThatTheServerTells) {
    service::DescribeScheduleResponse response;
    *response.mutable_schedule() = to_proto("nightly", nightly());
    auto& info = *response.mutable_info();
    info.set_action_count(7);
    info.set_missed_catchup_window(1);
    info.set_overlap_skipped(2);
    info.set_buffer_dropped(3);
    info.set_buffer_size(4);
    auto& running = *info.add_running_workflows();
    running.set_workflow_id("nightly-2024");
    running.set_run_id("run-2");
    auto& action = *info.add_recent_actions();
    action.mutable_schedule_time()->set_seconds(100);
    action.mutable_actual_time()->set_seconds(101);
    action.mutable_start_workflow_result()->set_workflow_id("nightly-2023");
    action.mutable_start_workflow_result()->set_run_id("run-1");
    action.set_start_workflow_status(enums::WORKFLOW_EXECUTION_STATUS_COMPLETED);
    info.add_future_action_times()->set_seconds(200);
    info.mutable_create_time()->set_seconds(50);
    info.mutable_update_time()->set_seconds(60);
    add_json(*response.mutable_memo()->mutable_fields(), "who", "\"ada\"");
    add_json(*response.mutable_search_attributes()->mutable_indexed_fields(), "Cents", "7");
    response.set_conflict_token("token-1");
    server.channel->answer(response);
    const ScheduleDescription description = server.client.schedule("nightly").describe();
    EXPECT_EQ(description.id, "nightly");
    EXPECT_EQ(description.schedule, nightly());
    EXPECT_EQ(description.actions, 7);
    EXPECT_EQ(description.actions_missed_catchup_window, 1);
    EXPECT_EQ(description.actions_skipped_for_overlap, 2);
    EXPECT_EQ(description.actions_dropped_from_buffer, 3);
    EXPECT_EQ(description.buffered_actions, 4);
    EXPECT_EQ(description.running.at(0).workflow_id, "nightly-2024");
    EXPECT_EQ(description.running.at(0).first_execution_run_id, "run-2");
    EXPECT_EQ(description.recent_actions.at(0).scheduled_at, Time{100s});
    EXPECT_EQ(description.recent_actions.at(0).started_at, Time{101s});
    EXPECT_EQ(description.recent_actions.at(0).workflow_id, "nightly-2023");
    EXPECT_EQ(description.recent_actions.at(0).first_execution_run_id, "run-1");
    EXPECT_EQ(description.recent_actions.at(0).status, WorkflowStatus::Completed);
    EXPECT_THAT(description.next_action_times, ElementsAre(Time{200s}));
    EXPECT_EQ(description.created_at, Time{50s});
    EXPECT_EQ(description.updated_at, Time{60s});
    EXPECT_EQ(from_payload<std::string>(description.memo.at("who")), "ada");
    EXPECT_EQ(description.search_attributes.get(search_attribute::integer("Cents")), 7);
    EXPECT_EQ(description.conflict_token, "token-1");
}

TEST_F(ADescribedSchedule, ThatWasNeverUpdatedHasNoTimeOfIt) {
    will_describe(to_proto("nightly", nightly()));
    const ScheduleDescription description = server.client.schedule("nightly").describe();
    EXPECT_EQ(description.updated_at, std::nullopt);
    EXPECT_TRUE(description.running.empty());
    EXPECT_TRUE(description.memo.empty());
}

TEST_F(AListedSchedule, HasAllThatTheServerTells) {
    service::ListSchedulesResponse page;
    auto& sent = *page.add_schedules();
    sent.set_schedule_id("nightly");
    sent.mutable_info()->mutable_workflow_type()->set_name("Checkout");
    *sent.mutable_info()->mutable_spec() = to_proto("nightly", nightly()).spec();
    sent.mutable_info()->set_paused(true);
    sent.mutable_info()->set_notes("audit");
    auto& action = *sent.mutable_info()->add_recent_actions();
    action.mutable_schedule_time()->set_seconds(100);
    action.mutable_actual_time()->set_seconds(101);
    action.mutable_start_workflow_result()->set_workflow_id("nightly-2023");
    action.mutable_start_workflow_result()->set_run_id("run-1");
    action.set_start_workflow_status(enums::WORKFLOW_EXECUTION_STATUS_FAILED);
    sent.mutable_info()->add_future_action_times()->set_seconds(200);
    add_json(*sent.mutable_memo()->mutable_fields(), "who", "\"ada\"");
    add_json(*sent.mutable_search_attributes()->mutable_indexed_fields(), "Cents", "7");
    server.channel->answer(page);
    const auto list = server.client.list_schedules();
    const ScheduleListEntry entry = *list.begin();
    EXPECT_EQ(entry.id, "nightly");
    EXPECT_EQ(entry.workflow_type, "Checkout");
    EXPECT_EQ(entry.spec, nightly().spec);
    EXPECT_TRUE(entry.paused);
    EXPECT_EQ(entry.note, "audit");
    ASSERT_EQ(entry.recent_actions.size(), 1U);
    EXPECT_EQ(entry.recent_actions[0].scheduled_at, Time{100s});
    EXPECT_EQ(entry.recent_actions[0].started_at, Time{101s});
    EXPECT_EQ(entry.recent_actions[0].workflow_id, "nightly-2023");
    EXPECT_EQ(entry.recent_actions[0].first_execution_run_id, "run-1");
    EXPECT_EQ(entry.recent_actions[0].status, WorkflowStatus::Failed);
    EXPECT_THAT(entry.next_action_times, ElementsAre(Time{200s}));
    EXPECT_EQ(from_payload<std::string>(entry.memo.at("who")), "ada");
    EXPECT_EQ(entry.search_attributes.get(search_attribute::integer("Cents")), 7);
}

TEST_F(AListedSchedule, ComesPageByPageAndIsCounted) {
    service::ListSchedulesResponse first;
    auto& entry = *first.add_schedules();
    entry.set_schedule_id("nightly");
    entry.mutable_info()->mutable_workflow_type()->set_name("Checkout");
    entry.mutable_info()->set_paused(true);
    entry.mutable_info()->set_notes("n");
    first.set_next_page_token("p2");
    service::ListSchedulesResponse second;
    second.add_schedules()->set_schedule_id("weekly");
    server.channel->answer(first).answer(second);
    std::vector<std::string> ids;
    for (const auto& each : server.client.list_schedules("TemporalScheduleSpec = 'x'")) {
        ids.push_back(each.id + (each.paused ? " paused" : "") + each.workflow_type + each.note);
    }
    EXPECT_THAT(ids, ElementsAre("nightly pausedCheckoutn", "weekly"));
    EXPECT_EQ(server.channel->request<service::ListSchedulesRequest>(1).next_page_token(), "p2");
    service::CountSchedulesResponse count;
    count.set_count(2);
    server.channel->answer(count);
    EXPECT_EQ(server.client.count_schedules().total, 2);
}

}  // namespace
}  // namespace hourglass::client
