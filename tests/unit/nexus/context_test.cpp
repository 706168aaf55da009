// What a handler has beside the facts: a client, a logger, a meter.
#include "hourglass/nexus/context.hpp"

#include "src/nexus/links.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/measured.hpp"
#include "tests/unit/nexus/harness.hpp"

#include "temporal/api/enums/v1/event_type.pb.h"
#include "temporal/api/enums/v1/update.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::nexus {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using ::testing::ElementsAre;
using ::testing::StartsWith;
using namespace std::chrono_literals;

/// To an event of order-7.
temporal::api::common::v1::Link link_to(enums::EventType type) {
    temporal::api::common::v1::Link link;
    auto& event = *link.mutable_workflow_event();
    event.set_namespace_("greeters");
    event.set_workflow_id("order-7");
    event.set_run_id("run-1");
    event.mutable_event_ref()->set_event_type(type);
    return link;
}

/// Of the server, which has accepted the update.
service::ExecuteMultiOperationResponse with_update(bool started) {
    service::ExecuteMultiOperationResponse response;
    auto& start = *response.add_responses()->mutable_start_workflow();
    start.set_run_id("run-1");
    start.set_started(started);
    *start.mutable_link() = link_to(enums::EVENT_TYPE_WORKFLOW_EXECUTION_STARTED);
    auto& update = *response.add_responses()->mutable_update_workflow();
    update.set_stage(enums::UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ACCEPTED);
    *update.mutable_link() = link_to(enums::EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED);
    return response;
}

/// The types of the events that the operation's links lead to.
std::vector<std::string> linked_events(const Harness::Completion& completion) {
    std::vector<std::string> types;
    for (const auto& link : completion.completed().start_operation().sync_success().links()) {
        const auto known = from_nexus(link);
        types.push_back(enums::EventType_Name(known.value().workflow_event().event_ref().event_type(
        )));
    }
    return types;
}

class HandlersContext : public ::testing::Test {
protected:
    template <class Callable>
    void handle_with(Callable callable) {
        harness_.services.add("greetings", "greet", std::move(callable));
    }
    /// Asked for by the workflow caller-1.
    Harness::Completion handle_for_caller() {
        auto task = Harness::start_task("greet");
        auto& link =
            *task.mutable_task()->mutable_request()->mutable_start_operation()->add_links();
        link.set_type("temporal.api.common.v1.Link.WorkflowEvent");
        link.set_url(
            "temporal:///namespaces/callers/workflows/caller-1/run-9/history"
            "?eventID=5&eventType=NexusOperationScheduled&referenceType=EventReference"
        );
        return harness_.handle(task);
    }

    Harness harness_;
};

TEST_F(HandlersContext, HasAClientOfTheWorkersNamespace) {
    service::SignalWithStartWorkflowExecutionResponse response;
    response.set_run_id("run-1");
    response.set_started(true);
    harness_.channel->answer(response);
    handle_with([](std::string order) {
        const auto ships = with_start("Ships", {.id = order, .task_queue = info().task_queue});
        return client().signal_with_start(ships, "pack", 2).first_execution_run_id();
    });
    EXPECT_EQ(value_in<std::string>(harness_.call("greet", std::string{"order-7"})), "run-1");
    const auto request =
        harness_.channel->request<service::SignalWithStartWorkflowExecutionRequest>(0);
    EXPECT_EQ(request.namespace_(), "greeters");
    EXPECT_EQ(request.workflow_id(), "order-7");
    EXPECT_EQ(request.task_queue().name(), "greeters-queue");
    EXPECT_EQ(request.signal_name(), "pack");
}

