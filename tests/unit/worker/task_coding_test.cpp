#include "src/worker/task_coding.hpp"

#include "hourglass/convert/convert.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/worker/heartbeat_coding.hpp"
#include "tests/support/bound_codec.hpp"

#include "temporal/sdk/core/activity_task/activity_task.pb.h"
#include "temporal/sdk/core/core_interface.pb.h"
#include "temporal/sdk/core/nexus/nexus.pb.h"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::worker {
namespace {

using coresdk::ActivityHeartbeat;
using coresdk::ActivityTaskCompletion;
using coresdk::activity_task::ActivityTask;
using coresdk::workflow_activation::WorkflowActivation;
using coresdk::workflow_completion::WorkflowActivationCompletion;

struct TaskCodingTest : ::testing::Test {
    std::deque<TaskCoding::Job> jobs;
    std::shared_ptr<TaskCoding> coding = make(TaskCoding::Answers::AreEncoded);

    std::shared_ptr<TaskCoding> make(TaskCoding::Answers answers) {
        return TaskCoding::make(
            {.codecs = {std::make_shared<test::BoundCodec>()}},
            "shop",
            [this](TaskCoding::Job job) { jobs.push_back(std::move(job)); },
            answers
        );
    }

    static convert::ProtoPayload payload(const std::string& text) {
        convert::ProtoPayload proto;
        convert::to_proto(to_payload(text), &proto);
        return proto;
    }
    static std::string text(const convert::ProtoPayload& proto) {
        return from_payload<std::string>(convert::from_proto(proto));
    }
    static WorkflowActivation begin() {
        WorkflowActivation activation;
        activation.set_run_id("run-1");
        auto* const begin = activation.add_jobs()->mutable_initialize_workflow();
        begin->set_workflow_id("order-7");
        begin->set_workflow_type("Checkout");
        return activation;
    }
    /// What the worker of the activity does with it.
    std::string run_activity(const coresdk::workflow_commands::ScheduleActivity& command) const {
        ActivityTask task;
        auto& start = *task.mutable_start();
        start.mutable_workflow_execution()->set_workflow_id("order-7");
        start.set_workflow_type("Checkout");
        start.set_activity_id(command.activity_id());
        start.set_activity_type(command.activity_type());
        *start.mutable_input() = command.arguments();
        ActivityTask decoded;
        decoded.ParseFromString(coding->decode_activity_task(task.SerializeAsString()));
        EXPECT_EQ(text(decoded.start().input(0)), "argument");
        ActivityTaskCompletion completion;
        *completion.mutable_result()->mutable_completed()->mutable_result() = payload("result");
        return coding->encode_activity_completion(
            task.SerializeAsString(), completion.SerializeAsString()
        );
    }
};

TEST_F(TaskCodingTest, IsNotThereIfThereIsNothingToDo) {
    EXPECT_EQ(TaskCoding::make({}, "shop", [](const TaskCoding::Job&) {}), nullptr);
}

TEST_F(TaskCodingTest, GivesAnActivitysPayloadsTheSameContextOnBothSides) {
    static_cast<void>(coding->decode_activation(begin().SerializeAsString()));
    WorkflowActivationCompletion completion;
    completion.set_run_id("run-1");
    auto* const command =
        completion.mutable_successful()->add_commands()->mutable_schedule_activity();
    command->set_seq(3);
    command->set_activity_id("a-3");
    command->set_activity_type("charge");
    *command->add_arguments() = payload("argument");
    completion.ParseFromString(coding->encode_activation_completion(completion.SerializeAsString())
    );
    const auto& scheduled = completion.successful().commands(0).schedule_activity();
    EXPECT_EQ(scheduled.arguments(0).metadata().at("bound-to"), "shop/order-7/charge/a-3");
    ActivityTaskCompletion answer;
    answer.ParseFromString(run_activity(scheduled));

    WorkflowActivation resolved;
    resolved.set_run_id("run-1");
    auto* const job = resolved.add_jobs()->mutable_resolve_activity();
    job->set_seq(3);
    *job->mutable_result()->mutable_completed()->mutable_result() =
        answer.result().completed().result();
    resolved.ParseFromString(coding->decode_activation(resolved.SerializeAsString()));
    EXPECT_EQ(text(resolved.jobs(0).resolve_activity().result().completed().result()), "result");
}

TEST_F(TaskCodingTest, GivesAChildsResultTheChildsContext) {
    static_cast<void>(coding->decode_activation(begin().SerializeAsString()));
    WorkflowActivationCompletion completion;
    completion.set_run_id("run-1");
    auto* const command =
        completion.mutable_successful()->add_commands()->mutable_start_child_workflow_execution();
    command->set_seq(1);
    command->set_workflow_id("ship-7");
    static_cast<void>(coding->encode_activation_completion(completion.SerializeAsString()));
    WorkflowActivation resolved;
    resolved.set_run_id("run-1");
    auto* const job = resolved.add_jobs()->mutable_resolve_child_workflow_execution();
    job->set_seq(1);
    const Payloads encoded = test::BoundCodec{}.encode(
        encode_arguments("shipped"), {.workflow_namespace = "shop", .workflow_id = "ship-7"}
    );
    convert::to_proto(encoded[0], job->mutable_result()->mutable_completed()->mutable_result());
    resolved.ParseFromString(coding->decode_activation(resolved.SerializeAsString()));
    EXPECT_EQ(
        text(resolved.jobs(0).resolve_child_workflow_execution().result().completed().result()),
        "shipped"
    );
}

TEST_F(TaskCodingTest, GivesAnOperationsPayloadsTheSameContextOnBothSides) {
    WorkflowActivation activation = begin();
    static_cast<void>(coding->decode_activation(activation.SerializeAsString()));
    WorkflowActivationCompletion calls;
    calls.set_run_id("run-1");
    auto* const command = calls.mutable_successful()->add_commands();
    *command->mutable_schedule_nexus_operation()->mutable_input() = payload("input");
    WorkflowActivationCompletion sent;
    sent.ParseFromString(coding->encode_activation_completion(calls.SerializeAsString()));

    coresdk::nexus::NexusTask task;
    *task.mutable_task()->mutable_request()->mutable_start_operation()->mutable_payload() =
        sent.successful().commands(0).schedule_nexus_operation().input();
    coresdk::nexus::NexusTask handled;
    handled.ParseFromString(coding->decode_nexus_task(task.SerializeAsString()));
    EXPECT_EQ(text(handled.task().request().start_operation().payload()), "input");
    coresdk::nexus::NexusTaskCompletion answer;
    *answer.mutable_completed()->mutable_start_operation()->mutable_sync_success()->mutable_payload(
    ) = payload("result");
    coresdk::nexus::NexusTaskCompletion answered;
    answered.ParseFromString(coding->encode_nexus_completion(answer.SerializeAsString()));
    const auto& result = answered.completed().start_operation().sync_success().payload();
    EXPECT_EQ(result.metadata().at("encoding"), test::BoundCodec::kEncoding);

    WorkflowActivation resolved;
    resolved.set_run_id("run-1");
    *resolved.add_jobs()->mutable_resolve_nexus_operation()->mutable_result()->mutable_completed() =
        result;
    WorkflowActivation seen;
    seen.ParseFromString(coding->decode_activation(resolved.SerializeAsString()));
    EXPECT_EQ(text(seen.jobs(0).resolve_nexus_operation().result().completed()), "result");
}

TEST_F(TaskCodingTest, LeavesTheAnswersOfAReplayAndKnowsWhatTheyStarted) {
    const auto replaying = make(TaskCoding::Answers::StayAsTheyAre);
    static_cast<void>(replaying->decode_activation(begin().SerializeAsString()));
    WorkflowActivationCompletion completion;
    completion.set_run_id("run-1");
    auto* const command =
        completion.mutable_successful()->add_commands()->mutable_schedule_activity();
    command->set_seq(1);
    command->set_activity_type("charge");
    *command->add_arguments() = payload("argument");
    const std::string serialized = completion.SerializeAsString();
    EXPECT_EQ(replaying->encode_activation_completion(serialized), serialized);
    WorkflowActivation resolved;
    resolved.set_run_id("run-1");
    auto* const job = resolved.add_jobs()->mutable_resolve_activity();
    job->set_seq(1);
    const Payloads encoded = test::BoundCodec{}.encode(
        encode_arguments("result"),
        {.workflow_namespace = "shop", .workflow_id = "order-7", .activity_type = "charge"}
    );
    convert::to_proto(encoded[0], job->mutable_result()->mutable_completed()->mutable_result());
    EXPECT_NO_THROW(static_cast<void>(replaying->decode_activation(resolved.SerializeAsString())));
}

TEST_F(TaskCodingTest, EncodesTheFailureOfATask) {
    static_cast<void>(coding->decode_activation(begin().SerializeAsString()));
    WorkflowActivationCompletion completion;
    completion.set_run_id("run-1");
    *completion.mutable_failed()->mutable_failure()->mutable_encoded_attributes() = payload("why");
    completion.ParseFromString(coding->encode_activation_completion(completion.SerializeAsString())
    );
    EXPECT_EQ(
        completion.failed().failure().encoded_attributes().metadata().at("bound-to"),
        "shop/order-7//"
    );
}

TEST_F(TaskCodingTest, RefusesWhatIsNoTask) {
    EXPECT_THROW(static_cast<void>(coding->decode_activation("\xff")), PayloadCodecError);
}

struct HeartbeatCodingTest : TaskCodingTest {
    std::vector<std::string> sent;
    std::vector<std::string> failures;

