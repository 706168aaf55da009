#include "tests/unit/client/checkout.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/errordetails/v1/message.pb.h"
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

struct Start : testing::Test {
    FakeServer server;

    void will_start(const std::string& run_id) {
        service::StartWorkflowExecutionResponse response;
        response.set_run_id(run_id);
        response.set_started(true);
        server.channel->answer(response);
    }
    service::StartWorkflowExecutionRequest sent() {
        return server.channel->request<service::StartWorkflowExecutionRequest>(0);
    }
};

TEST_F(Start, SendsTheNameOfTheClassAndTheEncodedArguments) {
    will_start("run-1");
    const auto handle = server.client.start<&Checkout::run>({.id = "order-7"}, "ada", 1999);
    EXPECT_EQ(server.channel->call_at(0).method, "StartWorkflowExecution");
    const auto request = sent();
    EXPECT_EQ(request.namespace_(), "orders");
    EXPECT_EQ(request.workflow_id(), "order-7");
    EXPECT_EQ(request.workflow_type().name(), "Checkout");
    EXPECT_EQ(request.task_queue().name(), "default");
    EXPECT_EQ(request.identity(), "tester");
    EXPECT_EQ(request.request_id().size(), 36U);
    ASSERT_EQ(request.input().payloads_size(), 2);
    EXPECT_EQ(request.input().payloads(0).data(), "\"ada\"");
    EXPECT_EQ(request.input().payloads(1).data(), "1999");
    EXPECT_EQ(handle.id(), "order-7");
    EXPECT_EQ(handle.run_id(), "");
    EXPECT_EQ(handle.first_execution_run_id(), "run-1");
}

TEST_F(Start, ByNameTakesAnyArguments) {
    will_start("run-1");
    const auto handle = server.client.start(
        "legacy-checkout", {.id = "order-8", .task_queue = "legacy"}, 1, true, "x"
    );
    EXPECT_EQ(sent().workflow_type().name(), "legacy-checkout");
    EXPECT_EQ(sent().task_queue().name(), "legacy");
    EXPECT_EQ(sent().input().payloads_size(), 3);
    EXPECT_EQ(handle.id(), "order-8");
}

TEST_F(Start, LeavesUnsetWhatTheOptionsLeaveUnset) {
    will_start("run-1");
    server.client.start("Checkout", {.id = "order-7"});
    const auto request = sent();
    EXPECT_FALSE(request.has_workflow_execution_timeout());
    EXPECT_FALSE(request.has_workflow_run_timeout());
    EXPECT_FALSE(request.has_workflow_task_timeout());
    EXPECT_FALSE(request.has_workflow_start_delay());
    EXPECT_FALSE(request.has_retry_policy());
    EXPECT_FALSE(request.has_memo());
    EXPECT_FALSE(request.has_user_metadata());
    EXPECT_FALSE(request.request_eager_execution());
    EXPECT_FALSE(request.has_search_attributes());
    EXPECT_FALSE(request.has_priority());
    EXPECT_FALSE(request.has_versioning_override());
    EXPECT_EQ(request.cron_schedule(), "");
    EXPECT_EQ(request.workflow_id_reuse_policy(), enums::WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE);
    EXPECT_EQ(request.workflow_id_conflict_policy(), enums::WORKFLOW_ID_CONFLICT_POLICY_FAIL);
}

TEST_F(Start, SendsEveryOption) {
    will_start("run-1");
    server.client.start(
        "Checkout",
        {.id = "order-7",
         .id_reuse_policy = WorkflowIdReusePolicy::AllowDuplicateFailedOnly,
         .id_conflict_policy = WorkflowIdConflictPolicy::UseExisting,
         .execution_timeout = 1h,
         .run_timeout = 90s,
         .task_timeout = 1500ms,
         .retry_policy = RetryPolicy{.maximum_attempts = 3},
         .start_delay = 5s,
         .memo = {{"customer", to_payload("ada")}},
         .static_summary = "an order",
         .static_details = "of *ada*"}
    );
    const auto request = sent();
    EXPECT_EQ(
        request.workflow_id_reuse_policy(),
        enums::WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY
    );
    EXPECT_EQ(
        request.workflow_id_conflict_policy(), enums::WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING
    );
    EXPECT_EQ(request.workflow_execution_timeout().seconds(), 3600);
    EXPECT_EQ(request.workflow_run_timeout().seconds(), 90);
    EXPECT_EQ(request.workflow_task_timeout().seconds(), 1);
    EXPECT_EQ(request.workflow_task_timeout().nanos(), 500'000'000);
    EXPECT_EQ(request.workflow_start_delay().seconds(), 5);
    EXPECT_EQ(request.retry_policy().maximum_attempts(), 3);
    EXPECT_EQ(request.memo().fields().at("customer").data(), "\"ada\"");
    EXPECT_EQ(request.user_metadata().summary().data(), "\"an order\"");
    EXPECT_EQ(request.user_metadata().details().data(), "\"of *ada*\"");
}

