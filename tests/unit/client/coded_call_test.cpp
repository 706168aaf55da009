// Payloads on their way through a client.
#include "hourglass/client/activity_handle.hpp"
#include "hourglass/client/schedule.hpp"
#include "hourglass/raw.hpp"
#include "src/codec/payload_pipeline.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "tests/support/bound_codec.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/errordetails/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using test::BoundCodec;
using testing::HasSubstr;

class Broken final : public PayloadCodec {
public:
    [[nodiscard]] std::string name() const override { return "broken"; }
    [[nodiscard]] Payloads encode(Payloads, const PayloadContext&) const override {
        throw std::runtime_error{"no key"};
    }
    [[nodiscard]] Payloads decode(Payloads, const PayloadContext&) const override {
        throw std::runtime_error{"no key"};
    }
};

struct CodedCalls : testing::Test {
    FakeServer server;
    CodedCalls() { use({.codecs = {std::make_shared<BoundCodec>()}}); }
    void use(const DataOptions& data) {
        server.context->calls.payloads = codec::PayloadPipeline::make(data);
    }
    static void encode(const std::string& text, const std::string& id, convert::ProtoPayload* to) {
        const Payloads encoded = BoundCodec{}.encode(
            encode_arguments(text), {.workflow_namespace = "orders", .workflow_id = id}
        );
        convert::to_proto(encoded.front(), to);
    }
};

TEST_F(CodedCalls, ARequestsPayloadsAreEncodedForTheWorkflow) {
    server.channel->answer(service::SignalWorkflowExecutionResponse{});
    server.client.handle("order-7").signal("poke", "secret");
    const auto request = server.channel->request<service::SignalWorkflowExecutionRequest>(0);
    EXPECT_EQ(request.input().payloads(0).metadata().at("encoding"), BoundCodec::kEncoding);
    EXPECT_EQ(request.input().payloads(0).metadata().at("bound-to"), "orders/order-7//");
    EXPECT_EQ(request.input().payloads(0).data(), "\"terces\"");
}

TEST_F(CodedCalls, AnAnswersPayloadsAreDecodedForTheWorkflowOfTheRequest) {
    service::QueryWorkflowResponse response;
    encode("fine", "order-7", response.mutable_query_result()->add_payloads());
    server.channel->answer(response);
    EXPECT_EQ(server.client.handle("order-7").query<std::string>("status"), "fine");
}

TEST_F(CodedCalls, AResultIsDecodedAndAHistoryIsNot) {
    service::GetWorkflowExecutionHistoryResponse response;
    auto* const event = response.mutable_history()->add_events();
    event->set_event_type(enums::EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED);
    encode(
        "done",
        "order-7",
        event->mutable_workflow_execution_completed_event_attributes()
            ->mutable_result()
            ->add_payloads()
    );
    server.channel->answer(response);
    EXPECT_EQ(server.client.handle("order-7").result<std::string>(), "done");
    event->set_event_id(1);
    event->set_event_type(enums::EVENT_TYPE_WORKFLOW_EXECUTION_STARTED);
    encode(
        "secret",
        "order-7",
        event->mutable_workflow_execution_started_event_attributes()->mutable_input()->add_payloads(
        )
    );
    server.channel->answer(response);
    const std::string history = server.client.handle("order-7").history().serialized();
    EXPECT_THAT(history, HasSubstr("terces"));
}

TEST_F(CodedCalls, WhatAFailedCallSaysIsDecoded) {
    temporal::api::errordetails::v1::QueryFailedFailure detail;
    convert::to_failure(
        std::make_exception_ptr(ApplicationError{
            "no",
            {.details = BoundCodec{}.encode(
                 encode_arguments("because"),
                 {.workflow_namespace = "orders", .workflow_id = "order-7"}
             )}
        }),
        detail.mutable_failure()
    );
    server.channel->fail(RpcCode::InvalidArgument, "query failed", detail);
    const auto error = thrown_by<QueryFailedError>([&] {
        static_cast<void>(server.client.handle("order-7").query<int>("status"));
    });
    const auto cause = std::dynamic_pointer_cast<const ApplicationError>(error.cause());
    ASSERT_NE(cause, nullptr);
    EXPECT_EQ(cause->detail<std::string>(0), "because");
}

