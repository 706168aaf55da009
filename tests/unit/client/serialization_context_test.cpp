// Whose values a client converts.
#include "hourglass/convert/serialization_context.hpp"

#include "hourglass/workflow/task.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "tests/support/probe.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/errordetails/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace contexts {

using probe::Probe;

class Checkout {
public:
    hourglass::Task<Probe> run(Probe value);
    void approve(Probe value);
    Probe ask(Probe value) const;
    Probe change(Probe value);
};

Probe charge(Probe value);
Probe charge(Probe value) {
    return value;
}

}  // namespace contexts

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using namespace std::chrono_literals;
using contexts::Checkout;
using probe::Probe;

/// What the probe in a payload was encoded as.
std::string encoded(const temporal::api::common::v1::Payloads& payloads) {
    return from_payload<std::string>(convert::from_proto(payloads.payloads(0)));
}
/// A probe from the other side.
void write_probe(temporal::api::common::v1::Payloads& payloads) {
    convert::to_proto(encode_arguments(Probe{}), &payloads);
}
FailureCause declined() {
    return std::make_shared<const ApplicationError>(
        "declined", ApplicationErrorOptions{.details = encode_arguments(Probe{})}
    );
}
std::string reader_of_detail(const FailureCause& failure) {
    return std::dynamic_pointer_cast<const ApplicationError>(failure)->detail<Probe>(0).decoded;
}

constexpr const char* kOrder = "orders/order-7 -";

struct ContextOfClients : testing::Test {
    FakeServer server;
    WorkflowHandle<&Checkout::run> order = server.client.handle<&Checkout::run>("order-7");
};

TEST_F(ContextOfClients, OfAStartIsTheWorkflowThatIsStarted) {
    server.channel->answer(service::StartWorkflowExecutionResponse{})
        .answer(service::StartWorkflowExecutionResponse{});
    server.client.start<&Checkout::run>({.id = "order-7", .task_queue = "q"}, Probe{});
    server.client.start("Other", {.id = "order-8", .task_queue = "q"}, Probe{});
    using Request = service::StartWorkflowExecutionRequest;
    EXPECT_EQ(encoded(server.channel->request<Request>(0).input()), "orders/order-7 Checkout");
    EXPECT_EQ(encoded(server.channel->request<Request>(1).input()), "orders/order-8 Other");
}

TEST_F(ContextOfClients, OfAStartWithASignalKnowsNoNamespaceForTheStartsArguments) {
    server.channel->answer(service::SignalWithStartWorkflowExecutionResponse{});
    const auto start = with_start<&Checkout::run>({.id = "order-7", .task_queue = "q"}, Probe{});
    server.client.signal_with_start<&Checkout::approve>(start, Probe{});
    const auto request =
        server.channel->request<service::SignalWithStartWorkflowExecutionRequest>(0);
    EXPECT_EQ(encoded(request.input()), "-/order-7 Checkout");
    EXPECT_EQ(encoded(request.signal_input()), "orders/order-7 Checkout");
}

TEST_F(ContextOfClients, OfSignalsQueriesAndUpdatesIsTheWorkflow) {
    service::QueryWorkflowResponse answer;
    write_probe(*answer.mutable_query_result());
    service::UpdateWorkflowExecutionResponse updated;
    write_probe(*updated.mutable_outcome()->mutable_success());
    updated.set_stage(enums::UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED);
    server.channel->answer(service::SignalWorkflowExecutionResponse{})
        .answer(answer)
        .answer(updated)
        .answer(updated);
    order.signal<&Checkout::approve>(Probe{});
    EXPECT_EQ((order.untyped().query<Probe>("ask", Probe{}).decoded), kOrder);
    EXPECT_EQ((order.untyped().update<Probe>("change", Probe{}).decoded), kOrder);
    const auto handle = order.untyped().start_update<Probe>(
        {.wait_for_stage = UpdateStage::Completed}, "change", Probe{}
    );
    EXPECT_EQ(handle.result().decoded, kOrder);
    EXPECT_EQ(
        encoded(server.channel->request<service::SignalWorkflowExecutionRequest>(0).input()), kOrder
    );
    EXPECT_EQ(
        encoded(server.channel->request<service::QueryWorkflowRequest>(1).query().query_args()),
        kOrder
    );
    for (const std::size_t call : {2U, 3U}) {
        const auto request = server.channel->request<service::UpdateWorkflowExecutionRequest>(call);
        EXPECT_EQ(encoded(request.request().input().args()), kOrder);
    }
}

TEST_F(ContextOfClients, OfAResultAndOfAFailuresDetailsIsTheWorkflow) {
    service::GetWorkflowExecutionHistoryResponse completed;
    auto& end = *completed.mutable_history()->add_events();
    end.set_event_type(enums::EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED);
    write_probe(*end.mutable_workflow_execution_completed_event_attributes()->mutable_result());
    service::GetWorkflowExecutionHistoryResponse failed;
    auto& failure = *failed.mutable_history()->add_events();
    failure.set_event_type(enums::EVENT_TYPE_WORKFLOW_EXECUTION_FAILED);
    convert::to_failure(
        *declined(), failure.mutable_workflow_execution_failed_event_attributes()->mutable_failure()
    );
    service::GetWorkflowExecutionHistoryResponse cancelled;
    auto& cancellation = *cancelled.mutable_history()->add_events();
    cancellation.set_event_type(enums::EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED);
    write_probe(
        *cancellation.mutable_workflow_execution_canceled_event_attributes()->mutable_details()
    );
    server.channel->answer(completed).answer(failed).answer(cancelled);
    EXPECT_EQ(order.result().decoded, kOrder);
    EXPECT_EQ(
        reader_of_detail(thrown_by<WorkflowFailedError>([this] {
                             static_cast<void>(order.result());
                         }).cause()),
        kOrder
    );
    const auto error =
        thrown_by<WorkflowFailedError>([this] { static_cast<void>(order.result()); });
    EXPECT_EQ(
        std::dynamic_pointer_cast<const CancelledError>(error.cause())->detail<Probe>(0).decoded,
        kOrder
    );
}

