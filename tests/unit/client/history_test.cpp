#include "hourglass/client/workflow_history.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using temporal::api::history::v1::History;
using testing::HasSubstr;

void add_event(History& history, enums::EventType type) {
    auto& event = *history.add_events();
    event.set_event_id(history.events_size());
    event.set_event_type(type);
    event.mutable_event_time()->set_seconds(1000 + history.events_size());
}

History started() {
    History history;
    add_event(history, enums::EVENT_TYPE_WORKFLOW_EXECUTION_STARTED);
    auto& attributes =
        *history.mutable_events(0)->mutable_workflow_execution_started_event_attributes();
    attributes.mutable_workflow_type()->set_name("Checkout");
    attributes.set_workflow_id("order-7");
    attributes.set_original_execution_run_id("run-1");
    attributes.mutable_input()->add_payloads()->set_data("bytes \xff");
    return history;
}

std::string rejection_of(const std::string& text) {
    return thrown_by<ConfigurationError>([&] { (void)WorkflowHistory::from_json(text); }).what();
}

TEST(History, IsFetchedPageByPage) {
    FakeServer server;
    service::GetWorkflowExecutionHistoryResponse first;
    *first.mutable_history() = started();
    first.set_next_page_token("p2");
    service::GetWorkflowExecutionHistoryResponse second;
    add_event(*second.mutable_history(), enums::EVENT_TYPE_WORKFLOW_TASK_SCHEDULED);
    server.channel->answer(first).answer(second);

    const WorkflowHistory history = server.client.handle("order-7", "run-1").history();
    EXPECT_EQ(history.size(), 2U);
    EXPECT_EQ(history.events()[1].type, "WorkflowTaskScheduled");
    EXPECT_EQ(history.events()[0].id, 1);
    EXPECT_EQ(history.workflow_id(), "order-7");
    EXPECT_EQ(history.run_id(), "run-1");
    const auto request = server.channel->request<service::GetWorkflowExecutionHistoryRequest>(1);
    EXPECT_EQ(request.next_page_token(), "p2");
    EXPECT_FALSE(request.wait_new_event());
}

TEST(History, IsOfTheRunThatItWasAskedFor) {
    FakeServer server;
    service::GetWorkflowExecutionHistoryResponse response;
    *response.mutable_history() = started();
    server.channel->answer(response);
    EXPECT_EQ(server.client.handle("order-7", "run-2").history().run_id(), "run-2");
    const auto request = server.channel->request<service::GetWorkflowExecutionHistoryRequest>(0);
    EXPECT_EQ(request.execution().run_id(), "run-2");
}

TEST(History, OfARunThatNobodyNamedIsOfTheLastResetsOrElseOfTheFirst) {
    History history = started();
    EXPECT_EQ(WorkflowHistory("order-7", history.SerializeAsString()).run_id(), "run-1");
    for (const char* run : {"run-2", "run-3"}) {
        add_event(history, enums::EVENT_TYPE_WORKFLOW_TASK_FAILED);
        history.mutable_events()
            ->rbegin()
            ->mutable_workflow_task_failed_event_attributes()
            ->set_new_run_id(run);
    }
    add_event(history, enums::EVENT_TYPE_WORKFLOW_TASK_FAILED);
    EXPECT_EQ(WorkflowHistory("order-7", history.SerializeAsString()).run_id(), "run-3");
}

TEST(History, SurvivesTheWayThroughJson) {
    const WorkflowHistory history{"order-7", started().SerializeAsString()};
    const std::string json = history.to_json();
    EXPECT_THAT(json, HasSubstr("\"eventType\":\"EVENT_TYPE_WORKFLOW_EXECUTION_STARTED\""));
    const WorkflowHistory again = WorkflowHistory::from_json(json, "order-8");
    EXPECT_EQ(again.serialized(), history.serialized());
    EXPECT_EQ(again.workflow_id(), "order-8");
    EXPECT_EQ(WorkflowHistory::from_json(json).workflow_id(), "order-7");
}

