#include "src/core/connection.hpp"
#include "tests/unit/core/awaiting.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace hourglass::core {
namespace {

using test::Awaited;
using test::make_runtime;

constexpr int kNotFound = 5;
constexpr int kUnavailable = 14;

/// Connects to `serve`, which need not answer what connecting asks.
std::shared_ptr<Connection> connect_to(Serve serve) {
    Awaited<ConnectResult> connected;
    Connection::connect_in_process(
        make_runtime(),
        {.target = "in-process:1", .identity = "test"},
        [serve = std::move(serve)](ServedCall call, const ServedRequest& request) {
            if (request.method == "GetSystemInfo") {
                static_cast<void>(call.answer(""));
            } else {
                serve(std::move(call), request);
            }
        },
        connected.callback()
    );
    auto connection = connected.get();
    EXPECT_TRUE(connection) << connection.error().message;
    return *std::move(connection);
}

TEST(InProcess, ACallIsAnsweredAtOnce) {
    std::string service;
    const auto connection = connect_to([&](ServedCall call, const ServedRequest& request) {
        service = request.service;
        EXPECT_EQ(request.method, "DescribeNamespace");
        static_cast<void>(call.answer(request.body));
    });
    Awaited<BytesResult> answer;
    connection->rpc_call({.method = "DescribeNamespace"}, answer.callback());
    EXPECT_TRUE(answer.get());
    EXPECT_EQ(service, "temporal.api.workflowservice.v1.WorkflowService");
}

/// A call that the server has put aside.
class PutAside {
public:
    [[nodiscard]] Serve serve() const {
        return [call = call_](ServedCall served, const ServedRequest&) {
            call->set_value(std::move(served));
        };
    }
    [[nodiscard]] ServedCall get() const { return call_->get_future().get(); }

private:
    std::shared_ptr<std::promise<ServedCall>> call_ = std::make_shared<std::promise<ServedCall>>();
};

TEST(InProcess, CallsAreAnsweredLaterAndOnce) {
    const PutAside put_aside;
    const auto connection = connect_to(put_aside.serve());
    Awaited<BytesResult> answer;
    connection->rpc_call({.method = "DescribeNamespace"}, answer.callback());
    ServedCall call = put_aside.get();
    EXPECT_FALSE(answer.ready());
    std::thread{[&call] {
        EXPECT_TRUE(call.fail(kNotFound, "no such namespace"));
        const auto again = call.answer("");
        ASSERT_FALSE(again);
        EXPECT_EQ(again.error().status, Status::InvalidArgument);
    }}.join();
    const auto outcome = answer.get();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().grpc_code, kNotFound);
    EXPECT_EQ(outcome.error().message, "no such namespace");
}

TEST(InProcess, ACallThatIsDroppedOrWhoseServerThrowsIsUnavailable) {
    const auto connection = connect_to([](const ServedCall&, const ServedRequest& request) {
        if (request.method == "ListNamespaces") {
            throw std::runtime_error{"a server must not throw"};
        }
    });
    for (const char* method : {"DescribeNamespace", "ListNamespaces"}) {
        Awaited<BytesResult> answer;
        connection->rpc_call({.method = method, .retry = false}, answer.callback());
        const auto outcome = answer.get();
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().grpc_code, kUnavailable);
    }
}

TEST(InProcess, AnAnswerThatNobodyWaitsForAnyMoreDoesNoHarm) {
    const PutAside put_aside;
    const auto token = CancelToken::create();
    auto connection = connect_to(put_aside.serve());
    Awaited<BytesResult> answer;
    connection->rpc_call({.method = "DescribeNamespace", .cancel = token}, answer.callback());
    ServedCall call = put_aside.get();
    token.cancel();
    EXPECT_EQ(answer.get().error().status, Status::Cancelled);
    connection.reset();
    const auto late = call.answer("");
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().status, Status::Cancelled);
}

TEST(InProcess, TheServerEndsWithTheLastWhoCanCallIt) {
    class TellsItsEnd {
    public:
        TellsItsEnd() = default;
        TellsItsEnd(const TellsItsEnd&) = delete;
        TellsItsEnd& operator=(const TellsItsEnd&) = delete;
        ~TellsItsEnd() { ended.set_value(); }

        std::promise<void> ended;
    };
    auto kept = std::make_shared<TellsItsEnd>();
    auto ended = kept->ended.get_future();
    auto connection =
        connect_to([kept = std::move(kept)](const ServedCall&, const ServedRequest&) {});
    EXPECT_EQ(ended.wait_for(std::chrono::seconds{0}), std::future_status::timeout);
    connection.reset();
    EXPECT_EQ(ended.wait_for(std::chrono::seconds{30}), std::future_status::ready);
}

}  // namespace
}  // namespace hourglass::core
