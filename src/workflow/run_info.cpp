#include "src/workflow/run_info.hpp"

#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_retry.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/proto_versioning.hpp"

#include <google/protobuf/arena.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace hourglass::workflow {
namespace {

using FirstJob = RunInfo::FirstJob;

/// The job encoded, without its names and the run method's arguments. Those may be large, and are
/// not copied as messages: fields are left out of the bytes.
std::string rest_of(const FirstJob& job) {
    using google::protobuf::internal::WireFormatLite;
    const std::string all = job.SerializeAsString();
    google::protobuf::io::CodedInputStream fields{
        reinterpret_cast<const std::uint8_t*>(all.data()), static_cast<int>(all.size())
    };
    std::string rest;
    std::size_t begin = 0;
    while (const std::uint32_t tag = fields.ReadTag()) {
        WireFormatLite::SkipField(&fields, tag);
        const auto end = static_cast<std::size_t>(fields.CurrentPosition());
        const int number = WireFormatLite::GetTagFieldNumber(tag);
        if (number != FirstJob::kWorkflowTypeFieldNumber &&
            number != FirstJob::kWorkflowIdFieldNumber &&
            number != FirstJob::kArgumentsFieldNumber) {
            rest.append(all, begin, end - begin);
        }
        begin = end;
    }
    rest.shrink_to_fit();
    return rest;
}

ExecutionInfo execution_of(const coresdk::common::NamespacedWorkflowExecution& proto) {
    return {proto.namespace_(), proto.workflow_id(), proto.run_id()};
}

void read_chain(const FirstJob& job, WorkflowInfo& info) {
    info.first_execution_run_id = job.first_execution_run_id();
    info.continued_run_id = job.continued_from_execution_run_id();
    info.original_run_id =
        job.original_execution_run_id().empty() ? info.run_id : job.original_execution_run_id();
    info.attempt = job.attempt();
    info.cron_schedule = job.cron_schedule();
    if (job.has_parent_workflow_info()) {
        info.parent = execution_of(job.parent_workflow_info());
    }
    if (job.has_root_workflow()) {
        info.root =
            ExecutionInfo{{}, job.root_workflow().workflow_id(), job.root_workflow().run_id()};
    }
    if (job.has_last_completion_result()) {
        info.last_result = convert::from_proto(job.last_completion_result());
    }
    if (job.has_continued_failure()) {
        info.last_failure = convert::to_cause(job.continued_failure());
    }
}

void read_options(const FirstJob& job, WorkflowInfo& info) {
    info.execution_timeout =
        convert::if_set(job.has_workflow_execution_timeout(), job.workflow_execution_timeout());
    info.run_timeout = convert::if_set(job.has_workflow_run_timeout(), job.workflow_run_timeout());
    info.task_timeout =
        convert::if_set(job.has_workflow_task_timeout(), job.workflow_task_timeout());
    if (job.has_retry_policy()) {
        info.retry_policy = convert::from_proto(job.retry_policy());
    }
    info.priority = convert::from_proto(job.priority());
    info.memo = convert::from_proto(job.memo().fields());
    info.search_attributes =
        SearchAttributes{convert::from_proto(job.search_attributes().indexed_fields())};
    info.headers = convert::from_proto(job.headers());
}

void read_task(const Activation& task, WorkflowInfo& info) {
    info.history_length = task.history_length();
    info.history_size = task.history_size_bytes();
    info.continue_as_new_suggested = task.continue_as_new_suggested();
    info.continue_as_new_reasons.clear();
    for (const int reason : task.suggest_continue_as_new_reasons()) {
        info.continue_as_new_reasons.push_back(
            reason <= static_cast<int>(ContinueAsNewReason::TooManyUpdates)
                ? static_cast<ContinueAsNewReason>(reason)
                : ContinueAsNewReason::Unspecified
        );
    }
    info.target_deployment_version_changed = task.target_worker_deployment_version_changed();
    const auto& version = task.deployment_version_for_current_task();
    info.deployment_version =
        task.has_deployment_version_for_current_task()
            ? std::optional{WorkerDeploymentVersion{version.deployment_name(), version.build_id()}}
            : std::nullopt;
}

}  // namespace

RunInfo::RunInfo(std::string run_id, std::string_view workflow_type)
    : run_id_{std::move(run_id)}, workflow_type_{workflow_type} {}

void RunInfo::initialize(const FirstJob& job, std::chrono::system_clock::time_point now) {
    workflow_type_ = job.workflow_type();
    workflow_id_ = job.workflow_id();
    rest_ = rest_of(job);
    first_task_ = now;
}

void RunInfo::begin_task(const Activation& task) {
    task_ = &task;
    if (whole_) {
        read_task(task, *whole_);
    }
}

WorkflowInfo& RunInfo::whole(const RunOptions& options) {
    if (whole_) {
        return *whole_;
    }
    auto whole = std::make_unique<WorkflowInfo>();
    whole->workflow_namespace = options.workflow_namespace;
    whole->task_queue = options.task_queue;
    whole->workflow_type = workflow_type_;
    whole->workflow_id = workflow_id_;
    whole->run_id = run_id_;
    google::protobuf::Arena arena;
    auto& job = *google::protobuf::Arena::CreateMessage<FirstJob>(&arena);
    job.ParseFromString(rest_);
    read_chain(job, *whole);
    read_options(job, *whole);
    whole->start_time = job.has_start_time() ? convert::from_proto(job.start_time()) : first_task_;
    if (task_ != nullptr) {
        read_task(*task_, *whole);
    }
    std::string{}.swap(rest_);
    whole_ = std::move(whole);
    return *whole_;
}

}  // namespace hourglass::workflow
