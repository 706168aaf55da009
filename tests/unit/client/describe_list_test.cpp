#include "src/convert/failure_converter.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using std::chrono::system_clock;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Describe, TellsWhatTheServerKnows) {
    FakeServer server;
    service::DescribeWorkflowExecutionResponse response;
    auto& info = *response.mutable_workflow_execution_info();
    info.mutable_execution()->set_workflow_id("order-7");
    info.mutable_execution()->set_run_id("run-1");
    info.mutable_type()->set_name("Checkout");
    info.set_task_queue("default");
    info.set_status(enums::WORKFLOW_EXECUTION_STATUS_RUNNING);
    info.mutable_start_time()->set_seconds(1000);
    info.mutable_execution_time()->set_seconds(1060);
    info.set_history_length(12);
    info.mutable_parent_execution()->set_workflow_id("cart-1");
    info.set_first_run_id("run-0");
    auto& customer = (*info.mutable_search_attributes()->mutable_indexed_fields())["CustomerId"];
    (*customer.mutable_metadata())["encoding"] = "json/plain";
    (*customer.mutable_metadata())["type"] = "Keyword";
    customer.set_data("\"ada\"");
    info.mutable_priority()->set_priority_key(2);
    info.mutable_versioning_info()->mutable_versioning_override()->set_auto_upgrade(true);
    info.mutable_versioning_info()->mutable_deployment_version()->set_build_id("v2");
    response.mutable_workflow_extended_info()->set_reset_run_id("run-9");
    response.mutable_workflow_extended_info()->mutable_pause_info()->set_reason("audit");
    (*(*info.mutable_memo()->mutable_fields())["customer"].mutable_metadata())["encoding"] =
        "json/plain";
    (*info.mutable_memo()->mutable_fields())["customer"].set_data("\"ada\"");
    auto& summary =
        *response.mutable_execution_config()->mutable_user_metadata()->mutable_summary();
    (*summary.mutable_metadata())["encoding"] = "json/plain";
    summary.set_data("\"an order\"");
    auto& pending = *response.add_pending_activities();
    pending.set_activity_id("1");
    pending.mutable_activity_type()->set_name("charge");
    pending.set_state(enums::PENDING_ACTIVITY_STATE_STARTED);
    pending.set_attempt(3);
    pending.set_last_worker_identity("worker@host");
    convert::to_failure(ApplicationError{"card declined"}, pending.mutable_last_failure());
    server.channel->answer(response);

    const WorkflowDescription description = server.client.handle("order-7", "run-1").describe();
    EXPECT_EQ(
        server.channel->request<service::DescribeWorkflowExecutionRequest>(0).execution().run_id(),
        "run-1"
    );
    EXPECT_EQ(description.id, "order-7");
    EXPECT_EQ(description.run_id, "run-1");
    EXPECT_EQ(description.type, "Checkout");
    EXPECT_EQ(description.task_queue, "default");
    EXPECT_EQ(description.status, WorkflowStatus::Running);
    EXPECT_EQ(description.start_time, system_clock::time_point{std::chrono::seconds{1000}});
    EXPECT_EQ(description.execution_time, system_clock::time_point{std::chrono::seconds{1060}});
    EXPECT_EQ(description.close_time, std::nullopt);
    EXPECT_EQ(description.history_length, 12);
    EXPECT_EQ(description.parent_id, "cart-1");
    EXPECT_EQ(description.first_run_id, "run-0");
    EXPECT_EQ(description.search_attributes.get(search_attribute::keyword("CustomerId")), "ada");
    EXPECT_EQ(description.priority.key, 2);
    EXPECT_EQ(description.versioning_override, VersioningOverride::auto_upgrade());
    ASSERT_TRUE(description.deployment_version);
    EXPECT_EQ(description.deployment_version->build_id, "v2");
    EXPECT_EQ(description.reset_run_id, "run-9");
    EXPECT_EQ(description.pause_reason, "audit");
    EXPECT_EQ(from_payload<std::string>(description.memo.at("customer")), "ada");
    EXPECT_EQ(description.static_summary, "an order");
    ASSERT_EQ(description.pending_activities.size(), 1U);
    const PendingActivity& activity = description.pending_activities.front();
    EXPECT_EQ(activity.type, "charge");
    EXPECT_EQ(activity.state, PendingActivityState::Started);
    EXPECT_EQ(activity.attempt, 3);
    EXPECT_EQ(activity.last_started_time, std::nullopt);
    ASSERT_NE(activity.last_failure, nullptr);
    EXPECT_EQ(activity.last_failure->message(), "card declined");
}

TEST(Describe, StatusIsOneCallAway) {
    FakeServer server;
    service::DescribeWorkflowExecutionResponse response;
    response.mutable_workflow_execution_info()->set_status(
        enums::WORKFLOW_EXECUTION_STATUS_TIMED_OUT
    );
    server.channel->answer(response);
    EXPECT_EQ(server.client.handle("order-7").status(), WorkflowStatus::TimedOut);
    EXPECT_EQ(to_text(WorkflowStatus::TimedOut), "TimedOut");
}

service::ListWorkflowExecutionsResponse page(
    const std::vector<std::string>& ids, const std::string& next
) {
    service::ListWorkflowExecutionsResponse response;
    for (const auto& id : ids) {
        response.add_executions()->mutable_execution()->set_workflow_id(id);
    }
    response.set_next_page_token(next);
    return response;
}

std::vector<std::string> ids_of(const WorkflowList& list) {
    std::vector<std::string> ids;
    for (const WorkflowExecution& execution : list) {
        ids.push_back(execution.id);
    }
    return ids;
}

