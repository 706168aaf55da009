// Activities from a client: completed from outside, and without a workflow.
#include "hourglass/client/activity_handle.hpp"
#include "src/convert/failure_converter.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/errordetails/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>

namespace shop {
std::string charge(std::string customer, int cents);
std::string charge(std::string customer, int cents) {
    return customer + std::to_string(cents);
}
}  // namespace shop

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

struct FromOutside : testing::Test {
    FakeServer server;
    AsyncActivityHandle by_token = server.client.async_activity("token");
    AsyncActivityHandle by_id = server.client.async_activity(
        {.workflow_id = "order-7", .run_id = "run-1", .activity_id = "charge"}
    );
};

TEST_F(FromOutside, AnActivityIsCompletedByTokenOrById) {
    server.channel->answer(service::RespondActivityTaskCompletedResponse{})
        .answer(service::RespondActivityTaskCompletedByIdResponse{});
    by_token.complete("receipt");
    by_id.complete();
    const auto first = server.channel->request<service::RespondActivityTaskCompletedRequest>(0);
    EXPECT_EQ(first.task_token(), "token");
    EXPECT_EQ(first.namespace_(), "orders");
    EXPECT_EQ(first.identity(), "tester");
    EXPECT_EQ(first.result().payloads(0).data(), "\"receipt\"");
    const auto second =
        server.channel->request<service::RespondActivityTaskCompletedByIdRequest>(1);
    EXPECT_EQ(server.channel->call_at(1).method, "RespondActivityTaskCompletedById");
    EXPECT_EQ(second.workflow_id(), "order-7");
    EXPECT_EQ(second.run_id(), "run-1");
    EXPECT_EQ(second.activity_id(), "charge");
    EXPECT_FALSE(second.has_result());
}

TEST_F(FromOutside, AnActivityMayBeNamedInBraces) {
    server.channel->answer(service::RespondActivityTaskCompletedByIdResponse{})
        .answer(service::RespondActivityTaskCompletedByIdResponse{});
    const std::string id = "charge";
    server.client.async_activity({.workflow_id = "order-7", .activity_id = "charge"}).complete();
    server.client.async_activity({.activity_id = id}).complete();
    const auto request = [this](std::size_t number) {
        return server.channel->request<service::RespondActivityTaskCompletedByIdRequest>(number);
    };
    EXPECT_EQ(request(0).workflow_id(), "order-7");
    EXPECT_EQ(request(1).workflow_id(), "");
    EXPECT_EQ(request(1).activity_id(), "charge");
}

TEST_F(FromOutside, AnActivityFailsWithAnyException) {
    server.channel->answer(service::RespondActivityTaskFailedResponse{})
        .answer(service::RespondActivityTaskFailedByIdResponse{});
    by_token.fail(ApplicationError{"declined", {.type = "Declined", .non_retryable = true}});
    by_id.fail(std::runtime_error{"broken"}, encode_arguments(7));
    const auto first = server.channel->request<service::RespondActivityTaskFailedRequest>(0);
    EXPECT_EQ(first.failure().application_failure_info().type(), "Declined");
    EXPECT_TRUE(first.failure().application_failure_info().non_retryable());
    EXPECT_FALSE(first.has_last_heartbeat_details());
    const auto second = server.channel->request<service::RespondActivityTaskFailedByIdRequest>(1);
    EXPECT_EQ(second.failure().message(), "broken");
    EXPECT_EQ(second.last_heartbeat_details().payloads(0).data(), "7");
}

/// Of a program's own, with a type that its class names.
struct CardDeclined : ApplicationError {
    using ApplicationError::ApplicationError;
};
struct Unreadable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

