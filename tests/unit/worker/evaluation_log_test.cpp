// What the log says of an activation's answer. No worker of Core is there to take it.
#include "hourglass/codec/external_storage.hpp"
#include "hourglass/convert/convert.hpp"
#include "hourglass/workflow/workflow.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/core/bridge.hpp"
#include "src/worker/evaluate.hpp"
#include "src/worker/registration.hpp"
#include "src/worker/task_coding.hpp"
#include "tests/support/log_lines.hpp"

#include "temporal/sdk/core/workflow_activation/workflow_activation.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// Its result has as many bytes as it is told; its queries fail.
class AnswersBytes {
public:
    hourglass::Task<std::string> run(std::size_t bytes) { co_return std::string(bytes, 'x'); }
    int boom() const { throw hourglass::ApplicationError{"no answer today"}; }
    int fine() const { return 1; }
};
HOURGLASS_WORKFLOW(AnswersBytes, run, queries(boom, fine));

namespace hourglass::worker {
namespace {

using coresdk::workflow_activation::WorkflowActivation;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::size_t kLimit = 1000;
constexpr const char* kLarge = "a workflow asks for something large";
constexpr const char* kFailed = "a query failed";

/// Forgets what it stores, which no test reads.
class Sink final : public StorageDriver {
public:
    [[nodiscard]] std::string name() const override { return "sink"; }
    [[nodiscard]] std::vector<StorageClaim> store(
        const Payloads& payloads, const PayloadContext& /*context*/
    ) const override {
        return std::vector<StorageClaim>(payloads.size(), StorageClaim{.data = {{"key", "k"}}});
    }
    [[nodiscard]] Payloads retrieve(const std::vector<StorageClaim>& claims) const override {
        return Payloads(claims.size());
    }
};

/// Makes each payload larger.
class Padding final : public PayloadCodec {
public:
    [[nodiscard]] std::string name() const override { return "padding"; }
    [[nodiscard]] Payloads encode(Payloads payloads, const PayloadContext& /*context*/)
        const override {
        for (Payload& payload : payloads) {
            payload.data += std::string(kLimit, ' ');
        }
        return payloads;
    }
    [[nodiscard]] Payloads decode(Payloads payloads, const PayloadContext& /*context*/)
        const override {
        return payloads;
    }
};

DataOptions stored_from(std::size_t threshold) {
    DataOptions options;
    options.external_storage =
        ExternalStorage{.drivers = {std::make_shared<Sink>()}, .threshold = threshold};
    return options;
}

/// The first activation of a run.
WorkflowActivation begin(std::size_t bytes) {
    WorkflowActivation activation;
    activation.set_run_id("run-1");
    auto& job = *activation.add_jobs()->mutable_initialize_workflow();
    job.set_workflow_id("order-7");
    job.set_workflow_type("AnswersBytes");
    convert::to_proto(to_payload(bytes), job.add_arguments());
    return activation;
}

void add_query(WorkflowActivation& activation, const std::string& type) {
    auto& query = *activation.add_jobs()->mutable_query_workflow();
    query.set_query_id("query-" + std::to_string(activation.jobs_size()));
    query.set_query_type(type);
}

class EvaluationLog : public ::testing::Test {
protected:
    void TearDown() override { runs_.close(); }

