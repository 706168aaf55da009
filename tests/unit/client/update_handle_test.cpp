// Updates that are started, and waited for later.
#include "hourglass/client/update_handle.hpp"

#include "src/convert/failure_converter.hpp"
#include "tests/unit/client/checkout.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using namespace std::chrono_literals;
using shop::Checkout;
using testing::HasSubstr;

template <class Response>
Response succeeded(const std::string& json) {
    Response response;
    auto& payload = *response.mutable_outcome()->mutable_success()->add_payloads();
    (*payload.mutable_metadata())["encoding"] = "json/plain";
    payload.set_data(json);
    return response;
}

service::UpdateWorkflowExecutionResponse accepted() {
    service::UpdateWorkflowExecutionResponse response;
    response.set_stage(enums::UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ACCEPTED);
    response.mutable_update_ref()->mutable_workflow_execution()->set_run_id("run-9");
    return response;
}

struct Updates : testing::Test {
    FakeServer server;
    WorkflowHandle<&Checkout::run> order = server.client.handle<&Checkout::run>("order-7");
};

TEST_F(Updates, ReturnWhenTheyAreAcceptedAndAreWaitedForLater) {
    server.channel->answer(accepted())
        .answer(succeeded<service::PollWorkflowExecutionUpdateResponse>("42"));
    const auto update = order.start_update<&Checkout::add>({.id = "u-1"}, 40);
    EXPECT_EQ(server.channel->calls(), 1U);
    const auto sent = server.channel->request<service::UpdateWorkflowExecutionRequest>(0);
    EXPECT_EQ(
        sent.wait_policy().lifecycle_stage(),
        enums::UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ACCEPTED
    );
    EXPECT_EQ(sent.request().meta().update_id(), "u-1");
    EXPECT_EQ(update.id(), "u-1");
    EXPECT_EQ(update.workflow_id(), "order-7");
    EXPECT_EQ(update.run_id(), "run-9");
    EXPECT_EQ(update.result(), 42);
    const auto poll = server.channel->request<service::PollWorkflowExecutionUpdateRequest>(1);
    EXPECT_EQ(poll.update_ref().update_id(), "u-1");
    EXPECT_EQ(poll.update_ref().workflow_execution().run_id(), "run-9");
}

TEST_F(Updates, KeepAnOutcomeThatCameWithTheAnswer) {
    server.channel->answer(succeeded<service::UpdateWorkflowExecutionResponse>("7"));
    const auto update = order.start_update<int>({}, "add", 1);
    EXPECT_EQ(update.result(), 7);
    EXPECT_EQ(update.result(), 7);
    EXPECT_EQ(server.channel->calls(), 1U);
    EXPECT_EQ(update.id().size(), 36U);
}

TEST_F(Updates, ThatAreRejectedSaySoInTheirResult) {
    service::UpdateWorkflowExecutionResponse response;
    convert::to_failure(
        ApplicationError{"too much"}, response.mutable_outcome()->mutable_failure()
    );
    server.channel->answer(response);
    const auto update = order.start_update<&Checkout::add>({}, 1);
    EXPECT_THROW((void)update.result(), UpdateFailedError);
}

TEST_F(Updates, AreWaitedForUntilTheyAreCompletedIfAsked) {
    service::PollWorkflowExecutionUpdateResponse failed;
    convert::to_failure(ApplicationError{"too much"}, failed.mutable_outcome()->mutable_failure());
    server.channel->answer(accepted())
        .answer(service::PollWorkflowExecutionUpdateResponse{})
        .answer(failed);
    const auto update =
        order.start_update<&Checkout::add>({.wait_for_stage = UpdateStage::Completed}, 1);
    EXPECT_EQ(server.channel->calls(), 3U);
    const auto error = thrown_by<UpdateFailedError>([&] { (void)update.result(); });
    EXPECT_THAT(error.what(), HasSubstr("\"add-cents\""));
    EXPECT_EQ(server.channel->calls(), 3U);
}

TEST_F(Updates, EndWithTheirTimeout) {
    EXPECT_THROW((void)order.start_update<&Checkout::add>({.timeout = 1ms}, 1), WaitTimeoutError);
    server.channel->answer(accepted());
    EXPECT_THROW(
        (void)order.start_update<&Checkout::add>(
            {.wait_for_stage = UpdateStage::Completed, .timeout = 20ms}, 1
        ),
        WaitTimeoutError
    );
    EXPECT_THROW(
        (void)order.update_handle<&Checkout::add>("u-1").result({.timeout = 1ms}), WaitTimeoutError
    );
}

TEST_F(Updates, AreFoundByTheirId) {
    server.channel->answer(succeeded<service::PollWorkflowExecutionUpdateResponse>("5"))
        .answer(succeeded<service::PollWorkflowExecutionUpdateResponse>("\"x\""));
    EXPECT_EQ(order.update_handle<&Checkout::add>("u-1").result(), 5);
    EXPECT_EQ(
        server.client.handle("order-7", "run-3").update_handle<std::string>("u-2").result(), "x"
    );
    const auto poll = server.channel->request<service::PollWorkflowExecutionUpdateRequest>(1);
    EXPECT_EQ(poll.update_ref().update_id(), "u-2");
    EXPECT_EQ(poll.update_ref().workflow_execution().run_id(), "run-3");
}

TEST_F(Updates, ThatAreUnknownAreNotSaidToBeSent) {
    server.channel->fail(RpcCode::NotFound, "update \"never\" not found");
    const auto error =
        thrown_by<WorkflowNotFoundError>([&] { (void)order.update_handle<int>("never").result(); });
    EXPECT_THAT(
        error.what(), HasSubstr("cannot wait for update \"never\" of workflow \"order-7\"")
    );
    server.channel->fail(RpcCode::NotFound, "no such workflow");
    const auto unsent =
        thrown_by<WorkflowNotFoundError>([&] { (void)order.start_update<int>({}, "add", 1); });
    EXPECT_THAT(unsent.what(), HasSubstr("cannot update \"add\" of workflow \"order-7\""));
}

TEST_F(Updates, WithoutAnIdAreNotFound) {
    EXPECT_THROW((void)order.update_handle<int>("").result(), ConfigurationError);
    EXPECT_EQ(server.channel->calls(), 0U);
}

}  // namespace
}  // namespace hourglass::client
