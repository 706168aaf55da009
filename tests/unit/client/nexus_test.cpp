// Nexus operations from a client, without a workflow.
#include "hourglass/nexus/nexus.hpp"

#include "hourglass/client/nexus_client.hpp"
#include "src/codec/payload_pipeline.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "tests/support/bound_codec.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/errordetails/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shop {

struct Shop {
    int price(std::string article);
    hourglass::nexus::Operation<std::string> buy(std::string article);
    void close();
};

}  // namespace shop

HOURGLASS_NEXUS_SERVICE(shop::Shop, operations(price, named(buy, "buy-it"), close), name("shop"))

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using namespace std::chrono_literals;
using shop::Shop;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

struct NexusOperations : testing::Test {
    FakeServer server;
    NexusClient<Shop> shop = server.client.nexus_client<Shop>("shop-prod");

    void will_start() {
        service::StartNexusOperationExecutionResponse response;
        response.set_run_id("run-1");
        response.set_started(true);
        server.channel->answer(response);
    }
    static service::PollNexusOperationExecutionResponse result(const Payload& payload) {
        service::PollNexusOperationExecutionResponse response;
        response.set_run_id("run-1");
        convert::to_proto(payload, response.mutable_result());
        return response;
    }
    [[nodiscard]] auto started(std::size_t call) const {
        return server.channel->request<service::StartNexusOperationExecutionRequest>(call);
    }
};

TEST_F(NexusOperations, AreStartedWithAllTheirOptions) {
    will_start();
    const NexusOperationHandle<int> handle = shop.start<&Shop::price>(
        {.id = "price-7",
         .schedule_to_close_timeout = 1h,
         .schedule_to_start_timeout = 1min,
         .start_to_close_timeout = 30s,
         .id_reuse_policy = NexusOperationIdReusePolicy::RejectDuplicate,
         .id_conflict_policy = NexusOperationIdConflictPolicy::UseExisting,
         .headers = {{"tenant", "blue"}},
         .search_attributes = {search_attribute::keyword("CustomerId").set("ada")},
         .static_summary = "a price"},
        "socks"
    );
    const auto sent = started(0);
    EXPECT_EQ(sent.namespace_(), "orders");
    EXPECT_EQ(sent.identity(), "tester");
    EXPECT_EQ(sent.request_id().size(), 36U);
    EXPECT_EQ(sent.operation_id(), "price-7");
    EXPECT_EQ(sent.endpoint(), "shop-prod");
    EXPECT_EQ(sent.service(), "shop");
    EXPECT_EQ(sent.operation(), "price");
    EXPECT_EQ(sent.schedule_to_close_timeout().seconds(), 3600);
    EXPECT_EQ(sent.schedule_to_start_timeout().seconds(), 60);
    EXPECT_EQ(sent.start_to_close_timeout().seconds(), 30);
    EXPECT_EQ(sent.id_reuse_policy(), enums::NEXUS_OPERATION_ID_REUSE_POLICY_REJECT_DUPLICATE);
    EXPECT_EQ(sent.id_conflict_policy(), enums::NEXUS_OPERATION_ID_CONFLICT_POLICY_USE_EXISTING);
    EXPECT_EQ(sent.nexus_header().at("tenant"), "blue");
    EXPECT_EQ(sent.search_attributes().indexed_fields().at("CustomerId").data(), "\"ada\"");
    EXPECT_EQ(sent.user_metadata().summary().data(), "\"a price\"");
    EXPECT_EQ(sent.input().data(), "\"socks\"");
    EXPECT_EQ(handle.id(), "price-7");
    EXPECT_EQ(handle.run_id(), "run-1");
}

TEST_F(NexusOperations, ArePolledForUntilTheyHaveAnOutcome) {
    will_start();
    server.channel->answer(service::PollNexusOperationExecutionResponse{})
        .fail(RpcCode::DeadlineExceeded, "the poll ended")
        .answer(result(to_payload(std::string{"a receipt"})));
    EXPECT_EQ(shop.execute<&Shop::buy>({.id = "buy-7"}, "socks"), "a receipt");
    EXPECT_EQ(started(0).operation(), "buy-it");
    EXPECT_EQ(server.channel->calls(), 4U);
    EXPECT_TRUE(server.channel->call_at(3).long_poll);
    const auto poll = server.channel->request<service::PollNexusOperationExecutionRequest>(3);
    EXPECT_EQ(poll.namespace_(), "orders");
    EXPECT_EQ(poll.operation_id(), "buy-7");
    EXPECT_EQ(poll.run_id(), "run-1");
    EXPECT_EQ(poll.wait_stage(), enums::NEXUS_OPERATION_WAIT_STAGE_CLOSED);
}

