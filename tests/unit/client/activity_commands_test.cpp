// What an operator does with a standalone activity.
#include "hourglass/client/activity_handle.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

struct ActivityCommands : testing::Test {
    FakeServer server;
    ActivityHandle<int> charge = server.client.activity<int>("charge-7", "run-1");

    template <class Request>
    Request sent(std::size_t call) {
        const auto request = server.channel->request<Request>(call);
        EXPECT_EQ(request.namespace_(), "orders");
        EXPECT_EQ(request.activity_id(), "charge-7");
        EXPECT_EQ(request.run_id(), "run-1");
        EXPECT_EQ(request.identity(), "tester");
        EXPECT_EQ(request.request_id().size(), 36U);
        return request;
    }
};

TEST_F(ActivityCommands, PauseAndUnpause) {
    server.channel->answer(service::PauseActivityExecutionResponse{})
        .answer(service::UnpauseActivityExecutionResponse{});
    charge.pause("audit");
    charge.unpause({.reason = "done", .jitter = 2s});
    EXPECT_EQ(server.channel->call_at(0).method, "PauseActivityExecution");
    EXPECT_EQ(sent<service::PauseActivityExecutionRequest>(0).reason(), "audit");
    const auto unpause = sent<service::UnpauseActivityExecutionRequest>(1);
    EXPECT_EQ(unpause.reason(), "done");
    EXPECT_EQ(unpause.jitter().seconds(), 2);
}

TEST_F(ActivityCommands, Reset) {
    server.channel->answer(service::ResetActivityExecutionResponse{})
        .answer(service::ResetActivityExecutionResponse{});
    charge.reset();
    charge.reset(
        {.keep_paused = true,
         .jitter = 1s,
         .restore_original_options = true,
         .reset_heartbeat = true}
    );
    const auto plain = sent<service::ResetActivityExecutionRequest>(0);
    EXPECT_FALSE(plain.keep_paused());
    EXPECT_FALSE(plain.has_jitter());
    EXPECT_FALSE(plain.restore_original_options());
    EXPECT_FALSE(plain.reset_heartbeat());
    const auto full = sent<service::ResetActivityExecutionRequest>(1);
    EXPECT_TRUE(full.keep_paused());
    EXPECT_EQ(full.jitter().seconds(), 1);
    EXPECT_TRUE(full.restore_original_options());
    EXPECT_TRUE(full.reset_heartbeat());
}

TEST_F(ActivityCommands, ChangeWhatIsSetAndTakeAwayWhatIsZero) {
    service::UpdateActivityExecutionOptionsResponse response;
    auto& now = *response.mutable_activity_options();
    now.mutable_task_queue()->set_name("payments");
    now.mutable_start_to_close_timeout()->set_seconds(30);
    now.mutable_retry_policy()->set_maximum_attempts(3);
    now.mutable_priority()->set_priority_key(2);
    now.mutable_start_delay()->set_seconds(5);
    server.channel->answer(response);
    const ActivityExecutionOptions options = charge.update_options(
        {.task_queue = "payments",
         .start_to_close_timeout = 30s,
         .heartbeat_timeout = 0ms,
         .retry_policy = RetryPolicy{.maximum_attempts = 3},
         .priority = Priority{.key = 2}}
    );
    const auto update = sent<service::UpdateActivityExecutionOptionsRequest>(0);
    EXPECT_THAT(
        update.update_mask().paths(),
        ElementsAre(
            "task_queue.name",
            "start_to_close_timeout",
            "heartbeat_timeout",
            "retry_policy",
            "priority"
        )
    );
    EXPECT_FALSE(update.restore_original());
    EXPECT_EQ(update.activity_options().task_queue().name(), "payments");
    EXPECT_EQ(update.activity_options().start_to_close_timeout().seconds(), 30);
    EXPECT_FALSE(update.activity_options().has_heartbeat_timeout());
    EXPECT_EQ(update.activity_options().retry_policy().maximum_attempts(), 3);
    EXPECT_EQ(update.activity_options().priority().priority_key(), 2);
    EXPECT_EQ(options.task_queue, "payments");
    EXPECT_EQ(options.start_to_close_timeout, 30s);
    EXPECT_EQ(options.heartbeat_timeout, std::nullopt);
    EXPECT_EQ(options.retry_policy.maximum_attempts, 3);
    EXPECT_EQ(options.priority.key, 2);
    EXPECT_EQ(options.start_delay, 5s);
}

TEST_F(ActivityCommands, ChangeTheOtherTimes) {
    server.channel->answer(service::UpdateActivityExecutionOptionsResponse{});
    (void)charge.update_options(
        {.schedule_to_close_timeout = 1h, .schedule_to_start_timeout = 1min, .start_delay = 3s}
    );
    const auto update = sent<service::UpdateActivityExecutionOptionsRequest>(0);
    EXPECT_THAT(
        update.update_mask().paths(),
        ElementsAre("schedule_to_close_timeout", "schedule_to_start_timeout", "start_delay")
    );
    EXPECT_EQ(update.activity_options().schedule_to_close_timeout().seconds(), 3600);
    EXPECT_EQ(update.activity_options().schedule_to_start_timeout().seconds(), 60);
    EXPECT_EQ(update.activity_options().start_delay().seconds(), 3);
}

TEST_F(ActivityCommands, RestoreTheOriginalOptions) {
    server.channel->answer(service::UpdateActivityExecutionOptionsResponse{});
    (void)charge.restore_original_options();
    const auto update = sent<service::UpdateActivityExecutionOptionsRequest>(0);
    EXPECT_TRUE(update.restore_original());
    EXPECT_FALSE(update.has_update_mask());
    EXPECT_FALSE(update.has_activity_options());
}

TEST_F(ActivityCommands, ThatCannotBeMeantAreRefusedBeforeAnythingIsSent) {
    const auto nameless = server.client.activity<void>("");
    const std::vector<std::function<void()>> calls{
        [&] { nameless.pause(); },
        [&] { nameless.unpause(); },
        [&] { nameless.reset(); },
        [&] { (void)nameless.restore_original_options(); },
        [&] { charge.unpause({.jitter = 0ms}); },
        [&] { charge.reset({.jitter = -1ms}); },
        [&] { (void)charge.update_options({.priority = Priority{.key = -1}}); },
        [&] { (void)charge.update_options({.task_queue = ""}); },
    };
    for (const auto& call : calls) {
        EXPECT_THROW(call(), ConfigurationError);
    }
    EXPECT_THAT(
        thrown_by<ConfigurationError>([&] { (void)charge.update_options({}); }).what(),
        HasSubstr("ActivityOptionsUpdate is empty")
    );
    EXPECT_THAT(
        thrown_by<ConfigurationError>([&] {
            (void)charge.update_options({.heartbeat_timeout = -1ms});
        }).what(),
        HasSubstr("heartbeat_timeout is -1 ms")
    );
    EXPECT_EQ(server.channel->calls(), 0U);
}

TEST_F(ActivityCommands, OfAnActivityThatIsGoneNameIt) {
    server.channel->fail(RpcCode::NotFound, "not found");
    const auto error = thrown_by<ActivityNotFoundError>([&] { charge.pause(); });
    EXPECT_EQ(error.activity_id(), "charge-7");
}

}  // namespace
}  // namespace hourglass::client
