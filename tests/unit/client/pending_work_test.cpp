#include "hourglass/client/pending_work.hpp"

#include "src/convert/failure_converter.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gtest/gtest.h>

#include <chrono>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using namespace std::chrono_literals;
using Time = std::chrono::system_clock::time_point;

struct ADescribedWorkflow : testing::Test {
    FakeServer server;
    service::DescribeWorkflowExecutionResponse response;

    WorkflowDescription described() {
        server.channel->answer(response);
        return server.client.handle("order-7").describe();
    }
};

TEST_F(ADescribedWorkflow, TellsItsTimeoutsAndWhenTheyHavePassed) {
    auto& config = *response.mutable_execution_config();
    config.mutable_workflow_execution_timeout()->set_seconds(100);
    config.mutable_workflow_run_timeout()->set_seconds(50);
    config.mutable_default_workflow_task_timeout()->set_seconds(10);
    auto& extended = *response.mutable_workflow_extended_info();
    extended.mutable_execution_expiration_time()->set_seconds(1100);
    extended.mutable_run_expiration_time()->set_seconds(1050);
    extended.mutable_last_reset_time()->set_seconds(1010);
    extended.mutable_original_start_time()->set_seconds(1000);
    const WorkflowDescription description = described();
    EXPECT_EQ(description.execution_timeout, 100s);
    EXPECT_EQ(description.run_timeout, 50s);
    EXPECT_EQ(description.task_timeout, 10s);
    EXPECT_EQ(description.execution_expiration_time, Time{1100s});
    EXPECT_EQ(description.run_expiration_time, Time{1050s});
    EXPECT_EQ(description.last_reset_time, Time{1010s});
    EXPECT_EQ(description.original_start_time, Time{1000s});
}

TEST_F(ADescribedWorkflow, HasNoneOfWhatTheServerDoesNotTell) {
    response.mutable_execution_config()->mutable_workflow_run_timeout();  // 0 is none
    const WorkflowDescription description = described();
    EXPECT_EQ(description.execution_timeout, std::nullopt);
    EXPECT_EQ(description.run_timeout, std::nullopt);
    EXPECT_EQ(description.run_expiration_time, std::nullopt);
    EXPECT_EQ(description.last_reset_time, std::nullopt);
    EXPECT_FALSE(description.pending_workflow_task);
    EXPECT_TRUE(description.pending_children.empty());
    EXPECT_TRUE(description.pending_nexus_operations.empty());
    EXPECT_TRUE(description.callbacks.empty());
}

TEST_F(ADescribedWorkflow, TellsItsChildrenAndItsWorkflowTask) {
    auto& child = *response.add_pending_children();
    child.set_workflow_id("parcel-7");
    child.set_run_id("run-2");
    child.set_workflow_type_name("Parcel");
    child.set_initiated_id(5);
    child.set_parent_close_policy(enums::PARENT_CLOSE_POLICY_REQUEST_CANCEL);
    auto& task = *response.mutable_pending_workflow_task();
    task.set_state(enums::PENDING_WORKFLOW_TASK_STATE_STARTED);
    task.set_attempt(3);
    task.mutable_scheduled_time()->set_seconds(20);
    task.mutable_original_scheduled_time()->set_seconds(10);
    task.mutable_started_time()->set_seconds(30);
    const WorkflowDescription description = described();
    ASSERT_EQ(description.pending_children.size(), 1U);
    const PendingChild& parcel = description.pending_children[0];
    EXPECT_EQ(parcel.id, "parcel-7");
    EXPECT_EQ(parcel.run_id, "run-2");
    EXPECT_EQ(parcel.type, "Parcel");
    EXPECT_EQ(parcel.initiated_event_id, 5);
    EXPECT_EQ(parcel.parent_close_policy, ParentClosePolicy::RequestCancel);
    ASSERT_TRUE(description.pending_workflow_task);
    EXPECT_EQ(description.pending_workflow_task->state, PendingWorkflowTaskState::Started);
    EXPECT_EQ(to_text(description.pending_workflow_task->state), "Started");
    EXPECT_EQ(description.pending_workflow_task->attempt, 3);
    EXPECT_EQ(description.pending_workflow_task->scheduled_time, Time{20s});
    EXPECT_EQ(description.pending_workflow_task->original_scheduled_time, Time{10s});
    EXPECT_EQ(description.pending_workflow_task->started_time, Time{30s});
}

