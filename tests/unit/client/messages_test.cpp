// Signals, queries, updates, cancel, terminate.
#include "src/convert/failure_converter.hpp"
#include "tests/unit/client/checkout.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/errordetails/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using namespace std::chrono_literals;
using shop::Checkout;
using testing::HasSubstr;

struct Messages : testing::Test {
    FakeServer server;
    WorkflowHandle<&Checkout::run> order = server.client.handle<&Checkout::run>("order-7");

    void will_answer_query(const std::string& json) {
        service::QueryWorkflowResponse response;
        auto& payload = *response.mutable_query_result()->add_payloads();
        (*payload.mutable_metadata())["encoding"] = "json/plain";
        payload.set_data(json);
        server.channel->answer(response);
    }
    template <class Response>
    static void succeed(Response& response, const std::string& json) {
        auto& payload = *response.mutable_outcome()->mutable_success()->add_payloads();
        (*payload.mutable_metadata())["encoding"] = "json/plain";
        payload.set_data(json);
        response.set_stage(enums::UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED);
    }
};

TEST_F(Messages, ASignalIsSentToTheNewestRunByTheMethodsName) {
    server.channel->answer(service::SignalWorkflowExecutionResponse{});
    order.signal<&Checkout::approve>("ada");
    const auto request = server.channel->request<service::SignalWorkflowExecutionRequest>(0);
    EXPECT_EQ(server.channel->call_at(0).method, "SignalWorkflowExecution");
    EXPECT_EQ(request.namespace_(), "orders");
    EXPECT_EQ(request.workflow_execution().workflow_id(), "order-7");
    EXPECT_EQ(request.workflow_execution().run_id(), "");
    EXPECT_EQ(request.signal_name(), "approve");
    EXPECT_EQ(request.input().payloads(0).data(), "\"ada\"");
    EXPECT_EQ(request.identity(), "tester");
    EXPECT_EQ(request.request_id().size(), 36U);
}

TEST_F(Messages, ASignalByNameGoesToTheRunOfTheHandle) {
    server.channel->answer(service::SignalWorkflowExecutionResponse{});
    server.client.handle("order-7", "run-3").signal("poke", 1, "two");
    const auto request = server.channel->request<service::SignalWorkflowExecutionRequest>(0);
    EXPECT_EQ(request.workflow_execution().run_id(), "run-3");
    EXPECT_EQ(request.signal_name(), "poke");
    EXPECT_EQ(request.input().payloads_size(), 2);
}

TEST_F(Messages, AMissingWorkflowIsNamed) {
    temporal::api::errordetails::v1::NotFoundFailure detail;
    server.channel->fail(RpcCode::NotFound, "workflow not found for ID: order-7", detail);
    const auto error =
        thrown_by<WorkflowNotFoundError>([&] { order.signal<&Checkout::approve>("ada"); });
    EXPECT_EQ(error.workflow_id(), "order-7");
    EXPECT_THAT(error.what(), HasSubstr("send signal \"approve\" to workflow \"order-7\""));
    EXPECT_THAT(error.what(), HasSubstr("not found in namespace \"orders\""));
}

TEST_F(Messages, AnEmptyIdOrNameIsRefusedBeforeAnythingIsSent) {
    EXPECT_THROW(server.client.handle("").signal("poke"), ConfigurationError);
    EXPECT_THROW(server.client.handle("order-7").signal(""), ConfigurationError);
    EXPECT_THROW(server.client.handle("").cancel(), ConfigurationError);
    EXPECT_THROW((void)server.client.handle("").status(), ConfigurationError);
    EXPECT_EQ(server.channel->calls(), 0U);
}

TEST_F(Messages, AQueryYieldsTheDecodedResult) {
    will_answer_query("\"ada\"");
    EXPECT_EQ(order.query<&Checkout::approver>(), "ada");
    const auto request = server.channel->request<service::QueryWorkflowRequest>(0);
    EXPECT_EQ(request.query().query_type(), "approver");
    EXPECT_EQ(request.query_reject_condition(), enums::QUERY_REJECT_CONDITION_NONE);
}

