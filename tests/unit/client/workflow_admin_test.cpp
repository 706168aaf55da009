#include "hourglass/client/workflow_admin.hpp"

#include "tests/unit/client/checkout.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using testing::ElementsAre;
using testing::HasSubstr;

struct Administration : testing::Test {
    FakeServer server;
    WorkflowHandle<> order = server.client.handle("order-7", "run-1");

    void will_tell_history(std::initializer_list<enums::EventType> types) {
        service::GetWorkflowExecutionHistoryResponse response;
        int id = 0;
        for (const auto type : types) {
            auto& event = *response.mutable_history()->add_events();
            event.set_event_id(++id);
            event.set_event_type(type);
        }
        server.channel->answer(response);
    }
    void will_reset() {
        service::ResetWorkflowExecutionResponse response;
        response.set_run_id("run-2");
        server.channel->answer(response);
    }
};

TEST_F(Administration, AResetGoesToTheTaskAskedFor) {
    constexpr auto kStarted = enums::EVENT_TYPE_WORKFLOW_EXECUTION_STARTED;
    constexpr auto kDone = enums::EVENT_TYPE_WORKFLOW_TASK_COMPLETED;
    will_tell_history({kStarted, kDone, kStarted, kDone, kStarted});
    will_reset();
    EXPECT_EQ(order.reset({.reason = "bug", .exclude = {ResetExclude::Updates}}), "run-2");
    const auto last = server.channel->request<service::ResetWorkflowExecutionRequest>(1);
    EXPECT_EQ(last.workflow_task_finish_event_id(), 4);
    EXPECT_EQ(last.workflow_execution().run_id(), "run-1");
    EXPECT_EQ(last.reason(), "bug");
    EXPECT_EQ(last.request_id().size(), 36U);
    EXPECT_THAT(
        last.reset_reapply_exclude_types(), ElementsAre(enums::RESET_REAPPLY_EXCLUDE_TYPE_UPDATE)
    );

    will_tell_history({kStarted, kDone, kStarted, kDone});
    will_reset();
    order.reset({.point = ResetPoint::first_workflow_task()});
    EXPECT_EQ(
        server.channel->request<service::ResetWorkflowExecutionRequest>(3)
            .workflow_task_finish_event_id(),
        2
    );

    will_reset();
    order.reset({.point = ResetPoint::event(9)});
    EXPECT_EQ(
        server.channel->request<service::ResetWorkflowExecutionRequest>(4)
            .workflow_task_finish_event_id(),
        9
    );
}

TEST_F(Administration, AResetMaySignalTheNewRunAndChangeItsOptions) {
    will_reset();
    PostResetSignal approve = post_reset_signal<&shop::Checkout::approve>("ada");
    approve.headers = {{"tenant", to_payload("acme")}};
    order.reset(
        {.point = ResetPoint::event(9),
         .post_reset_operations =
             {approve,
              ExecutionOptionsUpdate{.priority = Priority{.key = 4}},
              post_reset_signal("poke", 1, true)}}
    );
    const auto sent = server.channel->request<service::ResetWorkflowExecutionRequest>(0);
    ASSERT_EQ(sent.post_reset_operations_size(), 3);
    const auto& first = sent.post_reset_operations(0).signal_workflow();
    EXPECT_EQ(first.signal_name(), "approve");
    EXPECT_EQ(first.input().payloads(0).data(), "\"ada\"");
    EXPECT_EQ(first.header().fields().at("tenant").data(), "\"acme\"");
    const auto& second = sent.post_reset_operations(1).update_workflow_options();
    EXPECT_EQ(second.workflow_execution_options().priority().priority_key(), 4);
    EXPECT_THAT(second.update_mask().paths(), ElementsAre("priority"));
    const auto& third = sent.post_reset_operations(2).signal_workflow();
    EXPECT_EQ(third.signal_name(), "poke");
    EXPECT_EQ(third.input().payloads_size(), 2);
    EXPECT_FALSE(third.has_header());
}

TEST_F(Administration, AResetRefusesWhatCannotFollowItBeforeAnythingIsSent) {
    const auto error = thrown_by<ConfigurationError>([&] {
        order.reset({.post_reset_operations = {PostResetSignal{}}});
    });
    EXPECT_THAT(error.what(), HasSubstr("cannot reset workflow \"order-7\": PostResetSignal"));
    EXPECT_THROW(
        order.reset({.post_reset_operations = {ExecutionOptionsUpdate{}}}), ConfigurationError
    );
    EXPECT_EQ(server.channel->calls(), 0U);
}

