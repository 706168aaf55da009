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
using HistoryResponse = service::GetWorkflowExecutionHistoryResponse;
using HistoryRequest = service::GetWorkflowExecutionHistoryRequest;
using shop::Checkout;
using testing::HasSubstr;

temporal::api::history::v1::HistoryEvent& event(HistoryResponse& response, enums::EventType type) {
    auto& added = *response.mutable_history()->add_events();
    added.set_event_type(type);
    return added;
}

HistoryResponse completed(const std::string& json, const std::string& next_run = "") {
    HistoryResponse response;
    auto& attributes = *event(response, enums::EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED)
                            .mutable_workflow_execution_completed_event_attributes();
    auto& payload = *attributes.mutable_result()->add_payloads();
    (*payload.mutable_metadata())["encoding"] = "json/plain";
    payload.set_data(json);
    attributes.set_new_execution_run_id(next_run);
    return response;
}

HistoryResponse continued(const std::string& next_run) {
    HistoryResponse response;
    event(response, enums::EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW)
        .mutable_workflow_execution_continued_as_new_event_attributes()
        ->set_new_execution_run_id(next_run);
    return response;
}

HistoryResponse failed(const FailureError& error, const std::string& next_run = "") {
    HistoryResponse response;
    auto& attributes = *event(response, enums::EVENT_TYPE_WORKFLOW_EXECUTION_FAILED)
                            .mutable_workflow_execution_failed_event_attributes();
    convert::to_failure(error, attributes.mutable_failure());
    attributes.set_new_execution_run_id(next_run);
    return response;
}

struct Outcome : testing::Test {
    FakeServer server;
    WorkflowHandle<&Checkout::run> order = server.client.handle<&Checkout::run>("order-7", "run-1");

    HistoryRequest sent(std::size_t index) {
        return server.channel->request<HistoryRequest>(index);
    }
    WorkflowFailedError failure_of_order() {
        return thrown_by<WorkflowFailedError>([this] { (void)order.result(); });
    }
};

TEST_F(Outcome, IsTheDecodedResultOfTheEventThatClosedTheRun) {
    server.channel->answer(completed("\"receipt-7\""));
    EXPECT_EQ(order.result(), "receipt-7");
    const auto request = sent(0);
    EXPECT_EQ(request.namespace_(), "orders");
    EXPECT_EQ(request.execution().workflow_id(), "order-7");
    EXPECT_EQ(request.execution().run_id(), "run-1");
    EXPECT_TRUE(request.wait_new_event());
    EXPECT_EQ(request.history_event_filter_type(), enums::HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT);
    EXPECT_TRUE(server.channel->call_at(0).long_poll);
}

// To others it shows an outcome with a next run as "continued as new".
TEST_F(Outcome, IsAskedForAsOneWhoFollowsTheNextRun) {
    server.channel->answer(completed("1")).answer(completed("\"receipt-7\""));
    const std::string key = "supported-features";
    EXPECT_EQ(server.client.handle("order-7").result<int>(), 1);
    EXPECT_EQ(server.channel->call_at(0).metadata.at(key), "follows-next-run-id");
    EXPECT_EQ(order.with({.metadata = {{key, "mine"}}}).result(), "receipt-7");
    EXPECT_EQ(server.channel->call_at(1).metadata.at(key), "mine,follows-next-run-id");
}

TEST_F(Outcome, IsPolledForUntilTheRunHasClosed) {
    HistoryResponse open;
    open.set_next_page_token("token-1");
    server.channel->answer(open).answer(open).answer(completed("\"r\""));
    EXPECT_EQ(order.result(), "r");
    EXPECT_EQ(sent(0).next_page_token(), "");
    EXPECT_EQ(sent(1).next_page_token(), "token-1");
}

TEST_F(Outcome, FollowsContinueAsNewRetriesAndCronRuns) {
    HistoryResponse timed_out;
    event(timed_out, enums::EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT)
        .mutable_workflow_execution_timed_out_event_attributes()
        ->set_new_execution_run_id("run-4");
    HistoryResponse open;
    open.set_next_page_token("of-run-1");
    server.channel->answer(open)
        .answer(continued("run-2"))
        .answer(failed(ApplicationError{"first"}, "run-3"))
        .answer(timed_out)
        .answer(completed("\"cron\"", "run-5"))
        .answer(completed("\"last\""));
    EXPECT_EQ(order.result(), "last");
    EXPECT_EQ(sent(2).execution().run_id(), "run-2");
    EXPECT_EQ(sent(2).next_page_token(), "");
    EXPECT_EQ(sent(3).execution().run_id(), "run-3");
    EXPECT_EQ(sent(4).execution().run_id(), "run-4");
    EXPECT_EQ(sent(5).execution().run_id(), "run-5");
}

TEST_F(Outcome, StaysWithTheRunIfAsked) {
    server.channel->answer(continued("run-2")).answer(completed("\"mine\"", "run-3"));
    const auto error =
        thrown_by<WorkflowFailedError>([this] { (void)order.result({.follow_runs = false}); });
    EXPECT_EQ(error.status(), WorkflowStatus::ContinuedAsNew);
    EXPECT_THAT(error.what(), HasSubstr("run-2"));
    EXPECT_EQ(order.result({.follow_runs = false}), "mine");
}