TEST(List, GoesThroughAllPagesAndEmptyOnesToo) {
    FakeServer server;
    server.channel->answer(page({}, "p1"))
        .answer(page({"a", "b"}, "p2"))
        .answer(page({}, "p3"))
        .answer(page({"c"}, ""));
    EXPECT_THAT(
        ids_of(server.client.list_workflows("ExecutionStatus = 'Running'", {.page_size = 2})),
        ElementsAre("a", "b", "c")
    );
    const auto first = server.channel->request<service::ListWorkflowExecutionsRequest>(0);
    EXPECT_EQ(first.query(), "ExecutionStatus = 'Running'");
    EXPECT_EQ(first.page_size(), 2);
    EXPECT_EQ(first.next_page_token(), "");
    EXPECT_EQ(
        server.channel->request<service::ListWorkflowExecutionsRequest>(3).next_page_token(), "p3"
    );
}

TEST(List, FetchesAPageOnlyWhenItIsNeeded) {
    FakeServer server;
    server.channel->answer(page({"a", "b"}, "p2"));
    const WorkflowList list = server.client.list_workflows();
    EXPECT_EQ(server.channel->calls(), 0U);
    for (const WorkflowExecution& execution : list) {
        EXPECT_EQ(execution.id, "a");
        break;
    }
    EXPECT_EQ(server.channel->calls(), 1U);
}

TEST(List, EndsAtItsLimit) {
    FakeServer server;
    server.channel->answer(page({"a", "b"}, "p2")).answer(page({"c", "d"}, "p3"));
    EXPECT_THAT(ids_of(server.client.list_workflows("", {.limit = 3})), ElementsAre("a", "b", "c"));
    EXPECT_EQ(server.channel->calls(), 2U);
    EXPECT_EQ(server.channel->request<service::ListWorkflowExecutionsRequest>(0).page_size(), 3)
        << "no page is longer than the list: its histories may be fetched whole";
    EXPECT_TRUE(ids_of(server.client.list_workflows("", {.limit = 0})).empty());
    EXPECT_EQ(server.channel->calls(), 2U) << "nothing is fetched for nothing";
}

service::GetWorkflowExecutionHistoryResponse history_of(const std::string& id) {
    service::GetWorkflowExecutionHistoryResponse response;
    auto& event = *response.mutable_history()->add_events();
    event.set_event_id(1);
    event.set_event_type(enums::EVENT_TYPE_WORKFLOW_EXECUTION_STARTED);
    event.mutable_workflow_execution_started_event_attributes()->set_workflow_id(id);
    return response;
}

TEST(List, GivesTheHistoriesOfItsExecutionsInOrder) {
    FakeServer server;
    server.channel->answer(page({"a", "b"}, "p2"))
        .answer(history_of("a"))
        .answer(history_of("b"))
        .answer(page({"c"}, ""))
        .answer(history_of("c"));
    std::vector<std::string> ids;
    for (const WorkflowHistory& history : server.client.list_workflows("").histories()) {
        ids.push_back(history.workflow_id());
    }
    EXPECT_THAT(ids, ElementsAre("a", "b", "c"));
    EXPECT_EQ(server.channel->calls(), 5U);
}

TEST(List, SaysWhichHistoryIsGone) {
    FakeServer server;
    server.channel->answer(page({"a"}, "")).fail(RpcCode::NotFound, "deleted");
    const auto error = thrown_by<WorkflowNotFoundError>([&] {
        (void)server.client.list_workflows().histories().begin();
    });
    EXPECT_EQ(error.workflow_id(), "a");
}

TEST(List, OfNothingIsEmpty) {
    FakeServer server;
    server.channel->answer(page({}, ""));
    EXPECT_TRUE(ids_of(server.client.list_workflows()).empty());
}

TEST(List, RefusesAPageSizeThatIsNone) {
    FakeServer server;
    EXPECT_THROW(ids_of(server.client.list_workflows("", {.page_size = 0})), ConfigurationError);
}

TEST(List, TellsWhatIsWrongWithTheQuery) {
    FakeServer server;
    server.channel->fail(RpcCode::InvalidArgument, "invalid query: syntax error");
    const auto error = thrown_by<RpcError>([&] { ids_of(server.client.list_workflows("Oops")); });
    EXPECT_EQ(error.code(), RpcCode::InvalidArgument);
    EXPECT_THAT(error.what(), HasSubstr("list the workflows that match \"Oops\""));
    EXPECT_THAT(error.what(), HasSubstr("syntax error"));
}

TEST(Count, MayBeOfGroups) {
    FakeServer server;
    service::CountWorkflowExecutionsResponse response;
    response.set_count(3);
    auto& group = *response.add_groups();
    group.set_count(2);
    auto& value = *group.add_group_values();
    (*value.mutable_metadata())["encoding"] = "json/plain";
    value.set_data("\"Running\"");
    server.channel->answer(response);
    const Count count = server.client.count_workflows("GROUP BY ExecutionStatus");
    EXPECT_EQ(count.total, 3);
    ASSERT_EQ(count.groups.size(), 1U);
    EXPECT_EQ(count.groups[0].count, 2);
    EXPECT_EQ(count.groups[0].value<std::string>(), "Running");
}

TEST(Count, IsTheServers) {
    FakeServer server;
    service::CountWorkflowExecutionsResponse response;
    response.set_count(17);
    server.channel->answer(response);
    EXPECT_EQ(server.client.count_workflows("WorkflowType = 'Checkout'").total, 17);
}

}  // namespace
}  // namespace hourglass::client
