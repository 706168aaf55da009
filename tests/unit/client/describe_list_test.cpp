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
        ids_of(server.client.list("ExecutionStatus = 'Running'", {.page_size = 2})),
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
    const WorkflowList list = server.client.list();
    EXPECT_EQ(server.channel->calls(), 0U);
    for (const WorkflowExecution& execution : list) {
        EXPECT_EQ(execution.id, "a");
        break;
    }
    EXPECT_EQ(server.channel->calls(), 1U);
}

TEST(List, OfNothingIsEmpty) {
    FakeServer server;
    server.channel->answer(page({}, ""));
    EXPECT_TRUE(ids_of(server.client.list()).empty());
}

TEST(List, RefusesAPageSizeThatIsNone) {
    FakeServer server;
    EXPECT_THROW(ids_of(server.client.list("", {.page_size = 0})), ConfigurationError);
}

TEST(List, TellsWhatIsWrongWithTheQuery) {
    FakeServer server;
    server.channel->fail(RpcCode::InvalidArgument, "invalid query: syntax error");
    const auto error = thrown_by<RpcError>([&] { ids_of(server.client.list("Oops")); });
    EXPECT_EQ(error.code(), RpcCode::InvalidArgument);
    EXPECT_THAT(error.what(), HasSubstr("list the workflows that match \"Oops\""));
    EXPECT_THAT(error.what(), HasSubstr("syntax error"));
}

TEST(Count, IsTheServers) {
    FakeServer server;
    service::CountWorkflowExecutionsResponse response;
    response.set_count(17);
    server.channel->answer(response);
    EXPECT_EQ(server.client.count("WorkflowType = 'Checkout'"), 17);
}

}  // namespace
}  // namespace hourglass::client
