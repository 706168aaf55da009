#include "src/testing/frontend.hpp"

#include "tests/unit/core/awaiting.hpp"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>

namespace hourglass::testing {
namespace {

namespace service = temporal::api::workflowservice::v1;
using core::test::await;
using core::test::Awaited;
using core::test::make_runtime;

constexpr int kNotFound = 5;
constexpr int kUnimplemented = 12;

class FrontendTest : public ::testing::Test {
protected:
    void SetUp() override {
        auto connected = await<core::ConnectResult>([this](auto callback) {
            frontend_->connector()(
                make_runtime(), {.target = "in-process:1", .identity = "test"}, std::move(callback)
            );
        });
        ASSERT_TRUE(connected) << connected.error().message;
        connection_ = *std::move(connected);
    }

    template <class Request>
    Awaited<core::BytesResult> begin(const std::string& method, const Request& request) {
        Awaited<core::BytesResult> answer;
        connection_->rpc_call(
            {.method = method, .request = request.SerializeAsString(), .retry = false},
            answer.callback()
        );
        return answer;
    }

    static service::PollWorkflowTaskQueueRequest poll_of(const std::string& queue) {
        service::PollWorkflowTaskQueueRequest poll;
        poll.mutable_task_queue()->set_name(queue);
        poll.set_worker_instance_key("worker");
        return poll;
    }

    static TaskOffer offer_on(const std::string& queue) {
        TaskOffer offer{.queue = queue, .task = {}, .whole_history = {}, .answered = {}};
        offer.task.set_attempt(1);
        offer.answered = [](const TaskAnswer&) {};
        return offer;
    }

    static service::PollWorkflowTaskQueueResponse task_of(Awaited<core::BytesResult>& poll) {
        service::PollWorkflowTaskQueueResponse task;
        const auto answer = poll.get();
        EXPECT_TRUE(answer);
        EXPECT_TRUE(answer && task.ParseFromString(answer->to_string()));
        return task;
    }

    std::shared_ptr<Frontend> frontend_ = std::make_shared<Frontend>();
    std::shared_ptr<core::Connection> connection_;
};

TEST_F(FrontendTest, HandsATaskToAPollOfItsQueueWhicheverComesFirst) {
    auto elsewhere = begin("PollWorkflowTaskQueue", poll_of("another"));
    auto first = begin("PollWorkflowTaskQueue", poll_of("queue"));
    static_cast<void>(frontend_->offer(offer_on("queue")));
    EXPECT_EQ(task_of(first).task_token(), "1");
    static_cast<void>(frontend_->offer(offer_on("queue")));
    auto second = begin("PollWorkflowTaskQueue", poll_of("queue"));
    EXPECT_EQ(task_of(second).task_token(), "2");
    EXPECT_FALSE(elsewhere.ready());
}

TEST_F(FrontendTest, DoesNotHandOutATaskThatWasWithdrawn) {
    frontend_->withdraw(frontend_->offer(offer_on("queue")));
    static_cast<void>(frontend_->offer(offer_on("queue")));
    auto poll = begin("PollWorkflowTaskQueue", poll_of("queue"));
    EXPECT_EQ(task_of(poll).task_token(), "2");
    service::RespondWorkflowTaskFailedRequest late;
    late.set_task_token("1");
    EXPECT_EQ(begin("RespondWorkflowTaskFailed", late).get().error().grpc_code, kNotFound);
}

TEST_F(FrontendTest, TakesOneAnswerToATask) {
    std::promise<std::string> cause;
    TaskOffer offer = offer_on("queue");
    offer.answered = [&cause](const TaskAnswer& answer) {
        cause.set_value(
            std::get<service::RespondWorkflowTaskFailedRequest>(answer).failure().message()
        );
    };
    static_cast<void>(frontend_->offer(std::move(offer)));
    auto poll = begin("PollWorkflowTaskQueue", poll_of("queue"));
    service::RespondWorkflowTaskFailedRequest failed;
    failed.set_task_token(task_of(poll).task_token());
    failed.mutable_failure()->set_message("why");
    EXPECT_TRUE(begin("RespondWorkflowTaskFailed", failed).get());
    EXPECT_EQ(begin("RespondWorkflowTaskFailed", failed).get().error().grpc_code, kNotFound);
    EXPECT_EQ(cause.get_future().get(), "why");
}

TEST_F(FrontendTest, EndsThePollsOfAWorkerThatShutsDown) {
    auto workflows = begin("PollWorkflowTaskQueue", poll_of("queue"));
    service::PollActivityTaskQueueRequest activities_poll;
    activities_poll.set_worker_instance_key("worker");
    auto activities = begin("PollActivityTaskQueue", activities_poll);
    service::PollNexusTaskQueueRequest others_poll;
    others_poll.set_worker_instance_key("another");
    auto others = begin("PollNexusTaskQueue", others_poll);
    service::ShutdownWorkerRequest shutdown;
    shutdown.set_worker_instance_key("worker");
    EXPECT_TRUE(begin("ShutdownWorker", shutdown).get());
    EXPECT_TRUE(task_of(workflows).task_token().empty());
    EXPECT_TRUE(activities.get());
    EXPECT_FALSE(others.ready());
}

TEST_F(FrontendTest, KnowsNoHistoryOfOthersAndSaysWhatItDoesNotServe) {
    service::GetWorkflowExecutionHistoryRequest history;
    history.mutable_execution()->set_run_id("nobody's");
    EXPECT_EQ(begin("GetWorkflowExecutionHistory", history).get().error().grpc_code, kNotFound);
    const auto answer =
        begin("CountWorkflowExecutions", service::CountWorkflowExecutionsRequest{}).get();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().grpc_code, kUnimplemented);
    EXPECT_NE(answer.error().message.find("CountWorkflowExecutions"), std::string::npos);
}

}  // namespace
}  // namespace hourglass::testing