TEST_F(Administration, AResetNeedsAPointToGoTo) {
    will_tell_history({enums::EVENT_TYPE_WORKFLOW_EXECUTION_STARTED});
    const auto error = thrown_by<ConfigurationError>([&] { order.reset({}); });
    EXPECT_THAT(error.what(), HasSubstr("none of its workflow tasks was completed"));
    EXPECT_THROW(order.reset({.point = ResetPoint::event(1)}), ConfigurationError);
    EXPECT_EQ(server.channel->calls(), 1U);
}

TEST_F(Administration, PausesAndUnpauses) {
    server.channel->answer(service::PauseWorkflowExecutionResponse{})
        .answer(service::UnpauseWorkflowExecutionResponse{});
    order.pause("audit");
    order.unpause("done");
    const auto pause = server.channel->request<service::PauseWorkflowExecutionRequest>(0);
    EXPECT_EQ(pause.workflow_id(), "order-7");
    EXPECT_EQ(pause.run_id(), "run-1");
    EXPECT_EQ(pause.reason(), "audit");
    EXPECT_EQ(pause.identity(), "tester");
    EXPECT_EQ(server.channel->call_at(1).method, "UnpauseWorkflowExecution");
    EXPECT_EQ(
        server.channel->request<service::UnpauseWorkflowExecutionRequest>(1).reason(), "done"
    );
}

TEST_F(Administration, ChangesOptionsAndLeavesOthers) {
    service::UpdateWorkflowExecutionOptionsResponse response;
    auto& now = *response.mutable_workflow_execution_options();
    now.mutable_versioning_override()->set_auto_upgrade(true);
    now.mutable_priority()->set_priority_key(4);
    server.channel->answer(response).answer(response);
    const auto options = order.update_options({.priority = Priority{.key = 4}});
    EXPECT_EQ(options.priority.key, 4);
    EXPECT_EQ(options.versioning_override, VersioningOverride::auto_upgrade());
    const auto first = server.channel->request<service::UpdateWorkflowExecutionOptionsRequest>(0);
    EXPECT_THAT(first.update_mask().paths(), ElementsAre("priority"));
    EXPECT_EQ(first.workflow_execution_options().priority().priority_key(), 4);

    order.update_options({.remove_versioning_override = true});
    const auto second = server.channel->request<service::UpdateWorkflowExecutionOptionsRequest>(1);
    EXPECT_THAT(second.update_mask().paths(), ElementsAre("versioning_override"));
    EXPECT_FALSE(second.workflow_execution_options().has_versioning_override());
}

TEST_F(Administration, RefusesChangesThatAreNone) {
    EXPECT_THROW(order.update_options({}), ConfigurationError);
    EXPECT_THROW(
        order.update_options(
            {.versioning_override = VersioningOverride::auto_upgrade(),
             .remove_versioning_override = true}
        ),
        ConfigurationError
    );
    EXPECT_THROW(order.update_options({.priority = Priority{.key = 0}}), ConfigurationError);
    EXPECT_EQ(server.channel->calls(), 0U);
}

TEST_F(Administration, DeletesTheRunOfTheHandle) {
    server.channel->answer(service::DeleteWorkflowExecutionResponse{});
    order.remove();
    const auto sent = server.channel->request<service::DeleteWorkflowExecutionRequest>(0);
    EXPECT_EQ(sent.workflow_execution().workflow_id(), "order-7");
    EXPECT_EQ(sent.workflow_execution().run_id(), "run-1");
}

TEST_F(Administration, NeedsAnId) {
    const auto nobody = server.client.handle("");
    EXPECT_THROW(nobody.reset({}), ConfigurationError);
    EXPECT_THROW(nobody.pause(), ConfigurationError);
    EXPECT_THROW(nobody.unpause(), ConfigurationError);
    EXPECT_THROW(nobody.update_options({.priority = Priority{}}), ConfigurationError);
    EXPECT_THROW(nobody.remove(), ConfigurationError);
    EXPECT_EQ(server.channel->calls(), 0U);
}

}  // namespace
}  // namespace hourglass::client