TEST_F(NexusOperations, ThatTakeAndGiveNothingSendANull) {
    will_start();
    server.channel->answer(result(null_payload()));
    shop.execute<&Shop::close>({.id = "close-7"});
    EXPECT_EQ(started(0).input().metadata().at("encoding"), "binary/null");
}

TEST_F(NexusOperations, ThatHaveEndedWithoutAResultGiveNothing) {
    service::PollNexusOperationExecutionResponse ended;
    ended.set_run_id("run-1");
    ended.set_wait_stage(enums::NEXUS_OPERATION_WAIT_STAGE_CLOSED);
    server.channel->answer(ended).answer(ended).answer(ended);
    server.client.nexus_operation<void>("close-7").result();
    EXPECT_EQ(server.client.nexus_operation<std::optional<int>>("close-7").result(), std::nullopt);
    EXPECT_THROW((void)server.client.nexus_operation<int>("close-7").result(), ConversionError);
    EXPECT_EQ(server.channel->calls(), 3U);
}

TEST_F(NexusOperations, AreStartedByName) {
    will_start();
    server.channel->answer(result(to_payload(499)));
    const NexusClient<> any = server.client.nexus_client("shop-prod", "corner shop");
    EXPECT_EQ(any.execute<int>("price", {.id = "price-7"}, "socks"), 499);
    EXPECT_EQ(started(0).service(), "corner shop");
    EXPECT_EQ(started(0).operation(), "price");
}

TEST_F(NexusOperations, AreCalledWithOptionsOfASingleCall) {
    will_start();
    server.channel->answer(result(to_payload(499)));
    EXPECT_EQ(
        shop.with({.metadata = {{"x-tenant", "ada"}}}
        ).execute<&Shop::price>({.id = "price-7"}, "socks"),
        499
    );
    EXPECT_THAT(server.channel->call_at(0).metadata, ElementsAre(Pair("x-tenant", "ada")));
    EXPECT_THAT(server.channel->call_at(1).metadata, ElementsAre(Pair("x-tenant", "ada")));
}

TEST_F(NexusOperations, TellTheirFailureAndTheirWaitEnds) {
    service::PollNexusOperationExecutionResponse failed;
    failed.set_run_id("run-1");
    convert::to_failure(ApplicationError{"sold out", {.type = "Out"}}, failed.mutable_failure());
    server.channel->answer(failed);
    const auto handle = server.client.nexus_operation<int>("price-7");
    const auto error = thrown_by<NexusOperationFailedError>([&] { (void)handle.result(); });
    EXPECT_EQ(error.operation_id(), "price-7");
    EXPECT_EQ(error.run_id(), "run-1");
    EXPECT_EQ(error.find_cause<ApplicationError>()->type(), "Out");
    EXPECT_THAT(
        error.what(),
        HasSubstr(
            "Nexus operation \"price-7\" (run \"run-1\") failed: ApplicationError (Out): sold out"
        )
    );
    EXPECT_THROW((void)handle.result({.timeout = 1ms}), WaitTimeoutError);
}

