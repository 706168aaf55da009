#include "hourglass/client/call_options.hpp"

#include "src/client/core_channel.hpp"
#include "src/client/make_client.hpp"
#include "tests/support/sanitizers.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <netinet/in.h>
#include <stop_token>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace hourglass::client {
namespace {

namespace service = temporal::api::workflowservice::v1;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

/// Takes connections and never says a word.
class SilentServer {
public:
    SilentServer() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const raw = reinterpret_cast<sockaddr*>(&address);
        if (bind(socket_, raw, size) != 0 || listen(socket_, 8) != 0 ||
            getsockname(socket_, raw, &size) != 0) {
            throw std::runtime_error{"cannot listen on the loopback"};
        }
        port_ = ntohs(address.sin_port);
    }
    SilentServer(const SilentServer&) = delete;
    SilentServer& operator=(const SilentServer&) = delete;
    ~SilentServer() { close(socket_); }

    [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

private:
    int socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    int port_ = 0;
};

TEST(CallOptionsOfOneCall, AreSentWithItAndNotWithTheNext) {
    FakeServer server;
    server.channel->answer(service::CountWorkflowExecutionsResponse{})
        .answer(service::CountWorkflowExecutionsResponse{});
    const std::string bytes{"\0\xff", 2};
    (void
    )server.client.with({.timeout = 2s, .metadata = {{"x-tenant", "ada"}, {"x-trace-bin", bytes}}}
    ).count_workflows();
    (void)server.client.count_workflows();
    EXPECT_LE(server.channel->call_at(0).timeout, 2s);
    EXPECT_GT(server.channel->call_at(0).timeout, 1s);
    EXPECT_THAT(
        server.channel->call_at(0).metadata,
        UnorderedElementsAre(Pair("x-tenant", "ada"), Pair("x-trace-bin", bytes))
    );
    EXPECT_GT(server.channel->call_at(1).timeout, 5s);
    EXPECT_TRUE(server.channel->call_at(1).metadata.empty());
}

TEST(CallOptionsOfOneCall, AreAddedToThoseOfTheClient) {
    FakeServer server;
    server.channel->answer(service::DescribeWorkflowExecutionResponse{});
    const Client client = server.client.with({.timeout = 2s, .metadata = {{"a", "1"}, {"b", "1"}}});
    (void)client.handle("order-7").with({.metadata = {{"b", "2"}}}).describe();
    EXPECT_LE(server.channel->call_at(0).timeout, 2s);
    EXPECT_THAT(
        server.channel->call_at(0).metadata, UnorderedElementsAre(Pair("a", "1"), Pair("b", "2"))
    );
}

TEST(CallOptionsOfOneCall, SetItsRetries) {
    FakeServer server;
    for (int i = 0; i < 3; ++i) {
        server.channel->fail(RpcCode::Unavailable, "away");
    }
    const auto quick = RpcRetryPolicy{.initial_interval = 1ms, .maximum_attempts = 3};
    EXPECT_THROW(
        (void)server.client.with({.retry_policy = quick}).count_workflows(), UnavailableError
    );
    EXPECT_EQ(server.channel->calls(), 3U);
    server.channel->fail(RpcCode::Unavailable, "away");
    EXPECT_THROW(
        (void)server.client.with({.retry_policy = RpcRetryPolicy{.maximum_attempts = 1}})
            .count_workflows(),
        UnavailableError
    );
    EXPECT_EQ(server.channel->calls(), 4U);
}

TEST(ADeadline, LimitsEachCallUntilItHasPassed) {
    FakeServer server;
    server.channel->answer(service::CountWorkflowExecutionsResponse{});
    const auto deadline = std::chrono::steady_clock::now() + 3s;
    (void)server.client.with({.timeout = 1h, .deadline = deadline}).count_workflows();
    EXPECT_LE(server.channel->call_at(0).timeout, 3s);
}

TEST(ADeadline, ThatHasPassedSendsNothing) {
    FakeServer server;
    const Client late = server.client.with({.deadline = std::chrono::steady_clock::now() - 1ms});
    EXPECT_THROW((void)late.count_workflows(), DeadlineExceededError);
    EXPECT_THROW((void)late.handle("a").result<int>(), WaitTimeoutError);
    EXPECT_THROW((void)late.handle("a").update<int>("u"), WaitTimeoutError);
    EXPECT_THROW(late.handle("a").signal("s"), DeadlineExceededError);
    EXPECT_EQ(server.channel->calls(), 0U);
}

TEST(ATimeout, ThatIsMeantAsNoneIsNotOverAtOnce) {
    constexpr auto kForEver = std::chrono::milliseconds::max();
    FakeServer server;
    std::stop_source stop;
    const Client client = server.client.with({.stop_token = stop.get_token()});
    const auto timeout = client.with({.timeout = kForEver}).count_workflows_async();
    const auto deadline = client.with({.deadline = std::chrono::steady_clock::time_point::max()})
                              .count_workflows_async();
    const auto history = client.with({.timeout = kForEver}).handle("order-7").history_async();
    const auto result = client.handle("order-7").result_async<int>({.timeout = kForEver});
    ASSERT_EQ(server.channel->calls(), 4U);
    EXPECT_GT(server.channel->call_at(0).timeout, 24h * 365);
    EXPECT_EQ(server.channel->call_at(1).timeout, 10s) << "the client's own";
    EXPECT_GT(server.channel->call_at(2).timeout, 24h * 365);
    EXPECT_EQ(server.channel->call_at(3).timeout, 70s) << "what one poll may take";
    stop.request_stop();
    EXPECT_THROW((void)timeout.get(), CallCancelledError);
    EXPECT_THROW((void)deadline.get(), CallCancelledError);
    EXPECT_THROW((void)history.get(), CallCancelledError);
    EXPECT_THROW((void)result.get(), CallCancelledError);
    EXPECT_GT(connect_options({.rpc_timeout = kForEver}).connect_timeout, 24h * 365);
}

TEST(ATimeoutOfWith, LimitsWaitsThatHaveNoneOfTheirOwn) {
    FakeServer server;
    const auto order = server.client.handle("order-7").with({.timeout = 1ms});
    EXPECT_THROW((void)order.result<int>(), WaitTimeoutError);
    EXPECT_THROW((void)order.update<int>("add"), WaitTimeoutError);
}

TEST(AStopToken, EndsTheCallThatWaits) {
    FakeServer server;
    std::stop_source stop;
    const Client client = server.client.with({.stop_token = stop.get_token()});
    const auto count = client.count_workflows_async();
    const auto result = client.handle("order-7").result_async<int>();
    EXPECT_EQ(server.channel->calls(), 2U);
    EXPECT_FALSE(count.ready());
    stop.request_stop();
    const auto error = thrown_by<CallCancelledError>([&] { (void)count.get(); });
    EXPECT_EQ(error.code(), RpcCode::Cancelled);
    EXPECT_THAT(error.what(), HasSubstr("count the workflows"));
    EXPECT_THROW((void)result.get(), CallCancelledError);
    EXPECT_TRUE(server.channel->call_at(0).stop.stop_requested()) << "the channel is told, too";
}

TEST(AStopToken, EndsTheWaitBetweenAttempts) {
    FakeServer server;
    server.channel->fail(RpcCode::Unavailable, "away");
    std::stop_source stop;
    const auto slow = RpcRetryPolicy{.initial_interval = 1h, .maximum_interval = 1h};
    const auto count =
        server.client.with({.timeout = 24h, .stop_token = stop.get_token(), .retry_policy = slow})
            .count_workflows_async();
    stop.request_stop();
    EXPECT_THROW((void)count.get(), CallCancelledError);
}

TEST(AStopToken, ThatWasStoppedBeforeSendsNothing) {
    FakeServer server;
    std::stop_source stop;
    stop.request_stop();
    EXPECT_THROW(
        (void)server.client.with({.stop_token = stop.get_token()}).count_workflows(),
        CallCancelledError
    );
    EXPECT_EQ(server.channel->calls(), 0U);
}

TEST(AStopToken, MayBeStoppedWhileTheAnswerComes) {
    for (int i = 0; i < 200; ++i) {
        FakeServer server;
        server.channel->answer(service::CountWorkflowExecutionsResponse{});
        std::stop_source stop;
        const Client client = server.client.with({.stop_token = stop.get_token()});
        std::jthread stopper{[&stop] { stop.request_stop(); }};
        const auto count = client.count_workflows_async();
        count.wait();  // either way it ends, once
        if (count.error()) {
            EXPECT_THROW((void)count.get(), CallCancelledError);
        }
    }
}

#ifndef HOURGLASS_TEST_UNDER_TSAN

TEST(AStopToken, EndsACallOfCore) {
    const SilentServer silent;
    const auto channel = make_core_channel({.address = silent.address(), .lazy = true});
    std::stop_source stop;
    RpcRequest request;
    request.method = "GetSystemInfo";
    request.timeout = 1h;
    request.stop = stop.get_token();
    std::promise<RpcAnswer> promise;
    channel->call(request, [&promise](RpcAnswer answer) { promise.set_value(std::move(answer)); });
    stop.request_stop();
    const RpcAnswer answer = promise.get_future().get();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, RpcCode::Cancelled);
    EXPECT_TRUE(answer.error().final);
}