TEST_F(FromOutside, AnActivityFailsWithTheWholeExceptionThatIsKnownByItsBase) {
    for (int i = 0; i < 6; ++i) {
        server.channel->answer(service::RespondActivityTaskFailedResponse{});
    }
    const CardDeclined declined{
        "declined", {.non_retryable = true, .details = encode_arguments(7)}
    };
    const Unreadable unreadable{"no JSON"};
    const std::exception& by_base = declined;
    by_token.fail(by_base);
    by_token.fail(static_cast<const std::exception&>(unreadable));
    try {
        throw declined;
    } catch (const std::exception& caught) {
        by_token.fail(caught);
        by_token.fail(static_cast<const std::exception&>(unreadable));  // another than is handled
    }
    by_token.fail(std::make_exception_ptr(declined));
    by_token.fail(std::make_exception_ptr(7), encode_arguments("half"));
    const auto failure = [this](std::size_t call) {
        return server.channel->request<service::RespondActivityTaskFailedRequest>(call).failure();
    };
    for (const std::size_t call : {0U, 2U, 4U}) {
        EXPECT_EQ(failure(call).message(), "declined");
        const auto info = failure(call).application_failure_info();
        EXPECT_THAT(info.type(), HasSubstr("CardDeclined")) << call;
        EXPECT_TRUE(info.non_retryable());
        EXPECT_EQ(info.details().payloads(0).data(), "7");
    }
    for (const std::size_t call : {1U, 3U}) {
        EXPECT_EQ(failure(call).message(), "no JSON");
        EXPECT_THAT(failure(call).application_failure_info().type(), HasSubstr("Unreadable"));
    }
    EXPECT_EQ(failure(5).message(), "7");
    EXPECT_EQ(
        server.channel->request<service::RespondActivityTaskFailedRequest>(5)
            .last_heartbeat_details()
            .payloads(0)
            .data(),
        "\"half\""
    );
    EXPECT_THROW(by_token.fail(std::exception_ptr{}), ConfigurationError);
}

TEST_F(FromOutside, AHeartbeatTellsWhenToStop) {
    service::RecordActivityTaskHeartbeatResponse cancelled;
    cancelled.set_cancel_requested(true);
    service::RecordActivityTaskHeartbeatByIdResponse paused;
    paused.set_activity_paused(true);
    server.channel->answer(service::RecordActivityTaskHeartbeatResponse{})
        .answer(cancelled)
        .answer(paused);
    by_token.heartbeat("half", 50);
    EXPECT_EQ(
        server.channel->request<service::RecordActivityTaskHeartbeatRequest>(0)
            .details()
            .payloads_size(),
        2
    );
    const auto first = thrown_by<AsyncActivityCancelledError>([this] { by_token.heartbeat(); });
    EXPECT_TRUE(first.cancel_requested());
    EXPECT_FALSE(first.paused());
    const auto second = thrown_by<AsyncActivityCancelledError>([this] { by_id.heartbeat(); });
    EXPECT_FALSE(second.cancel_requested());
    EXPECT_TRUE(second.paused());
}

TEST_F(FromOutside, ACancellationIsReported) {
    server.channel->answer(service::RespondActivityTaskCanceledResponse{})
        .answer(service::RespondActivityTaskCanceledByIdResponse{});
    by_token.report_cancellation("undone");
    by_id.report_cancellation();
    EXPECT_EQ(
        server.channel->request<service::RespondActivityTaskCanceledRequest>(0)
            .details()
            .payloads(0)
            .data(),
        "\"undone\""
    );
    EXPECT_EQ(
        server.channel->request<service::RespondActivityTaskCanceledByIdRequest>(1).activity_id(),
        "charge"
    );
}

TEST_F(FromOutside, AnAttemptThatIsGoneIsNamed) {
    server.channel->fail(RpcCode::NotFound, "activity not found");
    const auto error = thrown_by<ActivityNotFoundError>([this] { by_id.complete(); });
    EXPECT_EQ(error.activity_id(), "charge");
    EXPECT_THAT(error.what(), HasSubstr("activity \"charge\" of workflow \"order-7\""));
    EXPECT_THROW(server.client.async_activity("").complete(), ConfigurationError);
    EXPECT_THROW(server.client.async_activity(AsyncActivityId{}).heartbeat(), ConfigurationError);
    EXPECT_EQ(server.channel->calls(), 1U);
}

struct Standalone : testing::Test {
    FakeServer server;

    void will_start() {
        service::StartActivityExecutionResponse response;
        response.set_run_id("run-1");
        response.set_started(true);
        server.channel->answer(response);
    }
    static service::PollActivityExecutionResponse result(const std::string& json) {
        service::PollActivityExecutionResponse response;
        response.set_run_id("run-1");
        auto& payload = *response.mutable_outcome()->mutable_result()->add_payloads();
        (*payload.mutable_metadata())["encoding"] = "json/plain";
        payload.set_data(json);
        return response;
    }
};