TEST_F(ContextOfClients, OfDetailsOfARefusedQueryOrUpdateIsTheWorkflow) {
    temporal::api::errordetails::v1::QueryFailedFailure query;
    convert::to_failure(*declined(), query.mutable_failure());
    service::UpdateWorkflowExecutionResponse update;
    convert::to_failure(*declined(), update.mutable_outcome()->mutable_failure());
    update.set_stage(enums::UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED);
    server.channel->fail(RpcCode::InvalidArgument, "declined", query).answer(update);
    EXPECT_EQ(
        reader_of_detail(thrown_by<QueryFailedError>([this] {
                             static_cast<void>(order.untyped().query<Probe>("ask"));
                         }).cause()),
        kOrder
    );
    EXPECT_EQ(
        reader_of_detail(thrown_by<UpdateFailedError>([this] {
                             static_cast<void>(order.untyped().update<Probe>("change"));
                         }).cause()),
        kOrder
    );
}

TEST_F(ContextOfClients, OfATerminationIsTheWorkflow) {
    server.channel->answer(service::TerminateWorkflowExecutionResponse{});
    order.terminate("enough", Probe{});
    EXPECT_EQ(
        encoded(server.channel->request<service::TerminateWorkflowExecutionRequest>(0).details()),
        kOrder
    );
}

TEST_F(ContextOfClients, OfAScheduleIsTheWorkflowByTheIdThatTheScheduleHas) {
    const ScheduledWorkflow typed = scheduled<&Checkout::run>({.id = "nightly"}, Probe{});
    const ScheduledWorkflow named = scheduled("Other", {.id = "daily"}, Probe{});
    EXPECT_EQ(from_payload<std::string>(typed.arguments.at(0)), "-/nightly Checkout");
    EXPECT_EQ(from_payload<std::string>(named.arguments.at(0)), "-/daily Other");
}

TEST_F(ContextOfClients, OfAStandaloneActivityIsTheActivity) {
    service::StartActivityExecutionResponse started;
    started.set_run_id("run-1");
    started.set_started(true);
    service::PollActivityExecutionResponse done;
    write_probe(*done.mutable_outcome()->mutable_result());
    service::PollActivityExecutionResponse failed;
    convert::to_failure(*declined(), failed.mutable_outcome()->mutable_failure());
    server.channel->answer(started).answer(done).answer(failed);
    const auto activity = server.client.start_activity<&contexts::charge>(
        {.id = "charge-7", .task_queue = "q", .start_to_close_timeout = 30s}, Probe{}
    );
    EXPECT_EQ(activity.result().decoded, "orders/- -, activity charge-7 -");
    EXPECT_EQ(
        encoded(server.channel->request<service::StartActivityExecutionRequest>(0).input()),
        "orders/- -, activity charge-7 charge"
    );
    const auto error =
        thrown_by<ActivityFailedError>([&activity] { static_cast<void>(activity.result()); });
    EXPECT_EQ(reader_of_detail(error.cause()), "orders/- -, activity charge-7 -");
}

TEST_F(ContextOfClients, OfAStandaloneNexusOperationIsTheOperation) {
    service::StartNexusOperationExecutionResponse started;
    started.set_run_id("run-1");
    started.set_started(true);
    service::PollNexusOperationExecutionResponse done;
    convert::to_proto(to_payload(Probe{}), done.mutable_result());
    server.channel->answer(started).answer(done);
    const auto shop = server.client.nexus_client("shop-prod", "shop");
    const auto operation = shop.start<Probe>("price", {.id = "price-7"}, Probe{});
    EXPECT_EQ(operation.result().decoded, "orders/- -");
    const auto sent =
        server.channel->request<service::StartNexusOperationExecutionRequest>(0).input();
    EXPECT_EQ(
        from_payload<std::string>(convert::from_proto(sent)),
        "orders/- -, operation shop-prod/shop/price"
    );
}

TEST_F(ContextOfClients, OfAnActivityThatIsCompletedFromOutsideIsWhatItsHandleKnows) {
    const auto activity = server.client.async_activity(
        AsyncActivityId{.workflow_id = "order-7", .activity_id = "charge"}
    );
    server.channel->answer(service::RecordActivityTaskHeartbeatByIdResponse{})
        .answer(service::RespondActivityTaskCompletedByIdResponse{})
        .answer(service::RespondActivityTaskCanceledByIdResponse{})
        .answer(service::RespondActivityTaskCompletedResponse{});
    activity.heartbeat(Probe{});
    activity.complete(Probe{});
    activity.report_cancellation(Probe{});
    server.client.async_activity("token").complete(Probe{});
    const std::string expected = "orders/order-7 -, activity charge -";
    EXPECT_EQ(
        encoded(server.channel->request<service::RecordActivityTaskHeartbeatByIdRequest>(0).details(
        )),
        expected
    );
    EXPECT_EQ(
        encoded(server.channel->request<service::RespondActivityTaskCompletedByIdRequest>(1).result(
        )),
        expected
    );
    EXPECT_EQ(
        encoded(server.channel->request<service::RespondActivityTaskCanceledByIdRequest>(2).details(
        )),
        expected
    );
    EXPECT_EQ(
        encoded(server.channel->request<service::RespondActivityTaskCompletedRequest>(3).result()),
        "orders/- -"
    );
}

}  // namespace
}  // namespace hourglass::client
