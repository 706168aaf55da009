// Calls made of several have the time of one.
#include "hourglass/client/admin.hpp"
#include "hourglass/client/call_options.hpp"
#include "tests/support/sanitizers.hpp"
#include "tests/unit/client/schedules.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gtest/gtest.h>

#include <functional>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using namespace std::chrono_literals;

struct ALimit : ScheduleTest {
    /// The first part of what `make` does takes at least 20 ms, the wait before its second attempt.
    void expect_for_all_parts(std::size_t parts, const std::function<void(const Client&)>& make) {
        const Client client = server.client.with(
            {.timeout = 3s,
             .retry_policy = RpcRetryPolicy{.initial_interval = 40ms, .maximum_interval = 40ms}}
        );
        make(client);
        ASSERT_EQ(server.channel->calls(), parts + 1);
        EXPECT_GT(server.channel->call_at(0).timeout, 1s);
        EXPECT_LE(server.channel->call_at(parts).timeout, 2985ms) << "the last part";
    }

    void will_tell_history(const std::string& next_page) {
        service::GetWorkflowExecutionHistoryResponse response;
        for (const auto type :
             {enums::EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
              enums::EVENT_TYPE_WORKFLOW_TASK_COMPLETED}) {
            auto& event = *response.mutable_history()->add_events();
            event.set_event_id(response.history().events_size());
            event.set_event_type(type);
        }
        response.set_next_page_token(next_page);
        server.channel->answer(response);
    }
};

TEST_F(ALimit, OfAHistoryIsThatOfAllItsPages) {
    server.channel->fail(RpcCode::Unavailable, "away");
    will_tell_history("p2");
    will_tell_history("");
    expect_for_all_parts(2, [](const Client& client) { (void)client.handle("order-7").history(); });
}

TEST_F(ALimit, OfAResetIsThatOfReadingTheHistoryToo) {
    server.channel->fail(RpcCode::Unavailable, "away");
    will_tell_history("");
    server.channel->answer(service::ResetWorkflowExecutionResponse{});
    expect_for_all_parts(2, [](const Client& client) { client.handle("order-7").reset({}); });
}

TEST_F(ALimit, OfAChangeOfANamespaceIsThatOfDescribingItToo) {
    server.channel->fail(RpcCode::Unavailable, "away")
        .answer(service::DescribeNamespaceResponse{})
        .answer(service::UpdateNamespaceResponse{});
    expect_for_all_parts(2, [](const Client& client) {
        admin::update_namespace(client, "shop", {.description = "orders"});
    });
}

TEST_F(ALimit, OfAnUpdateOfAScheduleIsThatOfDescribingItToo) {
    server.channel->fail(RpcCode::Unavailable, "away");
    will_describe(to_proto("nightly", nightly()));
    server.channel->answer(service::UpdateScheduleResponse{});
    Schedule changed = nightly();
    changed.state.note = "changed";
    will_describe(to_proto("nightly", changed), "token-2");
    expect_for_all_parts(3, [](const Client& client) {
        client.schedule("nightly").update([](ScheduleUpdate& update) {
            update.schedule.state.note = "changed";
        });
    });
}

TEST_F(ALimit, IsTheClientsOwnIfNoneIsSet) {
    server.context->rpc_timeout = 3s;
    server.channel->fail(RpcCode::Unavailable, "away");
    will_tell_history("");
    server.channel->answer(service::ResetWorkflowExecutionResponse{});
    server.client
        .with({.retry_policy = RpcRetryPolicy{.initial_interval = 40ms, .maximum_interval = 40ms}})
        .handle("order-7")
        .reset({});
    EXPECT_LE(server.channel->call_at(2).timeout, 2985ms);
}

TEST_F(ALimit, OfAHistoryIsEachPagesIfNoneIsSet) {
    server.context->rpc_timeout = 3s;
    server.channel->fail(RpcCode::Unavailable, "away");
    will_tell_history("p2");
    will_tell_history("");
    (void)server.client
        .with({.retry_policy = RpcRetryPolicy{.initial_interval = 40ms, .maximum_interval = 40ms}})
        .handle("order-7")
        .history();
    EXPECT_EQ(server.channel->call_at(2).timeout, 3s);
}

#ifndef HOURGLASS_TEST_UNDER_TSAN

TEST(AConnect, EndsWhenAStopIsRequested) {
    std::stop_source stop;
    // A port that is reserved and that nothing listens at: refused at once, and tried again.
    const auto connected = Client::connect_async(
        {.address = "127.0.0.1:1", .rpc_timeout = 1h}, {.stop_token = stop.get_token()}
    );
    stop.request_stop();
    EXPECT_THROW((void)connected.get(), CallCancelledError);
}

TEST(AConnect, HasALimitOfItsOwn) {
    EXPECT_THROW(
        (void)Client::connect({.address = "127.0.0.1:1", .rpc_timeout = 1h}, {.timeout = 50ms}),
        RpcError
    );
}

#endif

TEST(AConnect, RefusesOptionsThatCannotWork) {
    EXPECT_THROW((void)Client::connect({.lazy = true}, {.timeout = 0s}), ConfigurationError);
}

}  // namespace
}  // namespace hourglass::client