TEST(NewCredentials, AreTriedNoLongerThanACallMayTake) {
    const SilentServer silent;
    const ClientOptions options{
        .address = silent.address(), .rpc_timeout = 100ms, .connect_timeout = 1h, .lazy = true
    };
    const Client client = detail::make_client(make_core_channel(options), options);
    EXPECT_THROW(client.replace_credentials({}), UnavailableError);
}

#endif

TEST(CallOptionsGiven, AreCheckedBeforeAnythingIsSent) {
    FakeServer server;
    const auto rejected = [&](const CallOptions& options) {
        return std::string{thrown_by<ConfigurationError>([&] { (void)server.client.with(options); }
        ).what()};
    };
    EXPECT_THAT(rejected({.timeout = 0s}), HasSubstr("CallOptions::timeout is 0 ms"));
    EXPECT_THAT(rejected({.metadata = {{"Upper", "x"}}}), HasSubstr("\"Upper\""));
    EXPECT_THAT(rejected({.metadata = {{"", "x"}}}), HasSubstr("lower case"));
    EXPECT_THAT(rejected({.metadata = {{"grpc-timeout", "x"}}}), HasSubstr("grpc-"));
    EXPECT_THAT(rejected({.metadata = {{"x", "\xff"}}}), HasSubstr("ends in -bin"));
    EXPECT_THAT(
        rejected({.retry_policy = RpcRetryPolicy{.initial_interval = 0ms}}),
        HasSubstr("initial_interval")
    );
    EXPECT_THAT(
        rejected({.retry_policy = RpcRetryPolicy{.backoff_coefficient = 0.5}}),
        HasSubstr("backoff_coefficient")
    );
    EXPECT_THAT(
        rejected({.retry_policy = RpcRetryPolicy{.maximum_interval = 1ms}}),
        HasSubstr("maximum_interval")
    );
    EXPECT_THAT(
        rejected({.retry_policy = RpcRetryPolicy{.maximum_attempts = -1}}),
        HasSubstr("maximum_attempts")
    );
}

}  // namespace
}  // namespace hourglass::client
