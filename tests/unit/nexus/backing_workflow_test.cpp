#include "hourglass/workflow/nexus_service.hpp"
#include "hourglass/workflow/workflow.hpp"
#include "src/nexus/token.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/unit/nexus/harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <future>
#include <string>

namespace backing_test {

struct Ships {
    hourglass::Task<std::string> run(std::string order, int parts) {
        co_return order + std::to_string(parts);
    }
};

struct Shop {
    hourglass::nexus::Operation<std::string> buy(std::string order) {
        if (order == "nothing") {
            return "done";
        }
        return hourglass::nexus::workflow_run<&Ships::run>(
            {.id = order, .task_queue = "ships"}, order, 2
        );
    }
    hourglass::nexus::Operation<void> sweep() {
        return hourglass::nexus::workflow_run<void>("Sweeps", {.id = "sweep"});
    }
};

}  // namespace backing_test

HOURGLASS_WORKFLOW(backing_test::Ships, run);
HOURGLASS_NEXUS_SERVICE(backing_test::Shop, operations(buy, sweep), name("greetings"))

namespace hourglass::nexus {
namespace {

namespace service = temporal::api::workflowservice::v1;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;

class BackingWorkflowTest : public ::testing::Test {
protected:
    BackingWorkflowTest() { harness_.services.add<backing_test::Shop>(); }

    static service::StartWorkflowExecutionResponse started() {
        service::StartWorkflowExecutionResponse response;
        response.set_run_id("run-1");
        response.set_started(true);
        return response;
    }
    static std::string token(const std::string& namespace_name, const std::string& id) {
        return to_text(OperationToken{.workflow_namespace = namespace_name, .workflow_id = id});
    }

