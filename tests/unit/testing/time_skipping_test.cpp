#include "src/testing/time_skipping.hpp"

#include "hourglass/base/log.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include "temporal/api/testservice/v1/request_response.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace {

namespace hg = hourglass;
namespace enums = temporal::api::enums::v1;
namespace test = temporal::api::testservice::v1;
using hg::RpcCode;
using hg::client::FakeServer;
using hg::testing::skipping_client;
using hg::testing::TimeSkipping;
using temporal::api::workflowservice::v1::GetWorkflowExecutionHistoryResponse;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Sink final : hg::log::Sink {
    void write(const hg::log::Record& record) noexcept override { lines.push_back(record.message); }
    std::vector<std::string> lines;
};

GetWorkflowExecutionHistoryResponse completed() {
    GetWorkflowExecutionHistoryResponse response;
    auto& event = *response.mutable_history()->add_events();
    event.set_event_type(enums::EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED);
    auto& payload = *event.mutable_workflow_execution_completed_event_attributes()
                         ->mutable_result()
                         ->add_payloads();
    (*payload.mutable_metadata())["encoding"] = "json/plain";
    payload.set_data("7");
    return response;
}

struct SkippedTime : ::testing::Test {
    SkippedTime() { hg::log::set_sink(sink); }
    ~SkippedTime() override { hg::log::set_sink(nullptr); }

    const std::shared_ptr<Sink> sink = std::make_shared<Sink>();
    FakeServer server;
    hg::Client client =
        skipping_client(server.context, std::make_shared<TimeSkipping>(server.client));
};

TEST_F(SkippedTime, LosesNoResultWhenTheServersClockCannotBeStopped) {
    server.channel->answer(test::UnlockTimeSkippingResponse{})
        .answer(completed())
        .fail(RpcCode::InvalidArgument, "not unlocked");
    EXPECT_EQ(client.handle("order-7", "run-1").result<int>(), 7);
    EXPECT_EQ(server.channel->call_at(2).method, "LockTimeSkipping");
    EXPECT_THAT(sink->lines, ElementsAre(HasSubstr("may go on skipping time")));
}

TEST_F(SkippedTime, IsThatOfAClientOfAnotherNamespaceToo) {
    server.channel->answer(test::UnlockTimeSkippingResponse{})
        .answer(completed())
        .answer(test::LockTimeSkippingResponse{});
    EXPECT_EQ(client.in_namespace("returns").handle("order-7", "run-1").result<int>(), 7);
    EXPECT_EQ(server.channel->call_at(0).method, "UnlockTimeSkipping");
}

TEST_F(SkippedTime, TellsWhyAWaitFailedAndNotWhatBecameOfTheClock) {
    server.channel->answer(test::UnlockTimeSkippingResponse{})
        .fail(RpcCode::NotFound, "no such workflow")
        .fail(RpcCode::InvalidArgument, "not unlocked");
    const auto error = hg::client::thrown_by<hg::WorkflowNotFoundError>([&] {
        static_cast<void>(client.handle("order-7", "run-1").result<int>());
    });
    EXPECT_THAT(error.what(), HasSubstr("order-7"));
}

}  // namespace
