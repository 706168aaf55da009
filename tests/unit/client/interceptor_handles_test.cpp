// The calls of handles, lists and counts that interceptors stand around.
#include "hourglass/client/interceptor.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using Time = std::chrono::system_clock::time_point;

/// Refuses each call, saying its name and something of what is in it.
class RefusesHandles final : public ClientInterceptor {
public:
#define HOURGLASS_TEST_REFUSES(method, R, Call, what)             \
    Future<R> method(Call call, Next<Call, Future<R>>) override { \
        throw Error{std::string{#method " "} + (call.what)};      \
    }
    HOURGLASS_TEST_REFUSES(workflow_result, Payloads, WorkflowResultCall, workflow.workflow_id)
    HOURGLASS_TEST_REFUSES(update_result, Payloads, UpdateResultCall, update.id)
    HOURGLASS_TEST_REFUSES(
        fetch_workflow_history, WorkflowHistory, FetchWorkflowHistoryCall, workflow.workflow_id
    )
    HOURGLASS_TEST_REFUSES(pause_workflow, void, PauseWorkflowCall, reason)
    HOURGLASS_TEST_REFUSES(unpause_workflow, void, UnpauseWorkflowCall, reason)
    HOURGLASS_TEST_REFUSES(reset_workflow, std::string, ResetWorkflowCall, options.reason)
    HOURGLASS_TEST_REFUSES(
        update_workflow_options, ExecutionOptions, UpdateWorkflowOptionsCall, workflow.workflow_id
    )
    HOURGLASS_TEST_REFUSES(delete_workflow, void, DeleteWorkflowCall, workflow.workflow_id)
    HOURGLASS_TEST_REFUSES(list_workflows, Page<WorkflowExecution>, ListWorkflowsCall, query)
    HOURGLASS_TEST_REFUSES(count_workflows, Count, CountWorkflowsCall, query)

    HOURGLASS_TEST_REFUSES(describe_schedule, ScheduleDescription, DescribeScheduleCall, id)
    HOURGLASS_TEST_REFUSES(update_schedule, void, UpdateScheduleCall, id)
    HOURGLASS_TEST_REFUSES(backfill_schedule, void, BackfillScheduleCall, id)
    HOURGLASS_TEST_REFUSES(pause_schedule, void, PauseScheduleCall, note)
    HOURGLASS_TEST_REFUSES(unpause_schedule, void, UnpauseScheduleCall, note)
    HOURGLASS_TEST_REFUSES(trigger_schedule, void, TriggerScheduleCall, id)
    HOURGLASS_TEST_REFUSES(delete_schedule, void, DeleteScheduleCall, id)
    HOURGLASS_TEST_REFUSES(schedule_times, std::vector<Time>, ScheduleTimesCall, id)
    HOURGLASS_TEST_REFUSES(list_schedules, Page<ScheduleListEntry>, ListSchedulesCall, query)
    HOURGLASS_TEST_REFUSES(count_schedules, Count, CountSchedulesCall, query)

    HOURGLASS_TEST_REFUSES(activity_result, Payloads, ActivityResultCall, activity.id)
    HOURGLASS_TEST_REFUSES(
        describe_activity, ActivityDescription, DescribeActivityCall, activity.id
    )
    HOURGLASS_TEST_REFUSES(cancel_activity, void, CancelActivityCall, reason)
    HOURGLASS_TEST_REFUSES(terminate_activity, void, TerminateActivityCall, reason)
    HOURGLASS_TEST_REFUSES(delete_activity, void, DeleteActivityCall, activity.id)
    HOURGLASS_TEST_REFUSES(pause_activity, void, PauseActivityCall, reason)
    HOURGLASS_TEST_REFUSES(unpause_activity, void, UnpauseActivityCall, options.reason)
    HOURGLASS_TEST_REFUSES(reset_activity, void, ResetActivityCall, activity.id)
    HOURGLASS_TEST_REFUSES(
        update_activity_options, ActivityExecutionOptions, UpdateActivityOptionsCall, activity.id
    )
    HOURGLASS_TEST_REFUSES(list_activities, Page<ActivityExecution>, ListActivitiesCall, query)
    HOURGLASS_TEST_REFUSES(count_activities, Count, CountActivitiesCall, query)
    HOURGLASS_TEST_REFUSES(
        heartbeat_activity, HeartbeatReply, HeartbeatActivityCall, task.task_token
    )
    HOURGLASS_TEST_REFUSES(complete_activity, void, CompleteActivityCall, task.task_token)
    HOURGLASS_TEST_REFUSES(fail_activity, void, FailActivityCall, task.task_token)
    HOURGLASS_TEST_REFUSES(
        report_activity_cancelled, void, ReportActivityCancelledCall, task.task_token
    )

    HOURGLASS_TEST_REFUSES(
        start_nexus_operation, NexusOperationRef, StartNexusOperationCall, operation
    )
    HOURGLASS_TEST_REFUSES(nexus_operation_result, Payloads, NexusOperationResultCall, operation.id)
    HOURGLASS_TEST_REFUSES(
        describe_nexus_operation,
        NexusOperationDescription,
        DescribeNexusOperationCall,
        operation.id
    )
    HOURGLASS_TEST_REFUSES(cancel_nexus_operation, void, CancelNexusOperationCall, reason)
    HOURGLASS_TEST_REFUSES(terminate_nexus_operation, void, TerminateNexusOperationCall, reason)
    HOURGLASS_TEST_REFUSES(delete_nexus_operation, void, DeleteNexusOperationCall, operation.id)
    HOURGLASS_TEST_REFUSES(
        list_nexus_operations, Page<NexusOperationExecution>, ListNexusOperationsCall, query
    )
    HOURGLASS_TEST_REFUSES(count_nexus_operations, Count, CountNexusOperationsCall, query)
#undef HOURGLASS_TEST_REFUSES
};

struct InterceptedHandles : testing::Test {
    FakeServer server;
    const Client& client = server.client;

    InterceptedHandles() { server.context->interceptors = {std::make_shared<RefusesHandles>()}; }
    /// What each of the calls throws. None of them is sent.
    std::vector<std::string> thrown_by_each(const std::vector<std::function<void()>>& calls) {
        std::vector<std::string> thrown;
        for (const auto& call : calls) {
            thrown.push_back(thrown_by<Error>(call).what());
        }
        EXPECT_EQ(server.channel->calls(), 0U);
        return thrown;
    }
};

TEST_F(InterceptedHandles, OfWorkflows) {
    const auto order = client.handle("order-7");
    const auto thrown = thrown_by_each({
        [&] { (void)order.result<int>(); },
        [&] { (void)order.update_handle<int>("u-1").result(); },
        [&] { (void)order.history(); },
        [&] { order.pause("audit"); },
        [&] { order.unpause("done"); },
        [&] { (void)order.reset({.reason = "bad deploy"}); },
        [&] { (void)order.update_options({.priority = Priority{.key = 1}}); },
        [&] { order.remove(); },
        [&] { (void)client.list_workflows("a = 1").begin(); },
        [&] { (void)client.count_workflows("a = 1"); },
    });
    EXPECT_THAT(
        thrown,
        ElementsAre(
            "workflow_result order-7",
            "update_result u-1",
            "fetch_workflow_history order-7",
            "pause_workflow audit",
            "unpause_workflow done",
            "reset_workflow bad deploy",
            "update_workflow_options order-7",
            "delete_workflow order-7",
            "list_workflows a = 1",
            "count_workflows a = 1"
        )
    );
}

TEST_F(InterceptedHandles, OfSchedules) {
    const auto nightly = client.schedule("nightly");
    const auto thrown = thrown_by_each({
        [&] { (void)nightly.describe(); },
        [&] { nightly.update([](ScheduleUpdate&) {}); },
        [&] { nightly.backfill({}); },
        [&] { nightly.pause("audit"); },
        [&] { nightly.unpause("done"); },
        [&] { nightly.trigger(); },
        [&] { nightly.remove(); },
        [&] { (void)nightly.matching_times({}, {}); },
        [&] { (void)client.list_schedules("a = 1").begin(); },
        [&] { (void)client.count_schedules("a = 1"); },
    });
    EXPECT_THAT(
        thrown,
        ElementsAre(
            "describe_schedule nightly",
            "update_schedule nightly",
            "backfill_schedule nightly",
            "pause_schedule audit",
            "unpause_schedule done",
            "trigger_schedule nightly",
            "delete_schedule nightly",
            "schedule_times nightly",
            "list_schedules a = 1",
            "count_schedules a = 1"
        )
    );
}

TEST_F(InterceptedHandles, OfActivities) {
    const auto charge = client.activity<int>("charge-7");
    const auto attempt = client.async_activity("token");
    const auto thrown = thrown_by_each({
        [&] { (void)charge.result(); },
        [&] { (void)charge.describe(); },
        [&] { charge.cancel("enough"); },
        [&] { charge.terminate("now"); },
        [&] { charge.remove(); },
        [&] { charge.pause("audit"); },
        [&] { charge.unpause({.reason = "done"}); },
        [&] { charge.reset(); },
        [&] { (void)charge.update_options({}); },
        [&] { (void)charge.restore_original_options(); },
        [&] { (void)client.list_activities("a = 1").begin(); },
        [&] { (void)client.count_activities("a = 1"); },
        [&] { attempt.heartbeat(1); },
        [&] { attempt.complete(1); },
        [&] { attempt.fail(std::runtime_error{"broken"}); },
        [&] { attempt.report_cancellation(); },
    });
    EXPECT_THAT(
        thrown,
        ElementsAre(
            "activity_result charge-7",
            "describe_activity charge-7",
            "cancel_activity enough",
            "terminate_activity now",
            "delete_activity charge-7",
            "pause_activity audit",
            "unpause_activity done",
            "reset_activity charge-7",
            "update_activity_options charge-7",
            "update_activity_options charge-7",
            "list_activities a = 1",
            "count_activities a = 1",
            "heartbeat_activity token",
            "complete_activity token",
            "fail_activity token",
            "report_activity_cancelled token"
        )
    );
}

TEST_F(InterceptedHandles, OfNexusOperations) {
    const auto price = client.nexus_operation<int>("price-7");
    const auto thrown = thrown_by_each({
        [&] { (void)client.nexus_client("e", "s").start<int>("price", {.id = "price-7"}); },
        [&] { (void)price.result(); },
        [&] { (void)price.describe(); },
        [&] { price.cancel("enough"); },
        [&] { price.terminate("now"); },
        [&] { price.remove(); },
        [&] { (void)client.list_nexus_operations("a = 1").begin(); },
        [&] { (void)client.count_nexus_operations("a = 1"); },
    });
    EXPECT_THAT(
        thrown,
        ElementsAre(
            "start_nexus_operation price",
            "nexus_operation_result price-7",
            "describe_nexus_operation price-7",
            "cancel_nexus_operation enough",
            "terminate_nexus_operation now",
            "delete_nexus_operation price-7",
            "list_nexus_operations a = 1",
            "count_nexus_operations a = 1"
        )
    );
}

/// Changes what it passes on, and looks at the answers.
class Changes final : public ClientInterceptor {
public:
    Future<Page<WorkflowExecution>> list_workflows(
        ListWorkflowsCall call, Next<ListWorkflowsCall, Future<Page<WorkflowExecution>>> next
    ) override {
        call.query += " AND Tenant = 'blue'";
        ++pages;
        return next(std::move(call));
    }
    Future<NexusOperationRef> start_nexus_operation(
        StartNexusOperationCall call, Next<StartNexusOperationCall, Future<NexusOperationRef>> next
    ) override {
        call.options.headers["tenant"] = "blue";
        return next(std::move(call));
    }
    Future<Payloads> workflow_result(
        WorkflowResultCall /*call*/, Next<WorkflowResultCall, Future<Payloads>> /*next*/
    ) override {
        Promise<Payloads> known;
        known.set_value(encode_arguments(42));
        return known.future();
    }
    Future<void> pause_activity(PauseActivityCall call, Next<PauseActivityCall, Future<void>> next)
        override {
        call.reason += ", by ada";
        return next(std::move(call));
    }

    int pages = 0;
};

TEST(ClientInterceptorOfHandles, ChangesWhatIsSentAndMayAnswerByItself) {
    FakeServer server;
    const auto changes = std::make_shared<Changes>();
    server.context->interceptors = {changes};
    service::ListWorkflowExecutionsResponse first;
    first.add_executions()->mutable_execution()->set_workflow_id("order-7");
    first.set_next_page_token("more");
    server.channel->answer(first)
        .answer(service::ListWorkflowExecutionsResponse{})
        .answer(service::StartNexusOperationExecutionResponse{})
        .answer(service::PauseActivityExecutionResponse{});

    std::size_t found = 0;
    for ([[maybe_unused]] const auto& each : server.client.list_workflows("A = 1")) {
        ++found;
    }
    EXPECT_EQ(found, 1U);
    EXPECT_EQ(changes->pages, 2);
    const auto page = server.channel->request<service::ListWorkflowExecutionsRequest>(1);
    EXPECT_EQ(page.query(), "A = 1 AND Tenant = 'blue'");
    EXPECT_EQ(page.next_page_token(), "more");

    (void)server.client.nexus_client("e", "s").start<int>("price", {.id = "price-7"});
    const auto start = server.channel->request<service::StartNexusOperationExecutionRequest>(2);
    EXPECT_EQ(start.nexus_header().at("tenant"), "blue");

    server.client.activity<void>("charge-7").pause("audit");
    EXPECT_EQ(
        server.channel->request<service::PauseActivityExecutionRequest>(3).reason(), "audit, by ada"
    );

    EXPECT_EQ(server.client.handle("order-7").result<int>(), 42);
    EXPECT_EQ(server.channel->calls(), 4U);
}

}  // namespace
}  // namespace hourglass::client