TEST_F(Messages, AQueryByNameYieldsTheTypeAskedFor) {
    will_answer_query("[1,2]");
    EXPECT_EQ(order.query<std::vector<int>>("lines"), (std::vector{1, 2}));
}

TEST_F(Messages, AQueryResultThatDoesNotFitIsAConversionError) {
    will_answer_query("\"ada\"");
    EXPECT_THROW((void)order.query<int>("approver"), ConversionError);
}

TEST_F(Messages, AQueryThatFailedTellsTheCause) {
    temporal::api::errordetails::v1::QueryFailedFailure detail;
    convert::to_failure(
        ApplicationError{"no approver yet", {.type = "TooEarly"}}, detail.mutable_failure()
    );
    server.channel->fail(RpcCode::InvalidArgument, "no approver yet", detail);
    const auto error =
        thrown_by<QueryFailedError>([&] { (void)order.query<&Checkout::approver>(); });
    EXPECT_THAT(error.what(), HasSubstr("no approver yet"));
    const auto* cause = dynamic_cast<const ApplicationError*>(error.cause().get());
    ASSERT_NE(cause, nullptr);
    EXPECT_EQ(cause->type(), "TooEarly");
}

TEST_F(Messages, AQueryWhoseFailureIsEncodedTellsWhereTheReasonIs) {
    const temporal::api::errordetails::v1::QueryFailedFailure nothing;
    server.channel->fail(RpcCode::InvalidArgument, "Encoded failure", nothing);
    const auto error =
        thrown_by<QueryFailedError>([&] { (void)order.query<&Checkout::approver>(); });
    EXPECT_THAT(error.what(), HasSubstr("Encoded failure (the worker encodes what failures say"));
    EXPECT_THAT(error.what(), HasSubstr("the worker's log"));
    EXPECT_EQ(error.cause(), nullptr);
}

TEST_F(Messages, AQueryMayBeRejectedForTheWorkflowsStatus) {
    service::QueryWorkflowResponse response;
    response.mutable_query_rejected()->set_status(enums::WORKFLOW_EXECUTION_STATUS_TERMINATED);
    server.channel->answer(response);
    const auto error = thrown_by<QueryRejectedError>([&] {
        (void
        )order.query_with<&Checkout::approver>({.reject_condition = QueryRejectCondition::NotOpen});
    });
    EXPECT_EQ(error.status(), WorkflowStatus::Terminated);
    EXPECT_EQ(
        server.channel->request<service::QueryWorkflowRequest>(0).query_reject_condition(),
        enums::QUERY_REJECT_CONDITION_NOT_OPEN
    );
}

TEST_F(Messages, AnUpdateThatCompletesAtOnceYieldsItsResult) {
    service::UpdateWorkflowExecutionResponse response;
    succeed(response, "42");
    server.channel->answer(response);
    EXPECT_EQ(order.update<&Checkout::add>(40), 42);
    const auto request = server.channel->request<service::UpdateWorkflowExecutionRequest>(0);
    EXPECT_EQ(request.request().input().name(), "add-cents");
    EXPECT_EQ(request.request().input().args().payloads(0).data(), "40");
    EXPECT_EQ(request.request().meta().identity(), "tester");
    EXPECT_EQ(request.request().meta().update_id().size(), 36U);
    EXPECT_EQ(
        request.wait_policy().lifecycle_stage(),
        enums::UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED
    );
    EXPECT_TRUE(server.channel->call_at(0).long_poll);
}

