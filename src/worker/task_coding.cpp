#include "src/worker/task_coding.hpp"

#include "temporal/sdk/core/activity_task/activity_task.pb.h"
#include "temporal/sdk/core/core_interface.pb.h"
#include "temporal/sdk/core/nexus/nexus.pb.h"

#include <google/protobuf/arena.h>

#include <utility>
#include <vector>

namespace hourglass::worker {
namespace {

using codec::Party;
using codec::PayloadPipeline;
using codec::whose;
using coresdk::workflow_activation::WorkflowActivation;
using coresdk::workflow_activation::WorkflowActivationJob;
using coresdk::workflow_commands::WorkflowCommand;
using coresdk::workflow_completion::WorkflowActivationCompletion;
using google::protobuf::Arena;

template <class M>
M& parse(Arena& arena, std::string_view serialized) {
    auto* const message = Arena::CreateMessage<M>(&arena);
    if (!message->ParseFromArray(serialized.data(), static_cast<int>(serialized.size()))) {
        throw PayloadCodecError{"it is no message of its type: " + message->GetTypeName()};
    }
    return *message;
}

/// What was kept for a number, which is not needed any more then.
PayloadContext take(
    std::unordered_map<std::uint32_t, PayloadContext>& kept,
    std::uint32_t number,
    const PayloadContext& otherwise
) {
    const auto found = kept.find(number);
    if (found == kept.end()) {
        return otherwise;
    }
    PayloadContext context = std::move(found->second);
    kept.erase(found);
    return context;
}

}  // namespace

TaskCoding::TaskCoding(
    std::shared_ptr<const PayloadPipeline> payloads,
    std::string namespace_name,
    std::function<void(Job)> run,
    Answers answers
)
    : payloads_{std::move(payloads)},
      namespace_name_{std::move(namespace_name)},
      run_{std::move(run)},
      answers_{answers} {}

std::shared_ptr<TaskCoding> TaskCoding::make(
    const DataOptions& options,
    const std::string& namespace_name,
    std::function<void(Job)> run,
    Answers answers
) {
    auto payloads = PayloadPipeline::make(options);
    return payloads == nullptr ? nullptr
                               : std::make_shared<TaskCoding>(
                                     std::move(payloads), namespace_name, std::move(run), answers
                                 );
}

PayloadContext TaskCoding::own_context(const std::string& run_id) {
    const std::lock_guard lock{mutex_};
    const auto run = runs_.find(run_id);
    return run == runs_.end() ? known() : run->second.own;
}

PayloadContext TaskCoding::context_of(const std::string& run_id, const WorkflowActivationJob& job) {
    const std::lock_guard lock{mutex_};
    if (job.has_initialize_workflow()) {
        Run& begun = runs_[run_id];
        begun = Run{};
        begun.own = whose(job.initialize_workflow(), known());
        return begun.own;
    }
    const auto found = runs_.find(run_id);
    if (found == runs_.end()) {
        return known();
    }
    Run& run = found->second;
    if (job.has_resolve_activity()) {
        return take(run.activities, job.resolve_activity().seq(), run.own);
    }
    if (job.has_resolve_child_workflow_execution()) {
        return take(run.children, job.resolve_child_workflow_execution().seq(), run.own);
    }
    if (job.has_resolve_nexus_operation() || job.has_resolve_nexus_operation_start()) {
        return known();  // as its handler has it, who knows nothing of this workflow
    }
    if (job.has_remove_from_cache()) {
        runs_.erase(found);
        return known();
    }
    return run.own;
}

PayloadContext TaskCoding::context_of(const std::string& run_id, const WorkflowCommand& command) {
    const std::lock_guard lock{mutex_};
    const auto found = runs_.find(run_id);
    if (found == runs_.end()) {
        return known();
    }
    Run& run = found->second;
    if (command.has_schedule_activity()) {
        const auto& activity = command.schedule_activity();
        run.activities[activity.seq()] = whose(activity, run.own);
    } else if (command.has_schedule_local_activity()) {
        const auto& activity = command.schedule_local_activity();
        run.activities[activity.seq()] = whose(activity, run.own);
    } else if (command.has_start_child_workflow_execution()) {
        const auto& child = command.start_child_workflow_execution();
        run.children[child.seq()] = whose(child, run.own);
    } else if (command.has_schedule_nexus_operation()) {
        return known();
    }
    return run.own;
}

std::string TaskCoding::decode_activation(std::string_view serialized) {
    Arena arena;
    auto& activation = parse<WorkflowActivation>(arena, serialized);
    std::vector<PayloadPipeline::Part> parts;
    for (WorkflowActivationJob& job : *activation.mutable_jobs()) {
        parts.push_back({&job, context_of(activation.run_id(), job)});
    }
    payloads_->decode(parts, Party::Workflow);
    return activation.SerializeAsString();
}

std::string TaskCoding::encode_activation_completion(std::string_view serialized) {
    Arena arena;
    auto& completion = parse<WorkflowActivationCompletion>(arena, serialized);
    std::vector<PayloadPipeline::Part> parts;
    if (completion.has_failed()) {
        parts.push_back({completion.mutable_failed(), own_context(completion.run_id())});
    } else if (completion.has_successful()) {
        for (WorkflowCommand& command : *completion.mutable_successful()->mutable_commands()) {
            parts.push_back({&command, context_of(completion.run_id(), command)});
        }
    }
    if (answers_ == Answers::StayAsTheyAre) {
        return std::string{serialized};
    }
    payloads_->encode(parts, Party::Workflow);
    return completion.SerializeAsString();
}

std::string TaskCoding::decode_activity_task(std::string_view serialized) const {
    Arena arena;
    auto& task = parse<coresdk::activity_task::ActivityTask>(arena, serialized);
    payloads_->decode({{&task, known()}}, Party::Activity);
    return task.SerializeAsString();
}

std::string TaskCoding::encode_activity_completion(
    std::string_view task, std::string_view serialized
) const {
    Arena arena;
    auto& completion = parse<coresdk::ActivityTaskCompletion>(arena, serialized);
    payloads_->encode({{&completion, context_of(task)}}, Party::Activity);
    return completion.SerializeAsString();
}

std::string TaskCoding::decode_nexus_task(std::string_view serialized) const {
    Arena arena;
    auto& task = parse<coresdk::nexus::NexusTask>(arena, serialized);
    payloads_->decode({{&task, known()}}, Party::Nexus);
    return task.SerializeAsString();
}

std::string TaskCoding::encode_nexus_completion(std::string_view serialized) const {
    Arena arena;
    auto& completion = parse<coresdk::nexus::NexusTaskCompletion>(arena, serialized);
    payloads_->encode({{&completion, known()}}, Party::Nexus);
    return completion.SerializeAsString();
}

std::string TaskCoding::encode_heartbeat(
    const PayloadContext& activity, std::string_view serialized
) const {
    Arena arena;
    auto& heartbeat = parse<coresdk::ActivityHeartbeat>(arena, serialized);
    payloads_->encode({{&heartbeat, activity}}, Party::Activity);
    return heartbeat.SerializeAsString();
}

PayloadContext TaskCoding::context_of(std::string_view serialized_activity_task) const {
    Arena arena;
    const auto& task = parse<coresdk::activity_task::ActivityTask>(arena, serialized_activity_task);
    return whose(task.start(), known());
}

}  // namespace hourglass::worker