TEST_F(CodedCalls, WhyACallFailedIsToldEvenIfItsDetailsCannotBeDecoded) {
    use({.codecs = {std::make_shared<Broken>()}});
    temporal::api::errordetails::v1::QueryFailedFailure detail;
    convert::to_failure(
        std::make_exception_ptr(ApplicationError{"no", {.details = encode_arguments("because")}}),
        detail.mutable_failure()
    );
    server.channel->fail(RpcCode::InvalidArgument, "query failed", detail);
    const auto error = thrown_by<QueryFailedError>([&] {
        static_cast<void>(server.client.handle("order-7").query<int>("status"));
    });
    EXPECT_THAT(error.what(), HasSubstr("query failed"));
    EXPECT_THAT(error.what(), HasSubstr("broken could not decode payloads: no key"));
    ASSERT_NE(error.cause(), nullptr);
    EXPECT_EQ(error.cause()->message(), "no");
}

TEST_F(CodedCalls, ACodecThatFailsOnTheWayThereFailsTheCallBeforeAnythingIsSent) {
    use({.codecs = {std::make_shared<Broken>()}});
    const auto error =
        thrown_by<PayloadCodecError>([&] { server.client.handle("order-7").signal("poke", 1); });
    EXPECT_THAT(error.what(), HasSubstr("broken could not encode payloads: no key"));
    EXPECT_EQ(server.channel->calls(), 0U);
}

TEST_F(CodedCalls, ACodecThatFailsOnTheWayBackFailsTheCall) {
    use({.codecs = {std::make_shared<Broken>()}});
    service::QueryWorkflowResponse response;
    encode("fine", "order-7", response.mutable_query_result()->add_payloads());
    server.channel->answer(response);
    const auto error = thrown_by<PayloadCodecError>([&] {
        static_cast<void>(server.client.handle("order-7").query<std::string>("status"));
    });
    EXPECT_THAT(error.what(), HasSubstr("broken could not decode payloads: no key"));
}

std::string bound_to(const convert::ProtoPayload& payload) {
    return payload.metadata().at("bound-to");
}

TEST_F(CodedCalls, WhoCompletesAnActivityByItsTokenKnowsNoWorkflow) {
    server.channel->answer(service::RespondActivityTaskCompletedResponse{})
        .answer(service::RespondActivityTaskCompletedByIdResponse{});
    server.client.async_activity("token").complete("receipt");
    const AsyncActivityId id{.workflow_id = "order-7", .activity_id = "charge"};
    server.client.async_activity(id).complete("receipt");
    const auto by_token = server.channel->request<service::RespondActivityTaskCompletedRequest>(0);
    EXPECT_EQ(bound_to(by_token.result().payloads(0)), "orders///");
    const auto by_id = server.channel->request<service::RespondActivityTaskCompletedByIdRequest>(1);
    EXPECT_EQ(bound_to(by_id.result().payloads(0)), "orders/order-7//charge");
}

TEST_F(CodedCalls, AScheduleKnowsItsWorkflowsByTheIdWithoutTheTime) {
    server.channel->answer(service::CreateScheduleResponse{});
    server.client.create_schedule(
        "every-night",
        {.action =
             {.id = "report",
              .task_queue = "reports",
              .type = "Report",
              .arguments = encode_arguments("secret")}}
    );
    const auto request = server.channel->request<service::CreateScheduleRequest>(0);
    const auto& action = request.schedule().action().start_workflow();
    EXPECT_EQ(bound_to(action.input().payloads(0)), "orders/report//");
}

TEST_F(CodedCalls, RawCallsAreNotTouched) {
    service::SignalWorkflowExecutionRequest signal;
    signal.mutable_workflow_execution()->set_workflow_id("order-7");
    convert::to_proto(encode_arguments("secret").front(), signal.mutable_input()->add_payloads());
    service::QueryWorkflowResponse response;
    encode("fine", "order-7", response.mutable_query_result()->add_payloads());
    server.channel->answer(service::SignalWorkflowExecutionResponse{}).answer(response);

    static_cast<void>(raw::call<service::SignalWorkflowExecutionResponse>(
        server.client, raw::Service::Workflow, "SignalWorkflowExecution", signal
    ));
    const auto sent = server.channel->request<service::SignalWorkflowExecutionRequest>(0);
    EXPECT_EQ(sent.input().payloads(0).data(), "\"secret\"");
    const auto answer = raw::call<service::QueryWorkflowResponse>(
        server.client, raw::Service::Workflow, "QueryWorkflow", service::QueryWorkflowRequest{}
    );
    EXPECT_EQ(answer.query_result().payloads(0).data(), "\"enif\"");
}

TEST_F(CodedCalls, CallsWithoutPayloadsAreLeftAlone) {
    use({.codecs = {std::make_shared<Broken>()}});
    server.channel->answer(service::RequestCancelWorkflowExecutionResponse{});
    EXPECT_NO_THROW(server.client.handle("order-7").cancel());
}

}  // namespace
}  // namespace hourglass::client