    /// The warnings of evaluating that with those options.
    std::vector<std::string> warnings(
        const WorkflowActivation& activation,
        const DataOptions& data,
        const EvaluationServices& services
    ) {
        WorkerOptions options;
        options.task_queue = "orders";
        const auto registration = std::make_shared<Registration>(
            1,
            std::make_shared<const WorkerOptions>(options),
            nullptr,
            LateWork{},
            TaskCoding::make(data, "shop", [](const TaskCoding::Job& job) { job(); })
        );
        std::string bytes = activation.SerializeAsString();
        const auto lease = std::make_shared<TaskLease>(
            registration,
            TaskKind::Workflow,
            core::OwnedBytes{
                reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size(), bytes.size(), bridge_
            }
        );
        const test::LogLines log;
        lease->decode_now();
        evaluate(*lease, runs_, services);
        std::vector<std::string> found;
        for (const std::string& line : log.at_least(log::Level::Warn)) {
            if (line.find("worker_not_registered") == std::string::npos) {  // nobody is there
                found.push_back(line);
            }
        }
        return found;
    }
    std::vector<std::string> warnings(
        const WorkflowActivation& activation, const DataOptions& data = {}
    ) {
        return warnings(activation, data, {.namespace_name = "shop", .large_payload = kLimit});
    }

private:
    CachedRuns runs_;
    /// Owns none of the bytes that the leases have.
    const core::Bridge bridge_ = [] {
        core::Bridge bridge{};
        bridge.bytes_free = [](HgBytes /*bytes*/) {};
        return bridge;
    }();
};

TEST_F(EvaluationLog, NamesTheWorkflowThatAsksForSomethingLarge) {
    EXPECT_THAT(
        warnings(begin(2 * kLimit)),
        ElementsAre(AllOf(
            HasSubstr(kLarge),
            HasSubstr("workflow_id=order-7"),
            HasSubstr("workflow_type=AnswersBytes"),
            HasSubstr("task_queue=orders"),
            HasSubstr("command=complete_workflow_execution")
        ))
    );
    EXPECT_THAT(warnings(begin(kLimit / 2)), ElementsAre());
}

TEST_F(EvaluationLog, DoesNotCallLargeWhatTheStorageTakes) {
    EXPECT_THAT(warnings(begin(2 * kLimit), stored_from(kLimit)), ElementsAre());
    EXPECT_THAT(
        warnings(begin(2 * kLimit), stored_from(10 * kLimit)), ElementsAre(HasSubstr(kLarge))
    ) << "what stays where it is, still is large";
}

TEST_F(EvaluationLog, CallsLargeWhatACodecMakesSo) {
    DataOptions padded;
    padded.codecs.push_back(std::make_shared<Padding>());
    EXPECT_THAT(warnings(begin(kLimit / 2), padded), ElementsAre(HasSubstr(kLarge)));
}

TEST_F(EvaluationLog, SaysNothingOfWhatHasBeenSentBefore) {
    WorkflowActivation replayed = begin(2 * kLimit);
    replayed.set_is_replaying(true);
    EXPECT_THAT(warnings(replayed), ElementsAre());
    EXPECT_THAT(warnings(replayed, stored_from(10 * kLimit)), ElementsAre());
}

TEST_F(EvaluationLog, SaysWhyAQueryFailed) {
    WorkflowActivation activation = begin(1);
    add_query(activation, "boom");
    add_query(activation, "fine");
    add_query(activation, "nope");
    DataOptions hidden;
    hidden.encode_failure_attributes = true;
    EXPECT_THAT(
        warnings(activation, hidden),
        ElementsAre(
            AllOf(
                HasSubstr(kFailed),
                HasSubstr("workflow_id=order-7"),
                HasSubstr("workflow_type=AnswersBytes"),
                HasSubstr("query=boom"),
                HasSubstr("failure=no answer today")
            ),
            AllOf(HasSubstr(kFailed), HasSubstr("query=nope"), Not(HasSubstr("Encoded failure")))
        )
    );
}

TEST_F(EvaluationLog, LeavesFailedQueriesToTheReplayThatAsked) {
    WorkflowActivation activation = begin(1);
    add_query(activation, "boom");
    int seen = 0;
    EXPECT_THAT(
        warnings(
            activation,
            {},
            {.namespace_name = "shop",
             .observer = [&seen](const auto&, const auto&, const auto&) { ++seen; }}
        ),
        ElementsAre()
    );
    EXPECT_EQ(seen, 1);
}

}  // namespace
}  // namespace hourglass::worker
