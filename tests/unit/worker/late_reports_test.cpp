#include "src/worker/late_reports.hpp"

#include "src/convert/proto_payload.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/test_server.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gtest/gtest.h>

#include <future>

namespace hourglass::worker {
namespace {

using namespace std::chrono_literals;
namespace service = temporal::api::workflowservice::v1;
using coresdk::activity_result::ActivityExecutionResult;

class LateReportsTest : public ::testing::Test {
protected:
    LateReportsTest() {
        calls_.channel = channel_;
        calls_.backoff = {.first = 1ms, .longest = 1ms};
    }

    /// The lines are written behind the answer, on another thread.
    [[nodiscard]] bool logged(const std::string& text) const {
        return test::eventually([&] { return lines_.count(text) == 1; });
    }

    test::LogLines lines_;
    std::shared_ptr<client::FakeChannel> channel_ = std::make_shared<client::FakeChannel>();
    client::CallSettings calls_;
    using Counted = std::vector<LateCompletion>;
    /// What was counted is there once `wait_until_sent` has returned; reports may outlive a test.
    std::shared_ptr<Counted> counted_ = std::make_shared<Counted>();
    LateReports::Count count_ = [counted = counted_](LateCompletion what) {
        counted->push_back(what);
    };
};

TEST_F(LateReportsTest, ReportAResultByItsTokenUntilTheServerHasIt) {
    channel_->fail(RpcCode::Unavailable, "away");
    channel_->answer(service::RespondActivityTaskCompletedResponse{});
    const LateReports reports{calls_, "shop", "me", count_};
    ActivityExecutionResult result;
    result.mutable_completed()->mutable_result()->set_data("42");
    reports.report("token", "orders", result);
    EXPECT_TRUE(reports.wait_until_sent(10s));
    ASSERT_EQ(channel_->calls(), 2u);
    EXPECT_EQ(channel_->call_at(1).method, "RespondActivityTaskCompleted");
    const auto request = channel_->request<service::RespondActivityTaskCompletedRequest>(1);
    EXPECT_EQ(request.task_token(), "token");
    EXPECT_EQ(request.namespace_(), "shop");
    EXPECT_EQ(request.identity(), "me");
    ASSERT_EQ(request.result().payloads_size(), 1);
    EXPECT_EQ(request.result().payloads(0).data(), "42");
    EXPECT_TRUE(logged("a late activity result was reported by its task token task_queue=orders"));
    EXPECT_EQ(*counted_, Counted{LateCompletion::ActivityReported});
}

TEST_F(LateReportsTest, ReportAFailureAndACancellation) {
    channel_->answer(service::RespondActivityTaskFailedResponse{});
    channel_->answer(service::RespondActivityTaskCanceledResponse{});
    const LateReports reports{calls_, "shop", "me", count_};
    ActivityExecutionResult failed;
    failed.mutable_failed()->mutable_failure()->set_message("broken");
    coresdk::ActivityHeartbeat heartbeat;
    heartbeat.add_details()->set_data("half done");
    reports.report("a", "orders", failed, heartbeat);
    ActivityExecutionResult cancelled;
    cancelled.mutable_cancelled()->mutable_failure()->mutable_canceled_failure_info();
    reports.report("b", "orders", cancelled);
    EXPECT_TRUE(reports.wait_until_sent(10s));
    const auto failure = channel_->request<service::RespondActivityTaskFailedRequest>(0);
    EXPECT_EQ(failure.task_token(), "a");
    EXPECT_EQ(failure.failure().message(), "broken");
    ASSERT_EQ(failure.last_heartbeat_details().payloads_size(), 1);
    EXPECT_EQ(failure.last_heartbeat_details().payloads(0).data(), "half done");
    EXPECT_EQ(channel_->call_at(1).method, "RespondActivityTaskCanceled");
    EXPECT_EQ(*counted_, Counted(2, LateCompletion::ActivityReported));
}

TEST_F(LateReportsTest, EndTheMatterIfTheServerDoesNotKnowTheAttempt) {
    channel_->fail(RpcCode::NotFound, "workflow is closed");
    const LateReports reports{calls_, "shop", "me", count_};
    ActivityExecutionResult result;
    result.mutable_completed();
    reports.report("token", "orders", result);
    EXPECT_TRUE(reports.wait_until_sent(10s));
    EXPECT_TRUE(logged("the server does not know the attempt"));
    EXPECT_EQ(channel_->calls(), 1u) << "and nothing else happens";
    EXPECT_EQ(*counted_, Counted{LateCompletion::ActivityUnknown});
}

TEST_F(LateReportsTest, SayWhatCouldNotBeReported) {
    channel_->fail(RpcCode::PermissionDenied, "not yours");
    const LateReports reports{calls_, "shop", "me", count_};
    ActivityExecutionResult result;
    result.mutable_completed();
    reports.report("token", "orders", result);
    EXPECT_TRUE(reports.wait_until_sent(10s));
    EXPECT_TRUE(logged("could not be reported"));
    EXPECT_EQ(*counted_, Counted{LateCompletion::ActivityGivenUp});
}

TEST_F(LateReportsTest, CountAWorkflowTaskThatNobodyTakes) {
    const LateReports reports{calls_, "shop", "me", count_};
    reports.discarded_workflow_task();
    EXPECT_EQ(*counted_, Counted{LateCompletion::WorkflowTaskDiscarded});
}

TEST_F(LateReportsTest, LeaveAnAttemptAloneThatIsCompletedElsewhere) {
    const LateReports reports{calls_, "shop", "me", count_};
    ActivityExecutionResult result;
    result.mutable_will_complete_async();
    reports.report("token", "orders", result);
    EXPECT_TRUE(reports.wait_until_sent(0ms));
    EXPECT_EQ(channel_->calls(), 0u);
    EXPECT_TRUE(counted_->empty());
}

TEST_F(LateReportsTest, WaitNoLongerThanTold) {
    calls_.backoff = {.first = 10s, .longest = 10s};
    channel_->fail(RpcCode::Unavailable, "away");
    const LateReports reports{calls_, "shop", "me", count_};
    ActivityExecutionResult result;
    result.mutable_completed();
    reports.report("token", "orders", result);
    EXPECT_FALSE(reports.wait_until_sent(1ms));
}

TEST_F(LateReportsTest, TellWhatTheServerSaysToAHeartbeat) {
    service::RecordActivityTaskHeartbeatResponse cancel;
    cancel.set_cancel_requested(true);
    channel_->answer(cancel);
    channel_->fail(RpcCode::NotFound, "unknown");
    const LateReports reports{calls_, "shop", "me", count_};
    coresdk::ActivityHeartbeat heartbeat;
    heartbeat.set_task_token("token");
    heartbeat.add_details()->set_data("half");
    const auto beat = [&] {
        std::promise<LateReports::HeartbeatAnswer> answered;
        reports.heartbeat(heartbeat, [&](LateReports::HeartbeatAnswer answer) {
            answered.set_value(answer);
        });
        return answered.get_future().get();
    };
    const auto first = beat();
    EXPECT_TRUE(first.cancel_requested);
    EXPECT_FALSE(first.gone);
    EXPECT_TRUE(beat().gone);
    const auto request = channel_->request<service::RecordActivityTaskHeartbeatRequest>(0);
    EXPECT_EQ(request.task_token(), "token");
    EXPECT_EQ(request.details().payloads(0).data(), "half");
}

}  // namespace
}  // namespace hourglass::worker