TEST_F(ADescribedWorkflow, TellsItsNexusOperations) {
    auto& sent = *response.add_pending_nexus_operations();
    sent.set_endpoint("shop");
    sent.set_service("Quotes");
    sent.set_operation("quote");
    sent.set_scheduled_event_id(6);
    sent.set_state(enums::PENDING_NEXUS_OPERATION_STATE_BACKING_OFF);
    sent.set_attempt(2);
    sent.mutable_schedule_to_close_timeout()->set_seconds(60);
    sent.mutable_schedule_to_start_timeout()->set_seconds(20);
    sent.mutable_start_to_close_timeout()->set_seconds(30);
    sent.mutable_scheduled_time()->set_seconds(100);
    sent.mutable_last_attempt_complete_time()->set_seconds(110);
    sent.mutable_next_attempt_schedule_time()->set_seconds(120);
    convert::to_failure(ApplicationError{"no stock"}, sent.mutable_last_attempt_failure());
    sent.set_blocked_reason("the circuit breaker is open");
    sent.set_operation_token("token");
    auto& cancellation = *sent.mutable_cancellation_info();
    cancellation.set_state(enums::NEXUS_OPERATION_CANCELLATION_STATE_FAILED);
    cancellation.set_attempt(4);
    convert::to_failure(ApplicationError{"too late"}, cancellation.mutable_last_attempt_failure());
    response.add_pending_nexus_operations()->set_operation("other");
    const WorkflowDescription description = described();
    ASSERT_EQ(description.pending_nexus_operations.size(), 2U);
    const PendingNexusOperation& quote = description.pending_nexus_operations[0];
    EXPECT_EQ(quote.endpoint, "shop");
    EXPECT_EQ(quote.service, "Quotes");
    EXPECT_EQ(quote.operation, "quote");
    EXPECT_EQ(quote.scheduled_event_id, 6);
    EXPECT_EQ(quote.state, PendingNexusOperationState::BackingOff);
    EXPECT_EQ(quote.attempt, 2);
    EXPECT_EQ(quote.schedule_to_close_timeout, 60s);
    EXPECT_EQ(quote.schedule_to_start_timeout, 20s);
    EXPECT_EQ(quote.start_to_close_timeout, 30s);
    EXPECT_EQ(quote.scheduled_time, Time{100s});
    EXPECT_EQ(quote.last_attempt_time, Time{110s});
    EXPECT_EQ(quote.next_attempt_time, Time{120s});
    ASSERT_NE(quote.last_failure, nullptr);
    EXPECT_EQ(quote.last_failure->message(), "no stock");
    EXPECT_EQ(quote.blocked_reason, "the circuit breaker is open");
    EXPECT_EQ(quote.operation_token, "token");
    ASSERT_TRUE(quote.cancellation);
    EXPECT_EQ(quote.cancellation->state, NexusCancellationState::Failed);
    EXPECT_EQ(quote.cancellation->attempt, 4);
    ASSERT_NE(quote.cancellation->last_failure, nullptr);
    EXPECT_EQ(quote.cancellation->last_failure->message(), "too late");
    EXPECT_FALSE(description.pending_nexus_operations[1].cancellation);
}

TEST_F(ADescribedWorkflow, TellsWhoIsCalledBack) {
    auto& sent = *response.add_callbacks();
    sent.mutable_callback()->mutable_nexus()->set_url("http://caller/callback");
    sent.mutable_trigger()->mutable_workflow_closed();
    sent.mutable_registration_time()->set_seconds(10);
    sent.set_state(enums::CALLBACK_STATE_BACKING_OFF);
    sent.set_attempt(2);
    sent.mutable_last_attempt_complete_time()->set_seconds(20);
    sent.mutable_next_attempt_schedule_time()->set_seconds(30);
    convert::to_failure(ApplicationError{"away"}, sent.mutable_last_attempt_failure());
    sent.set_blocked_reason("the circuit breaker is open");
    response.add_callbacks()
        ->mutable_trigger()
        ->mutable_update_workflow_execution_completed()
        ->set_update_id("u-1");
    const WorkflowDescription description = described();
    ASSERT_EQ(description.callbacks.size(), 2U);
    const WorkflowCallback& callback = description.callbacks[0];
    EXPECT_EQ(callback.url, "http://caller/callback");
    EXPECT_EQ(callback.update_id, "");
    EXPECT_EQ(callback.registered_at, Time{10s});
    EXPECT_EQ(callback.state, CallbackState::BackingOff);
    EXPECT_EQ(to_text(callback.state), "BackingOff");
    EXPECT_EQ(callback.attempt, 2);
    EXPECT_EQ(callback.last_attempt_time, Time{20s});
    EXPECT_EQ(callback.next_attempt_time, Time{30s});
    ASSERT_NE(callback.last_failure, nullptr);
    EXPECT_EQ(callback.last_failure->message(), "away");
    EXPECT_EQ(callback.blocked_reason, "the circuit breaker is open");
    EXPECT_EQ(description.callbacks[1].update_id, "u-1");
    EXPECT_EQ(description.callbacks[1].registered_at, std::nullopt);
}

}  // namespace
}  // namespace hourglass::client