TEST_F(Standalone, ActivitiesAreStartedWithAllTheirOptions) {
    will_start();
    const auto handle = server.client.start_activity<&shop::charge>(
        {.id = "charge-7",
         .task_queue = "payments",
         .schedule_to_close_timeout = 1h,
         .schedule_to_start_timeout = 1min,
         .start_to_close_timeout = 30s,
         .heartbeat_timeout = 5s,
         .retry_policy = RetryPolicy{.maximum_attempts = 3},
         .id_reuse_policy = ActivityIdReusePolicy::RejectDuplicate,
         .id_conflict_policy = ActivityIdConflictPolicy::UseExisting,
         .start_delay = 2s,
         .search_attributes = {search_attribute::keyword("CustomerId").set("ada")},
         .static_summary = "a charge",
         .priority = {.key = 1}},
        "ada",
        1999
    );
    const auto sent = server.channel->request<service::StartActivityExecutionRequest>(0);
    EXPECT_EQ(sent.activity_id(), "charge-7");
    EXPECT_EQ(sent.activity_type().name(), "charge");
    EXPECT_EQ(sent.task_queue().name(), "payments");
    EXPECT_EQ(sent.schedule_to_close_timeout().seconds(), 3600);
    EXPECT_EQ(sent.schedule_to_start_timeout().seconds(), 60);
    EXPECT_EQ(sent.start_to_close_timeout().seconds(), 30);
    EXPECT_EQ(sent.heartbeat_timeout().seconds(), 5);
    EXPECT_EQ(sent.retry_policy().maximum_attempts(), 3);
    EXPECT_EQ(sent.id_reuse_policy(), enums::ACTIVITY_ID_REUSE_POLICY_REJECT_DUPLICATE);
    EXPECT_EQ(sent.id_conflict_policy(), enums::ACTIVITY_ID_CONFLICT_POLICY_USE_EXISTING);
    EXPECT_EQ(sent.start_delay().seconds(), 2);
    EXPECT_EQ(sent.search_attributes().indexed_fields().at("CustomerId").data(), "\"ada\"");
    EXPECT_EQ(sent.user_metadata().summary().data(), "\"a charge\"");
    EXPECT_EQ(sent.priority().priority_key(), 1);
    EXPECT_EQ(sent.input().payloads(1).data(), "1999");
    EXPECT_EQ(sent.request_id().size(), 36U);
    EXPECT_EQ(handle.id(), "charge-7");
    EXPECT_EQ(handle.run_id(), "run-1");
}

TEST_F(Standalone, ActivitiesArePolledForUntilTheyHaveAnOutcome) {
    will_start();
    server.channel->answer(service::PollActivityExecutionResponse{})
        .fail(RpcCode::DeadlineExceeded, "the poll ended")
        .answer(result("\"receipt\""));
    EXPECT_EQ(
        server.client.execute_activity<std::string>(
            "charge", {.id = "charge-7", .start_to_close_timeout = 1s}
        ),
        "receipt"
    );
    EXPECT_EQ(server.channel->calls(), 4U);
    EXPECT_TRUE(server.channel->call_at(3).long_poll);
    EXPECT_EQ(server.channel->request<service::PollActivityExecutionRequest>(3).run_id(), "run-1");
}

TEST_F(Standalone, ActivitiesTellTheirFailureAndTheirWaitEnds) {
    service::PollActivityExecutionResponse failed;
    failed.set_run_id("run-1");
    convert::to_failure(
        ApplicationError{"declined", {.type = "Declined"}},
        failed.mutable_outcome()->mutable_failure()
    );
    server.channel->answer(failed);
    const auto handle = server.client.activity<int>("charge-7");
    const auto error = thrown_by<ActivityFailedError>([&] { (void)handle.result(); });
    EXPECT_EQ(error.activity_id(), "charge-7");
    EXPECT_EQ(error.run_id(), "run-1");
    EXPECT_EQ(error.find_cause<ApplicationError>()->type(), "Declined");
    EXPECT_THROW((void)handle.result({.timeout = 1ms}), WaitTimeoutError);
}