TEST_F(Start, SendsSearchAttributesPriorityAndVersion) {
    will_start("run-1");
    server.client.start(
        "Checkout",
        {.id = "order-7",
         .search_attributes =
             {search_attribute::keyword("CustomerId").set("ada"),
              search_attribute::integer("Cents").set(1999)},
         .priority = {.key = 1, .fairness_key = "tenant", .fairness_weight = 2.0F},
         .versioning_override =
             VersioningOverride::pinned({.deployment_name = "orders", .build_id = "v2"}),
         .request_eager_start = true}
    );
    const auto request = sent();
    const auto& attributes = request.search_attributes().indexed_fields();
    EXPECT_EQ(attributes.at("CustomerId").data(), "\"ada\"");
    EXPECT_EQ(attributes.at("CustomerId").metadata().at("type"), "Keyword");
    EXPECT_EQ(attributes.at("Cents").data(), "1999");
    EXPECT_EQ(request.priority().priority_key(), 1);
    EXPECT_EQ(request.priority().fairness_key(), "tenant");
    EXPECT_EQ(request.priority().fairness_weight(), 2.0F);
    EXPECT_EQ(request.versioning_override().pinned().version().build_id(), "v2");
    EXPECT_TRUE(request.request_eager_execution());
}

TEST_F(Start, SendsTheCronSchedule) {
    will_start("run-1");
    server.client.start("Checkout", {.id = "nightly", .cron_schedule = "0 3 * * *"});
    EXPECT_EQ(sent().cron_schedule(), "0 3 * * *");
}

TEST_F(Start, RefusesOptionsThatCannotBeMeant) {
    const auto rejected = [this](StartOptions options) {
        const auto error =
            thrown_by<ConfigurationError>([&] { server.client.start("Checkout", options); });
        return std::string{error.what()};
    };
    EXPECT_THAT(rejected({}), HasSubstr("without an id"));
    EXPECT_THAT(rejected({.id = "a", .task_queue = ""}), HasSubstr("task_queue is empty"));
    EXPECT_THAT(rejected({.id = "a", .run_timeout = 0s}), HasSubstr("run_timeout is 0 ms"));
    EXPECT_THAT(
        rejected({.id = "a", .cron_schedule = "@daily", .start_delay = 1s}),
        HasSubstr("exclude each other")
    );
    EXPECT_THAT(
        rejected({.id = "a", .cron_schedule = "0 25 * * *"}),
        HasSubstr("StartOptions::cron_schedule is \"0 25 * * *\": its hour has \"25\"")
    );
    EXPECT_THAT(rejected({.id = "\xff"}), HasSubstr("UTF-8"));
    EXPECT_THAT(
        rejected({.id = "a", .retry_policy = RetryPolicy{.maximum_attempts = -1}}),
        HasSubstr("maximum_attempts")
    );
    EXPECT_THAT(rejected({.id = "a", .priority = {.key = 0}}), HasSubstr("Priority::key"));
    EXPECT_THAT(
        rejected({.id = "a", .versioning_override = VersioningOverride::pinned({})}),
        HasSubstr("deployment_name")
    );
    EXPECT_EQ(server.channel->calls(), 0U);
}

TEST_F(Start, SaysThatAnExecutionHasTheId) {
    temporal::api::errordetails::v1::WorkflowExecutionAlreadyStartedFailure detail;
    detail.set_run_id("run-0");
    server.channel->fail(RpcCode::AlreadyExists, "Workflow execution is already running", detail);
    const auto error = thrown_by<WorkflowAlreadyStartedError>([&] {
        server.client.start<&Checkout::run>({.id = "order-7"}, "ada", 1);
    });
    EXPECT_EQ(error.workflow_id(), "order-7");
    EXPECT_EQ(error.run_id(), "run-0");
    EXPECT_EQ(error.code(), RpcCode::AlreadyExists);
    EXPECT_THAT(error.what(), HasSubstr("order-7"));
}

TEST_F(Start, KeepsTheChainOfAnExecutionThatWasThereBefore) {
    service::StartWorkflowExecutionResponse response;
    response.set_run_id("run-5");
    response.set_first_execution_run_id("run-1");
    server.channel->answer(response);
    const auto handle = server.client.start(
        "Checkout", {.id = "order-7", .id_conflict_policy = WorkflowIdConflictPolicy::UseExisting}
    );
    EXPECT_EQ(handle.first_execution_run_id(), "run-1");
}

TEST_F(Start, RepeatsTheSameRequestAfterATransientFailure) {
    server.channel->fail(RpcCode::Unavailable, "away");
    will_start("run-1");
    server.client.start("Checkout", {.id = "order-7"});
    EXPECT_EQ(server.channel->call_at(0).body, server.channel->call_at(1).body);
}

TEST_F(Start, ThrowsAtTheCallWhatCannotBeEncoded) {
    EXPECT_THROW(
        (void)server.client.start_async("Checkout", {.id = "order-7"}, "\xff\xfe"), ConversionError
    );
    EXPECT_EQ(server.channel->calls(), 0U);
}

TEST_F(Start, AsyncDeliversErrorsThroughTheFuture) {
    const auto future = server.client.start_async("Checkout", {});
    EXPECT_THROW((void)future.get(), ConfigurationError);
}

}  // namespace
}  // namespace hourglass::client