TEST_F(Outcome, OfAFailureHasItsCauses) {
    const ApplicationError declined{
        "card declined", {.type = "Declined", .details = encode_arguments(51)}
    };
    const ActivityError activity{
        "activity failed",
        {.activity_type = "charge"},
        FailureContext{.cause = std::make_shared<ApplicationError>(declined)}
    };
    server.channel->answer(failed(activity));
    const auto error = failure_of_order();
    EXPECT_EQ(error.status(), WorkflowStatus::Failed);
    EXPECT_EQ(error.workflow_id(), "order-7");
    EXPECT_EQ(error.run_id(), "run-1");
    EXPECT_THAT(error.what(), HasSubstr("card declined"));
    const auto* outer = dynamic_cast<const ActivityError*>(error.cause().get());
    ASSERT_NE(outer, nullptr);
    EXPECT_EQ(outer->activity_type(), "charge");
    const auto inner = error.find_cause<ApplicationError>();
    ASSERT_NE(inner, nullptr);
    EXPECT_EQ(inner->type(), "Declined");
    EXPECT_EQ(inner->detail<int>(0), 51);
}

TEST_F(Outcome, OfACancelledWorkflowIsACancelledError) {
    HistoryResponse response;
    auto& attributes = *event(response, enums::EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED)
                            .mutable_workflow_execution_canceled_event_attributes();
    auto& payload = *attributes.mutable_details()->add_payloads();
    (*payload.mutable_metadata())["encoding"] = "json/plain";
    payload.set_data("5");
    server.channel->answer(response);
    const auto error = failure_of_order();
    EXPECT_EQ(error.status(), WorkflowStatus::Canceled);
    ASSERT_NE(error.find_cause<CancelledError>(), nullptr);
    EXPECT_EQ(error.find_cause<CancelledError>()->detail<int>(0), 5);
}

TEST_F(Outcome, OfATerminatedWorkflowTellsTheReason) {
    HistoryResponse response;
    auto& attributes = *event(response, enums::EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED)
                            .mutable_workflow_execution_terminated_event_attributes();
    attributes.set_reason("stuck");
    attributes.set_identity("operator");
    server.channel->answer(response);
    const auto error = failure_of_order();
    EXPECT_EQ(error.status(), WorkflowStatus::Terminated);
    ASSERT_NE(error.find_cause<TerminatedError>(), nullptr);
    EXPECT_EQ(error.find_cause<TerminatedError>()->identity(), "operator");
    EXPECT_THAT(error.what(), HasSubstr("stuck"));
}

TEST_F(Outcome, OfATimeoutIsATimeoutError) {
    HistoryResponse response;
    event(response, enums::EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT);
    server.channel->answer(response);
    const auto error = failure_of_order();
    EXPECT_EQ(error.status(), WorkflowStatus::TimedOut);
    EXPECT_NE(error.find_cause<TimeoutError>(), nullptr);
}

TEST_F(Outcome, OutlastsAnOutageOfTheServer) {
    for (int i = 0; i < 50; ++i) {
        server.channel->fail(RpcCode::Unavailable, "away");
    }
    server.channel->answer(completed("\"late\""));
    EXPECT_EQ(order.result(), "late");
}

TEST_F(Outcome, IsWaitedForNoLongerThanTheTimeout) {
    const auto error =
        thrown_by<WaitTimeoutError>([this] { (void)order.result({.timeout = 1ms}); });
    EXPECT_THAT(error.what(), HasSubstr("order-7"));
    EXPECT_LE(server.channel->call_at(0).timeout, 1ms);
}

TEST_F(Outcome, IsUnavailableIfTheServerIsAwayWhenTheTimeoutPasses) {
    for (int i = 0; i < 10'000; ++i) {
        server.channel->fail(RpcCode::Unavailable, "away");
    }
    EXPECT_THROW((void)order.result({.timeout = 20ms}), UnavailableError);
}

TEST_F(Outcome, OfAMissingWorkflowIsNotFound) {
    server.channel->fail(RpcCode::NotFound, "workflow not found for ID: order-7");
    EXPECT_THROW((void)order.result(), WorkflowNotFoundError);
}

TEST_F(Outcome, OfAnUntypedHandleIsDecodedAsAsked) {
    server.channel->answer(completed("7")).answer(completed("7")).answer(completed("\"x\""));
    const WorkflowHandle<> handle = order.untyped();
    EXPECT_EQ(handle.result<int>(), 7);
    handle.result<void>();
    EXPECT_THROW((void)handle.result<int>(), ConversionError);
}

TEST_F(Outcome, MayBeMissingIfTheTypeAllowsIt) {
    HistoryResponse nothing;
    event(nothing, enums::EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED);
    server.channel->answer(nothing).answer(nothing);
    EXPECT_EQ(order.untyped().result<std::optional<int>>(), std::nullopt);
    EXPECT_THROW((void)order.result(), ConversionError);
}

TEST_F(Outcome, IsWhatExecuteYields) {
    service::StartWorkflowExecutionResponse started;
    started.set_run_id("run-1");
    server.channel->answer(started).answer(completed("\"done\""));
    EXPECT_EQ((server.client.execute<&Checkout::run>({.id = "order-7"}, "ada", 1)), "done");
    EXPECT_EQ(sent(1).execution().run_id(), "run-1");
    server.channel->answer(started).answer(completed("5"));
    EXPECT_EQ(server.client.execute<int>("Other", {.id = "order-8"}), 5);
}

}  // namespace
}  // namespace hourglass::client