TEST_F(HandlersContext, HasAClientThatLinksWhatItTellsWithTheCaller) {
    service::SignalWorkflowExecutionResponse response;
    *response.mutable_link() = link_to(enums::EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED);
    harness_.channel->answer(response);
    harness_.channel->answer(service::SignalWithStartWorkflowExecutionResponse{});
    harness_.channel->answer(service::StartWorkflowExecutionResponse{});
    harness_.channel->answer(response);  // the same link once more
    handle_with([] {
        client().handle("order-7").signal("pack");
        client().signal_with_start(with_start("Ships", {.id = "order-8"}), "pack");
        client().start("Ships", {.id = "order-9"});
        client().handle("order-7").signal("pack");
    });
    const auto completion = handle_for_caller();
    const auto& links = completion.completed().start_operation().sync_success().links();
    ASSERT_EQ(links.size(), 1) << completion.ShortDebugString();
    EXPECT_EQ(
        links[0].url(),
        "temporal:///namespaces/greeters/workflows/order-7/run-1/history"
        "?eventType=WorkflowExecutionSignaled&referenceType=EventReference"
    );
    const auto signal = harness_.channel->request<service::SignalWorkflowExecutionRequest>(0);
    EXPECT_EQ(signal.signal_name(), "pack");
    ASSERT_EQ(signal.links_size(), 1);
    EXPECT_EQ(signal.links(0).workflow_event().workflow_id(), "caller-1");
    const auto both =
        harness_.channel->request<service::SignalWithStartWorkflowExecutionRequest>(1);
    EXPECT_EQ(both.workflow_id(), "order-8");
    EXPECT_EQ(both.links_size(), 1);
    const auto start = harness_.channel->request<service::StartWorkflowExecutionRequest>(2);
    EXPECT_EQ(start.workflow_id(), "order-9");
    EXPECT_EQ(start.links_size(), 1);
    EXPECT_EQ(start.completion_callbacks_size(), 0) << "it is not what the operation is";
}

TEST_F(HandlersContext, HasAClientThatLinksAStartWithAnUpdate) {
    harness_.channel->answer(with_update(true));
    handle_with([] {
        client().update_with_start<void>(with_start("Ships", {.id = "order-7"}), {}, "pack");
    });
    const auto completion = handle_for_caller();
    EXPECT_THAT(
        linked_events(completion),
        ElementsAre(
            "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED", "EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED"
        )
    ) << completion.ShortDebugString();
    const auto both = harness_.channel->request<service::ExecuteMultiOperationRequest>(0);
    ASSERT_EQ(both.operations_size(), 2);
    const auto& start = both.operations(0).start_workflow();
    EXPECT_EQ(start.workflow_id(), "order-7");
    ASSERT_EQ(start.links_size(), 1);
    EXPECT_EQ(start.links(0).workflow_event().workflow_id(), "caller-1");
    const auto& update = both.operations(1).update_workflow().request();
    EXPECT_EQ(update.input().name(), "pack");
    ASSERT_EQ(update.links_size(), 1);
    EXPECT_EQ(update.links(0).workflow_event().workflow_id(), "caller-1");
}

TEST_F(HandlersContext, HasAClientThatLinksNoStartThatThereWasNot) {
    harness_.channel->answer(with_update(false));  // order-7 ran already
    handle_with([] {
        client().update_with_start<void>(with_start("Ships", {.id = "order-7"}), {}, "pack");
    });
    EXPECT_THAT(
        linked_events(handle_for_caller()),
        ElementsAre("EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED")
    );
}

