#include "src/core/reaper_answers.hpp"

#include "temporal/sdk/core/core_interface.pb.h"
#include "temporal/sdk/core/nexus/nexus.pb.h"
#include "temporal/sdk/core/workflow_completion/workflow_completion.pb.h"

namespace hourglass::core {

std::string failed_activation(
    const std::string& run_id, const std::string& reason, const char* type
) {
    coresdk::workflow_completion::WorkflowActivationCompletion completion;
    completion.set_run_id(run_id);
    auto& failure = *completion.mutable_failed()->mutable_failure();
    failure.set_message(reason);
    failure.mutable_application_failure_info()->set_type(type);
    return completion.SerializeAsString();
}

std::string empty_completion(const std::string& run_id) {
    coresdk::workflow_completion::WorkflowActivationCompletion completion;
    completion.set_run_id(run_id);
    completion.mutable_successful();
    return completion.SerializeAsString();
}

std::string activity_completed_elsewhere(const std::string& task_token) {
    coresdk::ActivityTaskCompletion completion;
    completion.set_task_token(task_token);
    completion.mutable_result()->mutable_will_complete_async();
    return completion.SerializeAsString();
}

std::string failed_activity(
    const std::string& task_token, const std::string& reason, const char* type
) {
    coresdk::ActivityTaskCompletion completion;
    completion.set_task_token(task_token);
    auto& failure = *completion.mutable_result()->mutable_failed()->mutable_failure();
    failure.set_message(reason);
    failure.mutable_application_failure_info()->set_type(type);
    return completion.SerializeAsString();
}

std::string failed_nexus(
    const std::string& task_token, const std::string& reason, const char* type
) {
    coresdk::nexus::NexusTaskCompletion completion;
    completion.set_task_token(task_token);
    auto& failure = *completion.mutable_failure();
    failure.set_message(reason);
    failure.mutable_nexus_handler_failure_info()->set_type(type);
    return completion.SerializeAsString();
}

std::string unavailable_nexus(const std::string& task_token, const std::string& reason) {
    return failed_nexus(task_token, reason, "UNAVAILABLE");
}

}  // namespace hourglass::core