TEST_F(Messages, AnUpdateIsSentAgainUntilItIsAcceptedAndPolledUntilItHasAnOutcome) {
    service::UpdateWorkflowExecutionResponse admitted;
    admitted.set_stage(enums::UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ADMITTED);
    service::UpdateWorkflowExecutionResponse accepted;
    accepted.set_stage(enums::UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ACCEPTED);
    accepted.mutable_update_ref()->set_update_id("u-1");
    accepted.mutable_update_ref()->mutable_workflow_execution()->set_run_id("run-9");
    service::PollWorkflowExecutionUpdateResponse nothing;
    service::PollWorkflowExecutionUpdateResponse completed;
    succeed(completed, "3");
    server.channel->answer(admitted)
        .answer(accepted)
        .answer(nothing)
        .fail(RpcCode::DeadlineExceeded, "poll timed out")
        .fail(RpcCode::Unavailable, "away")
        .answer(completed);
    EXPECT_EQ(order.update_with<int>({.id = "u-1"}, "add", 1), 3);
    EXPECT_EQ(server.channel->calls(), 6U);
    EXPECT_EQ(server.channel->call_at(0).body, server.channel->call_at(1).body);
    const auto poll = server.channel->request<service::PollWorkflowExecutionUpdateRequest>(5);
    EXPECT_EQ(poll.update_ref().update_id(), "u-1");
    EXPECT_EQ(poll.update_ref().workflow_execution().run_id(), "run-9");
}

TEST_F(Messages, AnUpdateThatIsRejectedTellsTheCause) {
    service::UpdateWorkflowExecutionResponse response;
    convert::to_failure(
        ApplicationError{"too much"}, response.mutable_outcome()->mutable_failure()
    );
    server.channel->answer(response);
    const auto error = thrown_by<UpdateFailedError>([&] { (void)order.update<&Checkout::add>(1); });
    EXPECT_THAT(error.what(), HasSubstr("update \"add-cents\" of workflow \"order-7\" failed"));
    EXPECT_THAT(error.what(), HasSubstr("too much"));
    EXPECT_NE(dynamic_cast<const ApplicationError*>(error.cause().get()), nullptr);
}

TEST_F(Messages, AnUpdateWithALimitEndsWithAWaitTimeout) {
    EXPECT_THROW((void)order.update_with<&Checkout::add>({.timeout = 1ms}, 1), WaitTimeoutError);
}

TEST_F(Messages, AnUpdateThatNeverReachesTheServerIsGivenUp) {
    server.context->rpc_timeout = 10ms;
    for (int i = 0; i < 10'000; ++i) {
        server.channel->fail(RpcCode::Unavailable, "connection refused");
    }
    const auto error = thrown_by<UnavailableError>([&] { (void)order.update<&Checkout::add>(1); });
    EXPECT_EQ(error.address(), "temporal.test:7233");
}

TEST_F(Messages, CancelSendsTheReasonAndTheChain) {
    service::StartWorkflowExecutionResponse started;
    started.set_run_id("run-1");
    started.set_started(true);
    server.channel->answer(started).answer(service::RequestCancelWorkflowExecutionResponse{});
    server.client.start("Checkout", {.id = "order-7"}).cancel("changed my mind");
    const auto request = server.channel->request<service::RequestCancelWorkflowExecutionRequest>(1);
    EXPECT_EQ(request.workflow_execution().workflow_id(), "order-7");
    EXPECT_EQ(request.workflow_execution().run_id(), "");
    EXPECT_EQ(request.first_execution_run_id(), "run-1");
    EXPECT_EQ(request.reason(), "changed my mind");
    EXPECT_EQ(request.request_id().size(), 36U);
}

TEST_F(Messages, TerminateSendsReasonAndDetails) {
    server.channel->answer(service::TerminateWorkflowExecutionResponse{});
    order.terminate("stuck", 1, "two");
    const auto request = server.channel->request<service::TerminateWorkflowExecutionRequest>(0);
    EXPECT_EQ(request.reason(), "stuck");
    EXPECT_EQ(request.details().payloads_size(), 2);
    EXPECT_EQ(request.identity(), "tester");
}

}  // namespace
}  // namespace hourglass::client