TEST_F(NexusOperations, AreDescribed) {
    service::DescribeNexusOperationExecutionResponse response;
    auto& info = *response.mutable_info();
    info.set_operation_id("buy-7");
    info.set_run_id("run-1");
    info.set_endpoint("shop-prod");
    info.set_service("shop");
    info.set_operation("buy-it");
    info.set_status(enums::NEXUS_OPERATION_EXECUTION_STATUS_RUNNING);
    info.set_state(enums::PENDING_NEXUS_OPERATION_STATE_BLOCKED);
    info.set_attempt(2);
    info.mutable_schedule_to_close_timeout()->set_seconds(60);
    info.mutable_expiration_time()->set_seconds(100);
    convert::to_failure(ApplicationError{"not yet"}, info.mutable_last_attempt_failure());
    info.set_blocked_reason("the circuit is open");
    info.set_request_id("request-1");
    info.set_operation_token("token-1");
    info.set_identity("tester");
    (*info.mutable_nexus_header())["tenant"] = "blue";
    auto& cancellation = *info.mutable_cancellation_info();
    cancellation.set_state(enums::NEXUS_OPERATION_CANCELLATION_STATE_BACKING_OFF);
    cancellation.set_reason("enough");
    cancellation.set_attempt(3);
    convert::to_failure(ApplicationError{"deaf"}, cancellation.mutable_last_attempt_failure());
    convert::to_proto(to_payload(std::string{"socks"}), response.mutable_input());
    server.channel->answer(response);

    const auto description = server.client.nexus_operation<&Shop::buy>("buy-7").describe();
    EXPECT_EQ(description.id, "buy-7");
    EXPECT_EQ(description.run_id, "run-1");
    EXPECT_EQ(description.endpoint, "shop-prod");
    EXPECT_EQ(description.service, "shop");
    EXPECT_EQ(description.operation, "buy-it");
    EXPECT_EQ(to_text(description.status), "Running");
    EXPECT_EQ(to_text(description.state), "Blocked");
    EXPECT_EQ(description.attempt, 2);
    EXPECT_EQ(description.schedule_to_close_timeout, 60s);
    EXPECT_EQ(description.start_to_close_timeout, std::nullopt);
    EXPECT_EQ(
        description.expiration_time,
        std::optional{std::chrono::system_clock::time_point{std::chrono::seconds{100}}}
    );
    EXPECT_EQ(description.last_failure->message(), "not yet");
    EXPECT_EQ(description.blocked_reason, "the circuit is open");
    EXPECT_EQ(description.request_id, "request-1");
    EXPECT_EQ(description.operation_token, "token-1");
    EXPECT_EQ(description.identity, "tester");
    EXPECT_THAT(description.headers, ElementsAre(Pair("tenant", "blue")));
    ASSERT_TRUE(description.cancellation);
    EXPECT_EQ(to_text(description.cancellation->state), "BackingOff");
    EXPECT_EQ(description.cancellation->reason, "enough");
    EXPECT_EQ(description.cancellation->attempt, 3);
    EXPECT_EQ(description.cancellation->last_failure->message(), "deaf");
    EXPECT_EQ(from_payload<std::string>(description.input), "socks");
    EXPECT_TRUE(
        server.channel->request<service::DescribeNexusOperationExecutionRequest>(0).include_input()
    );
}

TEST_F(NexusOperations, AreEnded) {
    server.channel->answer(service::RequestCancelNexusOperationExecutionResponse{})
        .answer(service::TerminateNexusOperationExecutionResponse{})
        .answer(service::DeleteNexusOperationExecutionResponse{});
    const auto handle = server.client.nexus_operation<void>("buy-7", "run-1");
    handle.cancel("enough");
    handle.terminate("now");
    handle.remove();
    const auto cancel =
        server.channel->request<service::RequestCancelNexusOperationExecutionRequest>(0);
    EXPECT_EQ(cancel.operation_id(), "buy-7");
    EXPECT_EQ(cancel.run_id(), "run-1");
    EXPECT_EQ(cancel.reason(), "enough");
    EXPECT_EQ(cancel.request_id().size(), 36U);
    const auto terminate =
        server.channel->request<service::TerminateNexusOperationExecutionRequest>(1);
    EXPECT_EQ(terminate.reason(), "now");
    const auto remove = server.channel->request<service::DeleteNexusOperationExecutionRequest>(2);
    EXPECT_EQ(server.channel->call_at(2).method, "DeleteNexusOperationExecution");
    EXPECT_EQ(remove.operation_id(), "buy-7");
}

TEST_F(NexusOperations, AreListedAndCounted) {
    service::ListNexusOperationExecutionsResponse first;
    first.add_operations()->set_operation_id("buy-7");
    first.set_next_page_token("more");
    service::ListNexusOperationExecutionsResponse second;
    second.add_operations()->set_operation_id("buy-8");
    service::CountNexusOperationExecutionsResponse count;
    count.set_count(2);
    auto& group = *count.add_groups();
    group.set_count(2);
    convert::to_proto(to_payload(std::string{"Running"}), group.add_group_values());
    server.channel->answer(first).answer(second).answer(count);
    std::vector<std::string> ids;
    for (const auto& each :
         server.client.list_nexus_operations("Endpoint = 'shop-prod'", {.page_size = 1})) {
        ids.push_back(each.id);
    }
    EXPECT_THAT(ids, ElementsAre("buy-7", "buy-8"));
    const auto page = server.channel->request<service::ListNexusOperationExecutionsRequest>(1);
    EXPECT_EQ(page.query(), "Endpoint = 'shop-prod'");
    EXPECT_EQ(page.page_size(), 1);
    EXPECT_EQ(page.next_page_token(), "more");
    const Count counted = server.client.count_nexus_operations("GROUP BY ExecutionStatus");
    EXPECT_EQ(counted.total, 2);
    EXPECT_EQ(counted.groups.at(0).value<std::string>(), "Running");
}

