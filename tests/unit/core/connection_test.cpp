#include "src/core/connection.hpp"

#include "tests/unit/core/awaiting.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace hourglass::core {
namespace {

using namespace std::chrono_literals;
using test::await;
using test::Awaited;
using test::connect;
using test::kNobody;
using test::lazy_connection;
using test::make_runtime;

constexpr int kUnavailable = 14;

BytesResult call(const Connection& connection, const RpcRequest& request) {
    return await<BytesResult>([&](BytesCallback callback) {
        connection.rpc_call(request, std::move(callback));
    });
}

TEST(Connection, ToNobodyFailsAsUnavailableAndNamesTheAddress) {
    const auto connected = connect(make_runtime(), {.target = kNobody, .identity = "test"});
    ASSERT_FALSE(connected);
    EXPECT_EQ(connected.error().status, Status::ConnectFailed);
    EXPECT_EQ(connected.error().grpc_code, kUnavailable);
    EXPECT_NE(connected.error().message.find(kNobody), std::string::npos);
}

TEST(Connection, RefusesWrongOptionsAtOnce) {
    const auto runtime = make_runtime();
    for (const ConnectOptions& options :
         {ConnectOptions{.target = ""},
          ConnectOptions{.target = "ftp://there"},
          ConnectOptions{.target = kNobody, .tls = TlsOptions{.client_cert = "only one"}},
          ConnectOptions{.target = kNobody, .metadata = {{"Not Valid", "x"}}},
          ConnectOptions{.target = kNobody, .retry = {.multiplier = 0}}}) {
        Awaited<ConnectResult> connected;
        Connection::connect(runtime, options, connected.callback());
        ASSERT_TRUE(connected.ready());
        EXPECT_EQ(connected.get().error().status, Status::InvalidArgument);
    }
}

TEST(Connection, WhenLazyIsThereWithoutAServerAndItsCallsAreUnavailable) {
    const auto connection = lazy_connection(make_runtime());
    for (const bool retry : {false, true}) {
        const auto answer =
            call(*connection, {.method = "GetSystemInfo", .retry = retry, .timeout = 500ms});
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().grpc_code, kUnavailable);
        EXPECT_NE(answer.error().message.find(kNobody), std::string::npos);
    }
    const auto ensured = await<VoidResult>([&](VoidCallback callback) {
        connection->ensure_connected(std::move(callback));
    });
    ASSERT_FALSE(ensured);
    EXPECT_EQ(ensured.error().status, Status::ConnectFailed);
}

TEST(Connection, RefusesAMethodThatThereIsNot) {
    const auto connection = lazy_connection(make_runtime());
    const auto answer = call(*connection, {.service = Service::Operator, .method = "Fly"});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().status, Status::InvalidArgument);
    EXPECT_NE(answer.error().message.find("Fly"), std::string::npos);
}

TEST(Connection, RefusesARequestThatIsNone) {
    const auto connection = lazy_connection(make_runtime());
    const auto answer =
        call(*connection, {.method = "StartWorkflowExecution", .request = "\xff\xff\xff"});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().status, Status::InvalidArgument);
}

TEST(Connection, AnswersACancelledCall) {
    const auto connection = lazy_connection(make_runtime());
    const auto token = CancelToken::create();
    token.cancel();
    const auto answer = call(*connection, {.method = "GetSystemInfo", .cancel = token});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().status, Status::Cancelled);
}

TEST(Connection, AnswersCallsThatItsOwnerDidNotWaitFor) {
    Awaited<BytesResult> answer;
    lazy_connection(make_runtime())
        ->rpc_call({.method = "GetSystemInfo", .timeout = 5s}, answer.callback());
    EXPECT_FALSE(answer.get());
}

TEST(Connection, TakesAKeyAndMetadataAtAnyTime) {
    const auto connection = lazy_connection(make_runtime());
    EXPECT_TRUE(connection->set_api_key("secret"));
    EXPECT_TRUE(connection->set_api_key(""));
    EXPECT_TRUE(connection->set_metadata({{"tenant", "blue"}, {"trace-bin", {"\0\xff", 2}}}));
    const auto wrong = connection->set_metadata({{"tenant", "two\nlines"}});
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().status, Status::InvalidArgument);
}

TEST(CoreWorker, NeedsAConnectionAndNamesWhatIsWrong) {
    const auto connection = lazy_connection(make_runtime());
    const auto unconnected =
        CoreWorker::create(connection, {.namespace_name = "default", .task_queue = "q"});
    ASSERT_FALSE(unconnected);
    EXPECT_EQ(unconnected.error().status, Status::ConnectFailed);
    const auto nameless = CoreWorker::create(connection, {.namespace_name = "default"});
    ASSERT_FALSE(nameless);
    EXPECT_EQ(nameless.error().status, Status::InvalidArgument);
    EXPECT_NE(nameless.error().message.find("task_queue"), std::string::npos);
}

}  // namespace
}  // namespace hourglass::core