    std::shared_ptr<HeartbeatCoding> heartbeats(std::shared_ptr<const TaskCoding> with) {
        return std::make_shared<HeartbeatCoding>(
            std::move(with),
            PayloadContext{.activity_type = "charge"},
            [this](const std::string& serialized) {
                ActivityHeartbeat heartbeat;
                heartbeat.ParseFromString(serialized);
                EXPECT_EQ(heartbeat.details(0).metadata().at("bound-to"), "//charge/");
                sent.push_back(heartbeat.task_token());
            },
            [this](std::string why) { failures.push_back(std::move(why)); }
        );
    }
    static std::string beat(const std::string& token) {
        ActivityHeartbeat heartbeat;
        heartbeat.set_task_token(token);
        *heartbeat.add_details() = payload("details");
        return heartbeat.SerializeAsString();
    }
    void run_jobs() {
        while (!jobs.empty()) {
            const auto job = std::move(jobs.front());
            jobs.pop_front();
            job();
        }
    }
};

TEST_F(HeartbeatCodingTest, KeepsTheNewestWhileOneIsEncoded) {
    const auto beats = heartbeats(coding);
    beats->record(beat("1"));
    beats->record(beat("2"));
    beats->record(beat("3"));
    EXPECT_EQ(jobs.size(), 1U) << "one at a time";
    run_jobs();
    EXPECT_EQ(sent, std::vector<std::string>{"3"});
    beats->record(beat("4"));
    run_jobs();
    EXPECT_EQ(sent, (std::vector<std::string>{"3", "4"}));
}

TEST_F(HeartbeatCodingTest, LetsTheResultWaitForThem) {
    const auto beats = heartbeats(coding);
    std::string order;
    beats->when_idle([&] { order += "idle "; });
    EXPECT_EQ(order, "idle ");
    beats->record(beat("1"));
    beats->when_idle([&] { order += "then " + std::to_string(sent.size()); });
    EXPECT_EQ(order, "idle ");
    run_jobs();
    EXPECT_EQ(order, "idle then 1");
}

TEST_F(HeartbeatCodingTest, SaysWhatFailed) {
    const auto beats = heartbeats(coding);
    beats->record("\xff");
    run_jobs();
    EXPECT_EQ(failures.size(), 1U);
    EXPECT_TRUE(sent.empty());
}

}  // namespace
}  // namespace hourglass::worker