TEST_F(Standalone, ActivitiesAreDescribed) {
    service::DescribeActivityExecutionResponse response;
    auto& info = *response.mutable_info();
    info.set_activity_id("charge-7");
    info.set_run_id("run-1");
    info.mutable_activity_type()->set_name("charge");
    info.set_status(enums::ACTIVITY_EXECUTION_STATUS_RUNNING);
    info.set_run_state(enums::PENDING_ACTIVITY_STATE_STARTED);
    info.set_attempt(2);
    info.mutable_start_to_close_timeout()->set_seconds(30);
    info.mutable_retry_policy()->set_maximum_attempts(3);
    info.set_canceled_reason("enough");
    convert::to_failure(ApplicationError{"declined"}, info.mutable_last_failure());
    server.channel->answer(response);
    const auto description = server.client.activity<&shop::charge>("charge-7").describe();
    EXPECT_EQ(description.status, ActivityStatus::Running);
    EXPECT_EQ(to_text(description.status), "Running");
    EXPECT_EQ(description.run_state, PendingActivityState::Started);
    EXPECT_EQ(description.attempt, 2);
    EXPECT_EQ(description.start_to_close_timeout, 30s);
    EXPECT_EQ(description.heartbeat_timeout, std::nullopt);
    EXPECT_EQ(description.retry_policy.maximum_attempts, 3);
    EXPECT_EQ(description.cancel_reason, "enough");
    EXPECT_EQ(description.last_failure->message(), "declined");
    EXPECT_TRUE(
        server.channel->request<service::DescribeActivityExecutionRequest>(0).include_last_failure()
    );
}

TEST_F(Standalone, ActivitiesAreEndedListedAndCounted) {
    server.channel->answer(service::RequestCancelActivityExecutionResponse{})
        .answer(service::TerminateActivityExecutionResponse{})
        .answer(service::DeleteActivityExecutionResponse{});
    const auto handle = server.client.activity<void>("charge-7", "run-1");
    handle.cancel("enough");
    handle.terminate("now");
    handle.remove();
    const auto cancel = server.channel->request<service::RequestCancelActivityExecutionRequest>(0);
    EXPECT_EQ(cancel.reason(), "enough");
    EXPECT_EQ(cancel.run_id(), "run-1");
    EXPECT_EQ(
        server.channel->request<service::TerminateActivityExecutionRequest>(1).reason(), "now"
    );
    EXPECT_EQ(server.channel->call_at(2).method, "DeleteActivityExecution");
    service::ListActivityExecutionsResponse list;
    list.add_executions()->set_activity_id("charge-7");
    service::CountActivityExecutionsResponse count;
    count.set_count(1);
    server.channel->answer(list).answer(count);
    std::vector<std::string> ids;
    for (const auto& each : server.client.list_activities("ActivityType = 'charge'")) {
        ids.push_back(each.id);
    }
    EXPECT_THAT(ids, ElementsAre("charge-7"));
    EXPECT_EQ(server.client.count_activities().total, 1);
}

TEST_F(Standalone, ActivitiesThatExistOrDoNotAreNamed) {
    temporal::api::errordetails::v1::ActivityExecutionAlreadyStartedFailure detail;
    detail.set_run_id("run-0");
    server.channel->fail(RpcCode::AlreadyExists, "already started", detail);
    const auto exists = thrown_by<ActivityAlreadyStartedError>([this] {
        (void)server.client.start_activity<void>("x", {.id = "a", .start_to_close_timeout = 1s});
    });
    EXPECT_EQ(exists.run_id(), "run-0");
    server.channel->fail(RpcCode::NotFound, "not found");
    EXPECT_THROW((void)server.client.activity<void>("a").describe(), ActivityNotFoundError);
}

TEST_F(Standalone, OptionsThatCannotBeMeantAreRefusedBeforeAnythingIsSent) {
    const auto rejected = [this](const StartActivityOptions& options) {
        return std::string{thrown_by<ConfigurationError>([&] {
                               (void)server.client.start_activity<void>("x", options);
                           }).what()};
    };
    EXPECT_THAT(rejected({}), HasSubstr("StartActivityOptions::id"));
    EXPECT_THAT(rejected({.id = "a"}), HasSubstr("neither schedule_to_close_timeout nor"));
    EXPECT_THAT(
        rejected({.id = "a", .start_to_close_timeout = 0s}),
        HasSubstr("start_to_close_timeout is 0")
    );
    EXPECT_THAT(
        rejected({.id = "a", .task_queue = "", .start_to_close_timeout = 1s}),
        HasSubstr("task_queue")
    );
    EXPECT_THROW(
        (void)server.client.start_activity<void>("", {.id = "a", .start_to_close_timeout = 1s}),
        ConfigurationError
    );
    EXPECT_THROW((void)server.client.activity<void>("").result(), ConfigurationError);
    EXPECT_THROW(server.client.activity<void>("").remove(), ConfigurationError);
    EXPECT_EQ(server.channel->calls(), 0U);
}

}  // namespace
}  // namespace hourglass::client
