#include "tests/integration/core/server.hpp"

#include "temporal/sdk/core/core_interface.pb.h"

#include <gtest/gtest.h>

#include <string>

namespace hourglass::core {
namespace {

using namespace test;

constexpr int kNotFound = 5;
constexpr int kAlreadyExists = 6;

class CoreOnAServer : public testing::Test {
protected:
    std::shared_ptr<Runtime> runtime_ = make_runtime();
    std::shared_ptr<Connection> connection_ = connect_to_server(runtime_);
    std::string queue_ = unique("queue");
    std::string workflow_ = unique("workflow");
};

TEST_F(CoreOnAServer, CallsMethodsOfAnyService) {
    const auto info = expect<api::GetSystemInfoResponse>(
        *connection_, "GetSystemInfo", api::GetSystemInfoRequest{}
    );
    EXPECT_FALSE(info.server_version().empty());
    const auto health = await<BytesResult>([&](BytesCallback callback) {
        connection_->rpc_call({.service = Service::Health, .method = "Check"}, std::move(callback));
    });
    EXPECT_TRUE(health);
}

TEST_F(CoreOnAServer, ConnectsALazyConnectionAtItsFirstCall) {
    const auto lazy =
        connect(runtime_, {.target = server_address(), .identity = "x", .lazy = true});
    ASSERT_TRUE(lazy);
    EXPECT_TRUE(call(**lazy, "GetSystemInfo", api::GetSystemInfoRequest{}));
    EXPECT_TRUE(CoreWorker::create(*lazy, {.namespace_name = kNamespace, .task_queue = queue_}));
}

TEST_F(CoreOnAServer, AnswersWithTheCodeAndDetailsOfTheServer) {
    start_workflow(*connection_, workflow_, queue_);
    const auto again =
        call(*connection_, "StartWorkflowExecution", start_request(workflow_, queue_));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().status, Status::Rpc);
    EXPECT_EQ(again.error().grpc_code, kAlreadyExists);
    EXPECT_FALSE(again.error().message.empty());
    EXPECT_FALSE(again.error().details.empty());
}

TEST_F(CoreOnAServer, SaysWhichNamespaceThereIsNot) {
    const auto worker =
        CoreWorker::create(connection_, {.namespace_name = "nowhere", .task_queue = queue_});
    ASSERT_TRUE(worker);
    const auto validated =
        await<VoidResult>([&](VoidCallback callback) { (*worker)->validate(std::move(callback)); });
    ASSERT_FALSE(validated);
    EXPECT_EQ(validated.error().status, Status::Validation);
    EXPECT_EQ(validated.error().grpc_code, kNotFound);
    EXPECT_NE(validated.error().message.find("nowhere"), std::string::npos);
}

TEST_F(CoreOnAServer, RunsAWorkflowWithAnActivityAndEndsInGoodOrder) {
    const auto worker = make_worker(connection_, queue_);
    start_workflow(*connection_, workflow_, queue_);

    const auto first = next_activation(*worker);
    EXPECT_EQ(first.jobs(0).initialize_workflow().workflow_id(), workflow_);
    complete(*worker, schedule_activities(first.run_id(), queue_, 1));

    const auto task = next_activity(*worker);
    EXPECT_EQ(task.start().activity_type(), "Work");
    coresdk::ActivityHeartbeat heartbeat;
    heartbeat.set_task_token(task.task_token());
    EXPECT_EQ(worker->record_activity_heartbeat(heartbeat.SerializeAsString()), Status::Ok);
    complete_activity(*worker, task.task_token());

    const auto second = next_activation(*worker);
    EXPECT_TRUE(second.jobs(0).has_resolve_activity());
    complete(*worker, end_workflow(second.run_id()));
    EXPECT_TRUE(completes(*connection_, workflow_));

    EXPECT_TRUE(worker->request_workflow_eviction(second.run_id()));
    end_worker(*worker);
    EXPECT_EQ(worker->initiate_shutdown().error().status, Status::Shutdown);
}

TEST_F(CoreOnAServer, TakesOneWorkerOfAQueueForEachConnection) {
    auto worker = make_worker(connection_, queue_);
    const auto second =
        CoreWorker::create(connection_, {.namespace_name = kNamespace, .task_queue = queue_});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().status, Status::InvalidArgument);
    EXPECT_NE(make_worker(connect_to_server(runtime_), queue_), nullptr);
}

TEST_F(CoreOnAServer, TakesASuccessorOfAWorkerThatWasDropped) {
    for (int round = 0; round < 5; ++round) {
        Awaited<BytesResult> polled;
        make_worker(connection_, queue_)->poll_activity_task(polled.callback());
        EXPECT_EQ(polled.get().error().status, Status::Shutdown);
    }
}

TEST_F(CoreOnAServer, MovesAWorkerToAnotherConnection) {
    const auto worker = make_worker(connection_, queue_);
    const auto other = connect_to_server(runtime_);
    ASSERT_TRUE(worker->replace_client(other));
    connection_.reset();
    start_workflow(*other, workflow_, queue_);
    complete(*worker, end_workflow(next_activation(*worker).run_id()));
    EXPECT_TRUE(completes(*other, workflow_));
    end_worker(*worker);
}

}  // namespace
}  // namespace hourglass::core