    Harness harness_;
};

TEST_F(BackingWorkflowTest, IsStartedWithWhatTiesItToTheOperation) {
    harness_.channel->answer(started());
    auto task = Harness::start_task("buy", std::string{"order-7"});
    auto& link = *task.mutable_task()->mutable_request()->mutable_start_operation()->add_links();
    link.set_type("temporal.api.common.v1.Link.WorkflowEvent");
    link.set_url(
        "temporal:///namespaces/callers/workflows/caller-1/run-9/history"
        "?eventID=5&eventType=NexusOperationScheduled&referenceType=EventReference"
    );
    const auto completion = harness_.handle(task);
    const auto& response = completion.completed().start_operation().async_success();
    EXPECT_EQ(response.operation_token(), token("greeters", "order-7"));
    ASSERT_EQ(response.links_size(), 1) << completion.ShortDebugString();
    EXPECT_EQ(
        response.links(0).url(),
        "temporal:///namespaces/greeters/workflows/order-7/run-1/history"
        "?eventType=WorkflowExecutionStarted&referenceType=RequestIdReference&requestID=request-1"
    );

    EXPECT_EQ(harness_.channel->call_at(0).method, "StartWorkflowExecution");
    const auto request = harness_.channel->request<service::StartWorkflowExecutionRequest>(0);
    EXPECT_EQ(request.namespace_(), "greeters");
    EXPECT_EQ(request.workflow_type().name(), "Ships");
    EXPECT_EQ(request.workflow_id(), "order-7");
    EXPECT_EQ(request.task_queue().name(), "ships");
    EXPECT_EQ(request.input().payloads_size(), 2);
    EXPECT_EQ(request.request_id(), "request-1");
    ASSERT_EQ(request.completion_callbacks_size(), 1);
    const auto& callback = request.completion_callbacks(0);
    EXPECT_EQ(callback.nexus().url(), "http://caller/callback");
    EXPECT_EQ(callback.nexus().header().at("source"), "caller");
    EXPECT_EQ(callback.nexus().header().at("nexus-operation-token"), response.operation_token());
    ASSERT_EQ(request.links_size(), 1);
    EXPECT_EQ(request.links(0).workflow_event().workflow_id(), "caller-1");
    EXPECT_EQ(callback.links_size(), 1);
    EXPECT_TRUE(request.on_conflict_options().attach_completion_callbacks());
    EXPECT_TRUE(request.on_conflict_options().attach_request_id());
    EXPECT_TRUE(request.on_conflict_options().attach_links());
}

TEST_F(BackingWorkflowTest, IsStartedWithoutTheLinksThatLeadToNothingOfTemporals) {
    log::set_level(log::Level::Debug);
    const test::LogLines lines;
    harness_.channel->answer(started());
    auto task = Harness::start_task("sweep");
    auto& start = *task.mutable_task()->mutable_request()->mutable_start_operation();
    auto& page = *start.add_links();
    page.set_type("text/html");
    page.set_url("https://example.com/page");
    auto& no_run = *start.add_links();
    no_run.set_type("temporal.api.common.v1.Link.WorkflowEvent");
    no_run.set_url(
        "temporal:///namespaces/callers/workflows/caller-1//history"
        "?eventType=NexusOperationScheduled&referenceType=EventReference"
    );
    EXPECT_TRUE(harness_.handle(task).completed().start_operation().has_async_success());
    log::set_level(log::Level::Info);
    const auto request = harness_.channel->request<service::StartWorkflowExecutionRequest>(0);
    EXPECT_EQ(request.links_size(), 0);
    EXPECT_EQ(
        lines.positions_of({"is left out", "type=text/html", "https://example.com/page"}).size(), 1U
    );
    EXPECT_EQ(lines.positions_of({"is left out", "caller-1"}).size(), 1U);
}

TEST_F(BackingWorkflowTest, GoesToTheQueueOfTheWorkerUnlessItNamesAnother) {
    harness_.channel->answer(started());
    harness_.channel->answer(started());
    static_cast<void>(harness_.call("sweep"));
    static_cast<void>(harness_.call("buy", std::string{"order-7"}));
    const auto queue_of = [this](std::size_t call) {
        return harness_.channel->request<service::StartWorkflowExecutionRequest>(call)
            .task_queue()
            .name();
    };
    EXPECT_EQ(queue_of(0), "greeters-queue");
    EXPECT_EQ(queue_of(1), "ships");
}

TEST_F(BackingWorkflowTest, WithoutACallbackNobodyIsToldOfItsEnd) {
    harness_.channel->answer(started());
    auto task = Harness::start_task("sweep");
    task.mutable_task()->mutable_request()->mutable_start_operation()->clear_callback();
    EXPECT_TRUE(harness_.handle(task).completed().start_operation().has_async_success());
    const auto request = harness_.channel->request<service::StartWorkflowExecutionRequest>(0);
    EXPECT_EQ(request.workflow_type().name(), "Sweeps");
    EXPECT_EQ(request.completion_callbacks_size(), 0);
    EXPECT_FALSE(request.has_on_conflict_options());
}

TEST_F(BackingWorkflowTest, TheServersLinkGoesBackIfItGivesOne) {
    auto response = started();
    auto& event = *response.mutable_link()->mutable_workflow_event();
    event.set_namespace_("greeters");
    event.set_workflow_id("sweep");
    event.set_run_id("run-1");
    event.mutable_event_ref()->set_event_id(1);
    event.mutable_event_ref()->set_event_type(
        temporal::api::enums::v1::EVENT_TYPE_WORKFLOW_EXECUTION_STARTED
    );
    harness_.channel->answer(response);
    EXPECT_EQ(
        harness_.call("sweep").completed().start_operation().async_success().links(0).url(),
        "temporal:///namespaces/greeters/workflows/sweep/run-1/history"
        "?eventID=1&eventType=WorkflowExecutionStarted&referenceType=EventReference"
    );
}

TEST_F(BackingWorkflowTest, AnOperationMayHaveItsResultAtOnce) {
    EXPECT_EQ(value_in<std::string>(harness_.call("buy", std::string{"nothing"})), "done");
    EXPECT_EQ(harness_.channel->calls(), 0U);
}

TEST_F(BackingWorkflowTest, AStartThatTheServerRefusesFailsTheRequest) {
    harness_.channel->fail(RpcCode::AlreadyExists, "it runs");
    const auto completion = harness_.call("sweep");
    EXPECT_THAT(error_in(completion), StartsWith("INTERNAL non-retryable"));
    EXPECT_THAT(completion.failure().cause().message(), HasSubstr("sweep"));
}

TEST_F(BackingWorkflowTest, OptionsThatCannotBeUsedFailTheRequest) {
    const auto completion = harness_.call("buy", std::string{});
    EXPECT_THAT(error_in(completion), StartsWith("INTERNAL: "));
    EXPECT_THAT(completion.failure().cause().message(), HasSubstr("id"));
}

TEST_F(BackingWorkflowTest, AStartEndsWithItsRequest) {
    const auto running = harness_.start(Harness::start_task("sweep"));  // never answered
    running.request->cancel(CancellationReason::TimedOut);
    EXPECT_TRUE(running.completion.get().ack_cancel());
}

TEST_F(BackingWorkflowTest, IsCancelledByTheOperationsToken) {
    harness_.channel->answer(service::RequestCancelWorkflowExecutionResponse{});
    const auto completion =
        harness_.handle(Harness::cancel_task("buy", token("greeters", "order-7")));
    EXPECT_TRUE(completion.completed().has_cancel_operation()) << completion.ShortDebugString();
    EXPECT_EQ(harness_.channel->call_at(0).method, "RequestCancelWorkflowExecution");
    const auto request =
        harness_.channel->request<service::RequestCancelWorkflowExecutionRequest>(0);
    EXPECT_EQ(request.namespace_(), "greeters");
    EXPECT_EQ(request.workflow_execution().workflow_id(), "order-7");
    EXPECT_FALSE(request.request_id().empty());
}

TEST_F(BackingWorkflowTest, ATokenOfAnythingElseIsNotFound) {
    EXPECT_THAT(
        error_in(harness_.handle(Harness::cancel_task("buy", "nonsense"))),
        StartsWith("NOT_FOUND: the operation's token names no workflow")
    );
    EXPECT_THAT(
        error_in(harness_.handle(Harness::cancel_task("buy", token("elsewhere", "order-7")))),
        StartsWith("NOT_FOUND: the operation's token names a workflow of namespace 'elsewhere'")
    );
    EXPECT_EQ(harness_.channel->calls(), 0U);
}

TEST_F(BackingWorkflowTest, ACancellationThatTheServerRefusesIsToldSo) {
    harness_.channel->fail(RpcCode::NotFound, "it is gone");
    EXPECT_THAT(
        error_in(harness_.handle(Harness::cancel_task("buy", token("greeters", "order-7")))),
        StartsWith("NOT_FOUND: ")
    );
}

}  // namespace
}  // namespace hourglass::nexus