TEST(History, IsReadWithTheEnumNamesOfOlderTools) {
    const WorkflowHistory history = WorkflowHistory::from_json(R"({"events": [
        {"eventId": "1", "eventTime": "2024-01-02T03:04:05Z", "eventType": "WorkflowExecutionStarted",
         "workflowExecutionStartedEventAttributes": {
            "workflowType": {"name": "Checkout"},
            "taskQueue": {"name": "default", "kind": "Normal"},
            "continuedFailure": {"timeoutFailureInfo": {"timeoutType": "StartToClose"}},
            "initiator": "CronSchedule"}},
        {"eventId": "2", "eventType": "ActivityTaskFailed",
         "activityTaskFailedEventAttributes": {"retryState": "MaximumAttemptsReached"}},
        {"eventId": "3", "eventType": "WorkflowTaskFailed",
         "workflowTaskFailedEventAttributes": {"cause": "NonDeterministicError"}}
    ]})");
    EXPECT_EQ(history.events()[0].type, "WorkflowExecutionStarted");
    History proto;
    ASSERT_TRUE(proto.ParseFromString(history.serialized()));
    const auto& attributes = proto.events(0).workflow_execution_started_event_attributes();
    EXPECT_EQ(attributes.task_queue().kind(), enums::TASK_QUEUE_KIND_NORMAL);
    EXPECT_EQ(
        attributes.continued_failure().timeout_failure_info().timeout_type(),
        enums::TIMEOUT_TYPE_START_TO_CLOSE
    );
    EXPECT_EQ(attributes.initiator(), enums::CONTINUE_AS_NEW_INITIATOR_CRON_SCHEDULE);
    EXPECT_EQ(
        proto.events(1).activity_task_failed_event_attributes().retry_state(),
        enums::RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED
    );
    EXPECT_EQ(
        proto.events(2).workflow_task_failed_event_attributes().cause(),
        enums::WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR
    );
}

TEST(History, IsReadFromABareListOfEvents) {
    const auto history = WorkflowHistory::from_json(
        R"([{"eventId": "1", "eventType": "WorkflowExecutionStarted"}])", "order-7"
    );
    EXPECT_EQ(history.events()[0].type, "WorkflowExecutionStarted");
    EXPECT_EQ(history.workflow_id(), "order-7");
}

TEST(History, IgnoresFieldsOfNewerServers) {
    const auto history = WorkflowHistory::from_json(
        R"({"events": [{"eventId": "1", "eventType": "EVENT_TYPE_TIMER_FIRED", "brandNew": {"a": 1}}], "more": 2})"
    );
    EXPECT_EQ(history.events()[0].type, "TimerFired");
}

TEST(History, SaysWhatIsWrongWithAText) {
    EXPECT_THAT(rejection_of("{"), HasSubstr("not JSON"));
    EXPECT_THAT(rejection_of("7"), HasSubstr("\"events\""));
    EXPECT_THAT(rejection_of("[]"), HasSubstr("no events"));
    EXPECT_THAT(rejection_of(R"({"events": []})"), HasSubstr("no events"));
    EXPECT_THAT(rejection_of(R"({"events": [{"eventId": "one"}]})"), HasSubstr("History"));
    const auto nested = [](const std::string& open, const std::string& close) {
        std::string text = R"({"events": [{"new": )";
        for (int i = 0; i < 200'000; ++i) {
            text += open;
        }
        text += "1";
        for (int i = 0; i < 200'000; ++i) {
            text += close;
        }
        return text + "}]}";
    };
    EXPECT_THAT(rejection_of(nested("[", "]")), HasSubstr("nested deeper than 1000"));
    EXPECT_THAT(rejection_of(nested(R"({"cause":)", "}")), HasSubstr("nested deeper than 1000"));
}

TEST(History, RefusesBytesOfSomethingElse) {
    EXPECT_THROW((WorkflowHistory{"order-7", "\x01\x02"}), ConfigurationError);
    EXPECT_THROW((WorkflowHistory{"order-7", ""}), ConfigurationError);
}

}  // namespace
}  // namespace hourglass::client