TEST_F(HandlersContext, HasAClientThatLinksUpdatesAndActivities) {
    harness_.channel->answer(with_update(true).responses(1).update_workflow());
    service::StartActivityExecutionResponse activity;
    auto& place = *activity.mutable_link()->mutable_activity();
    place.set_namespace_("greeters");
    place.set_activity_id("wrap-7");
    place.set_run_id("run-2");
    harness_.channel->answer(activity);
    handle_with([] {
        client().handle("order-7").start_update<void>({}, "pack");
        client().start_activity<void>(
            "wrap", {.id = "wrap-7", .task_queue = "wrappers", .start_to_close_timeout = 1min}
        );
    });
    const auto completion = handle_for_caller();
    const auto& links = completion.completed().start_operation().sync_success().links();
    ASSERT_EQ(links.size(), 2) << completion.ShortDebugString();
    EXPECT_EQ(
        links[0].url(),
        "temporal:///namespaces/greeters/workflows/order-7/run-1/history"
        "?eventType=WorkflowExecutionUpdateAccepted&referenceType=EventReference"
    );
    EXPECT_EQ(links[1].url(), "temporal:///namespaces/greeters/activities/wrap-7/run-2/details");
    const auto update = harness_.channel->request<service::UpdateWorkflowExecutionRequest>(0);
    EXPECT_EQ(update.request().input().name(), "pack");
    EXPECT_EQ(update.workflow_execution().workflow_id(), "order-7");
    ASSERT_EQ(update.request().links_size(), 1);
    EXPECT_EQ(update.request().links(0).workflow_event().workflow_id(), "caller-1");
    const auto start = harness_.channel->request<service::StartActivityExecutionRequest>(1);
    EXPECT_EQ(start.activity_id(), "wrap-7");
    ASSERT_EQ(start.links_size(), 1);
    EXPECT_EQ(start.links(0).workflow_event().workflow_id(), "caller-1");
}

TEST_F(HandlersContext, HasAClientWhoseErrorsTheCallerIsTold) {
    harness_.channel->fail(RpcCode::NotFound, "no such order");
    handle_with([] { client().handle("order-7").signal("pack"); });
    EXPECT_THAT(error_in(harness_.call("greet")), StartsWith("NOT_FOUND"));
}

TEST_F(HandlersContext, HasAClientWhoseCallsEndWithTheRequest) {
    handle_with([] { client().with({.timeout = 1h}).handle("order-7").signal("pack"); });
    const auto running = harness_.start(Harness::start_task("greet"));  // never answered
    running.request->cancel(CancellationReason::TimedOut);
    EXPECT_TRUE(running.completion.get().ack_cancel());

    auto late = Harness::start_task("greet");
    late.mutable_request_deadline()->set_seconds(1);
    EXPECT_THAT(error_in(harness_.handle(late)), StartsWith("UPSTREAM_TIMEOUT"));
}

TEST_F(HandlersContext, LogsWithTheOperationsNames) {
    const test::LogLines lines;
    handle_with([] { logger().info("half way", {{"percent", "50"}}); });
    static_cast<void>(harness_.call("greet"));
    EXPECT_EQ(
        lines.count("half way percent=50 service=greetings operation=greet "
                    "task_queue=greeters-queue request_id=request-1"),
        1U
    );
}

TEST_F(HandlersContext, MeasuresWithTheOperationsNames) {
    const auto measured = std::make_shared<test::Measured>();
    harness_.metrics = measured;
    std::optional<Context> left;
    handle_with([&left] {
        left = Context::current();
        meter().counter("greeted").add(2);
    });
    static_cast<void>(harness_.call("greet"));
    left->meter().counter("greeted").add();
    const std::string here =
        "counter greeted{namespace=greeters,task_queue=greeters-queue,nexus_service=greetings,"
        "nexus_operation=greet} ";
    EXPECT_THAT(measured->lines(), ElementsAre(here + "2", here + "1"));
}

TEST_F(HandlersContext, MeasuresForNobodyIfNobodyIsTold) {
    handle_with([] { meter().counter("greeted").add(); });
    EXPECT_TRUE(harness_.call("greet").completed().start_operation().has_sync_success());
}

TEST_F(HandlersContext, IsNowhereElse) {
    EXPECT_THROW(static_cast<void>(client()), Error);
    EXPECT_THROW(static_cast<void>(logger()), Error);
    EXPECT_THROW(static_cast<void>(meter()), Error);
}

}  // namespace
}  // namespace hourglass::nexus
