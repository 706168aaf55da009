#pragma once

#include "src/codec/payload_pipeline.hpp"

#include "temporal/sdk/core/workflow_activation/workflow_activation.pb.h"
#include "temporal/sdk/core/workflow_completion/workflow_completion.pb.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hourglass::worker {

/// The type of the failure of a task whose payloads a codec could not encode or decode.
inline constexpr const char* kCodingFailed = "PayloadCodecFailed";

/// Decodes the payloads in a registration's tasks, and encodes those in the answers, before and
/// after the work itself: never while a thread holds a workflow's run.
///
/// A result belongs to the activity or child that gives it, of which Core says no more than a
/// number: what the commands said is kept for each run until Core has forgotten it.
/// @threads any; the activations of one run one at a time.
class TaskCoding {
public:
    using Job = std::function<void()>;

    /// A replay's answers go nowhere: nothing is to be stored for them.
    enum class Answers : std::uint8_t { AreEncoded, StayAsTheyAre };

    /// @param run  where codecs work: on threads of their own, or at once.
    TaskCoding(
        std::shared_ptr<const codec::PayloadPipeline> payloads,
        std::string namespace_name,
        std::function<void(Job)> run,
        Answers answers = Answers::AreEncoded
    );

    /// Null if there is nothing to be done with payloads.
    [[nodiscard]] static std::shared_ptr<TaskCoding> make(
        const DataOptions& options,
        const std::string& namespace_name,
        std::function<void(Job)> run,
        Answers answers = Answers::AreEncoded
    );

    void run(Job job) const { run_(std::move(job)); }

    // From bytes to bytes. They throw PayloadCodecError.

    [[nodiscard]] std::string decode_activation(std::string_view serialized);
    [[nodiscard]] std::string encode_activation_completion(std::string_view serialized);
    [[nodiscard]] std::string decode_activity_task(std::string_view serialized) const;
    /// @param task  the one that is answered, as it came.
    [[nodiscard]] std::string encode_activity_completion(
        std::string_view task, std::string_view serialized
    ) const;
    [[nodiscard]] std::string decode_nexus_task(std::string_view serialized) const;
    [[nodiscard]] std::string encode_nexus_completion(std::string_view serialized) const;
    [[nodiscard]] std::string encode_heartbeat(
        const PayloadContext& activity, std::string_view serialized
    ) const;

    /// Whose the payloads of an activity task are.
    [[nodiscard]] PayloadContext context_of(std::string_view serialized_activity_task) const;

private:
    /// Whose the payloads of a run are: its own, and those of what it has started, by number.
    struct Run {
        PayloadContext own;
        std::unordered_map<std::uint32_t, PayloadContext> activities;
        std::unordered_map<std::uint32_t, PayloadContext> children;
    };

    [[nodiscard]] PayloadContext known() const { return {.workflow_namespace = namespace_name_}; }
    PayloadContext context_of(
        const std::string& run_id, const coresdk::workflow_activation::WorkflowActivationJob& job
    );
    PayloadContext context_of(
        const std::string& run_id, const coresdk::workflow_commands::WorkflowCommand& command
    );
    [[nodiscard]] PayloadContext own_context(const std::string& run_id);

    const std::shared_ptr<const codec::PayloadPipeline> payloads_;
    const std::string namespace_name_;
    const std::function<void(Job)> run_;
    const Answers answers_;
    std::mutex mutex_;
    std::unordered_map<std::string, Run> runs_;
};

}  // namespace hourglass::worker