TEST_F(NexusOperations, ThatExistOrDoNotAreNamed) {
    temporal::api::errordetails::v1::NexusOperationExecutionAlreadyStartedFailure detail;
    detail.set_run_id("run-0");
    server.channel->fail(RpcCode::AlreadyExists, "already started", detail);
    const auto exists = thrown_by<NexusOperationAlreadyStartedError>([this] {
        (void)shop.start<&Shop::price>({.id = "price-7"}, "socks");
    });
    EXPECT_EQ(exists.operation_id(), "price-7");
    EXPECT_EQ(exists.run_id(), "run-0");
    server.channel->fail(RpcCode::NotFound, "not found");
    const auto missing = thrown_by<NexusOperationNotFoundError>([this] {
        (void)server.client.nexus_operation<void>("price-7").describe();
    });
    EXPECT_EQ(missing.operation_id(), "price-7");
    server.channel->fail(RpcCode::NotFound, "endpoint not registered");
    const auto nowhere = thrown_by<NexusOperationNotFoundError>([this] {
        (void)shop.start<&Shop::price>({.id = "price-7"}, "socks");
    });
    EXPECT_THAT(nowhere.what(), AllOf(HasSubstr("endpoint not registered"), HasSubstr("price-7")));
}

TEST_F(NexusOperations, ThatCannotBeMeantAreRefusedBeforeAnythingIsSent) {
    const auto rejected = [](const NexusClient<>& client,
                             const StartNexusOperationOptions& options) {
        return std::string{thrown_by<ConfigurationError>([&] {
                               (void)client.start<int>("price", options, "socks");
                           }).what()};
    };
    const auto any = server.client.nexus_client("shop-prod", "shop");
    EXPECT_THAT(rejected(any, {}), HasSubstr("StartNexusOperationOptions::id"));
    EXPECT_THAT(
        rejected(any, {.id = "a", .start_to_close_timeout = 0s}),
        HasSubstr("start_to_close_timeout is 0")
    );
    EXPECT_THAT(rejected(any, {.id = "a", .headers = {{"", "x"}}}), HasSubstr("headers"));
    EXPECT_THAT(
        rejected(server.client.nexus_client("", "shop"), {.id = "a"}), HasSubstr("endpoint")
    );
    EXPECT_THAT(
        rejected(server.client.nexus_client("shop-prod", ""), {.id = "a"}), HasSubstr("service")
    );
    EXPECT_THROW((void)any.start<int>("", {.id = "a"}), ConfigurationError);
    const auto nameless = server.client.nexus_operation<void>("");
    EXPECT_THROW(nameless.result(), ConfigurationError);
    EXPECT_THROW((void)nameless.describe(), ConfigurationError);
    EXPECT_THROW(nameless.cancel(), ConfigurationError);
    EXPECT_THROW(nameless.remove(), ConfigurationError);
    EXPECT_THROW(
        (void)server.client.list_nexus_operations("", {.page_size = 0}).begin(), ConfigurationError
    );
    EXPECT_EQ(server.channel->calls(), 0U);
}

TEST_F(NexusOperations, HavePayloadsThatCodecsEncodeAndDecode) {
    const auto codec = std::make_shared<test::BoundCodec>();
    server.context->calls.payloads = codec::PayloadPipeline::make({.codecs = {codec}});
    will_start();
    const Payloads encoded =
        codec->encode(encode_arguments(std::string{"a receipt"}), {.workflow_namespace = "orders"});
    server.channel->answer(result(encoded.front()));
    EXPECT_EQ(shop.execute<&Shop::buy>({.id = "buy-7"}, "socks"), "a receipt");
    EXPECT_EQ(started(0).input().metadata().at("encoding"), test::BoundCodec::kEncoding);
    EXPECT_EQ(started(0).input().data(), "\"skcos\"");
}

}  // namespace
}  // namespace hourglass::client
