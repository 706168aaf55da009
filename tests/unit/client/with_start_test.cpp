#include "hourglass/client/with_start.hpp"

#include "tests/unit/client/checkout.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/errordetails/v1/message.pb.h"
#include "temporal/api/failure/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
namespace errordetails = temporal::api::errordetails::v1;
using shop::Checkout;
using testing::HasSubstr;

struct TogetherWithAStart : testing::Test {
    FakeServer server;
    WithStart<&Checkout::run> start =
        with_start<&Checkout::run>({.id = "order-7", .priority = {.key = 1}}, "ada", 1999);

    static service::ExecuteMultiOperationResponse both(
        enums::UpdateWorkflowExecutionLifecycleStage stage
    ) {
        service::ExecuteMultiOperationResponse response;
        auto& started = *response.add_responses()->mutable_start_workflow();
        started.set_run_id("run-1");
        started.set_started(true);
        auto& updated = *response.add_responses()->mutable_update_workflow();
        updated.set_stage(stage);
        updated.mutable_update_ref()->mutable_workflow_execution()->set_run_id("run-1");
        return response;
    }
    static service::ExecuteMultiOperationResponse completed(const std::string& json) {
        auto response = both(enums::UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED);
        auto& payload = *response.mutable_responses(1)
                             ->mutable_update_workflow()
                             ->mutable_outcome()
                             ->mutable_success()
                             ->add_payloads();
        (*payload.mutable_metadata())["encoding"] = "json/plain";
        payload.set_data(json);
        return response;
    }
};

TEST_F(TogetherWithAStart, ASignalIsOneCall) {
    service::SignalWithStartWorkflowExecutionResponse response;
    response.set_run_id("run-1");
    response.set_started(true);
    server.channel->answer(response);
    const auto order = server.client.signal_with_start<&Checkout::approve>(start, "ada");
    EXPECT_EQ(server.channel->call_at(0).method, "SignalWithStartWorkflowExecution");
    const auto sent = server.channel->request<service::SignalWithStartWorkflowExecutionRequest>(0);
    EXPECT_EQ(sent.workflow_id(), "order-7");
    EXPECT_EQ(sent.workflow_type().name(), "Checkout");
    EXPECT_EQ(sent.input().payloads_size(), 2);
    EXPECT_EQ(sent.signal_name(), "approve");
    EXPECT_EQ(sent.signal_input().payloads(0).data(), "\"ada\"");
    EXPECT_EQ(sent.priority().priority_key(), 1);
    EXPECT_EQ(sent.workflow_id_conflict_policy(), enums::WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING);
    EXPECT_EQ(order.id(), "order-7");
    EXPECT_EQ(order.first_execution_run_id(), "run-1");
}

TEST_F(TogetherWithAStart, ASignalByNameTakesAnyArguments) {
    server.channel->answer(service::SignalWithStartWorkflowExecutionResponse{});
    const auto legacy = with_start("legacy", {.id = "a"}, 1);
    server.client.signal_with_start(legacy, "poke", 2, "three");
    const auto sent = server.channel->request<service::SignalWithStartWorkflowExecutionRequest>(0);
    EXPECT_EQ(sent.workflow_type().name(), "legacy");
    EXPECT_EQ(sent.signal_name(), "poke");
    EXPECT_EQ(sent.signal_input().payloads_size(), 2);
}

TEST_F(TogetherWithAStart, AnUpdateIsOneCallUntilItIsAccepted) {
    server.channel->answer(both(enums::UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ADMITTED))
        .answer(completed("5"));
    const auto [order, update] =
        server.client.update_with_start<&Checkout::add>(start, {.id = "u-1"}, 2);
    EXPECT_EQ(server.channel->calls(), 2U);
    EXPECT_EQ(server.channel->call_at(0).body, server.channel->call_at(1).body);
    EXPECT_EQ(server.channel->call_at(0).method, "ExecuteMultiOperation");
    const auto sent = server.channel->request<service::ExecuteMultiOperationRequest>(0);
    EXPECT_EQ(sent.namespace_(), "orders");
    ASSERT_EQ(sent.operations_size(), 2);
    EXPECT_EQ(sent.operations(0).start_workflow().workflow_id(), "order-7");
    const auto& updated = sent.operations(1).update_workflow();
    EXPECT_EQ(updated.workflow_execution().workflow_id(), "order-7");
    EXPECT_EQ(updated.request().meta().update_id(), "u-1");
    EXPECT_EQ(updated.request().input().name(), "add-cents");
    EXPECT_EQ(order.first_execution_run_id(), "run-1");
    EXPECT_EQ(update.run_id(), "run-1");
    EXPECT_EQ(update.result(), 5);
    EXPECT_EQ(server.channel->calls(), 2U);
}

TEST_F(TogetherWithAStart, AnUpdateIsWaitedForIfAsked) {
    service::PollWorkflowExecutionUpdateResponse outcome;
    auto& payload = *outcome.mutable_outcome()->mutable_success()->add_payloads();
    (*payload.mutable_metadata())["encoding"] = "json/plain";
    payload.set_data("8");
    server.channel->answer(both(enums::UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ACCEPTED))
        .answer(outcome);
    const auto started = server.client.update_with_start<int>(
        start, {.wait_for_stage = UpdateStage::Completed}, "add", 2
    );
    EXPECT_EQ(server.channel->calls(), 2U);
    EXPECT_EQ(started.update.result(), 8);
}

TEST_F(TogetherWithAStart, AnUpdateThatFailsTellsWhichPartOfItFailed) {
    errordetails::MultiOperationExecutionFailure failed;
    auto& first = *failed.add_statuses();
    first.set_code(static_cast<int>(RpcCode::AlreadyExists));
    first.set_message("it runs");
    errordetails::WorkflowExecutionAlreadyStartedFailure running;
    running.set_run_id("run-0");
    first.add_details()->PackFrom(running);
    auto& second = *failed.add_statuses();
    second.set_code(static_cast<int>(RpcCode::Aborted));
    second.add_details()->PackFrom(temporal::api::failure::v1::MultiOperationExecutionAborted{});
    server.channel->fail(RpcCode::AlreadyExists, "one of the operations failed", failed);
    const auto error = thrown_by<WorkflowAlreadyStartedError>([&] {
        (void)server.client.update_with_start<&Checkout::add>(start, {}, 2);
    });
    EXPECT_EQ(error.run_id(), "run-0");
    EXPECT_THAT(error.what(), HasSubstr("it runs"));
}

TEST_F(TogetherWithAStart, WhatIsUnusableIsRefusedBeforeAnythingIsSent) {
    const auto eager = with_start("X", {.id = "a", .request_eager_start = true});
    EXPECT_THROW((void)server.client.signal_with_start(eager, "s"), ConfigurationError);
    EXPECT_THROW((void)server.client.update_with_start<int>(eager, {}, "u"), ConfigurationError);
    const auto nameless = with_start("X", {});
    EXPECT_THROW((void)server.client.signal_with_start(nameless, "s"), ConfigurationError);
    EXPECT_THROW((void)server.client.update_with_start<int>(nameless, {}, "u"), ConfigurationError);
    EXPECT_THROW((void)server.client.signal_with_start(start, ""), ConfigurationError);
    EXPECT_THROW((void)server.client.update_with_start<int>(start, {}, ""), ConfigurationError);
    EXPECT_EQ(server.channel->calls(), 0U);
}

}  // namespace
}  // namespace hourglass::client
