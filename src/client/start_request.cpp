#include "src/client/start_request.hpp"

#include "src/client/operations.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_retry.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/utf8.hpp"

#include <utility>

namespace hourglass::client {

namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using std::chrono::milliseconds;

[[noreturn]] void reject(const std::string& id, const std::string& why) {
    throw ConfigurationError{"cannot start workflow \"" + id + "\": " + why};
}

void check(const std::string& type, const StartOptions& options) {
    if (options.id.empty()) {
        throw ConfigurationError{
            "cannot start a workflow of type \"" + type +
            "\" without an id; set StartOptions::id to what identifies it in your domain, such as "
            "\"order-7\""
        };
    }
    if (type.empty()) {
        reject(options.id, "the name of its type is empty");
    }
    if (options.task_queue.empty()) {
        reject(
            options.id,
            "StartOptions::task_queue is empty; name the queue that the workflow's worker polls"
        );
    }
    const std::pair<const char*, const std::string&> texts[] = {
        {"its id", options.id},
        {"the name of its type", type},
        {"StartOptions::task_queue", options.task_queue}
    };
    for (const auto& [name, text] : texts) {
        if (!convert::is_utf8(text)) {
            reject(convert::valid_utf8(options.id), std::string{name} + " is not valid UTF-8");
        }
    }
    const std::pair<const char*, const std::optional<milliseconds>&> durations[] = {
        {"execution_timeout", options.execution_timeout},
        {"run_timeout", options.run_timeout},
        {"task_timeout", options.task_timeout},
        {"start_delay", options.start_delay},
    };
    for (const auto& [name, value] : durations) {
        // The server takes 0 for unset, which is hardly what somebody meant who wrote it.
        if (value && *value <= milliseconds{0}) {
            reject(
                options.id,
                std::string{"StartOptions::"} + name + " is " + std::to_string(value->count()) +
                    " ms; it must be greater than 0, or not set"
            );
        }
    }
    if (options.start_delay && !options.cron_schedule.empty()) {
        reject(
            options.id,
            "StartOptions::start_delay and cron_schedule exclude each other; set one of them"
        );
    }
    if (options.id_conflict_policy == WorkflowIdConflictPolicy::TerminateExisting &&
        options.id_reuse_policy == WorkflowIdReusePolicy::RejectDuplicate) {
        reject(
            options.id,
            "id_conflict_policy TerminateExisting closes an execution of the same id, and "
            "id_reuse_policy RejectDuplicate "
            "forbids a closed one; change one of them"
        );
    }
    if (options.retry_policy) {
        validate(*options.retry_policy);
    }
}

void set_metadata(const StartOptions& options, temporal::api::sdk::v1::UserMetadata* metadata) {
    if (!options.static_summary.empty()) {
        convert::to_proto(
            to_payload(convert::valid_utf8(options.static_summary)), metadata->mutable_summary()
        );
    }
    if (!options.static_details.empty()) {
        convert::to_proto(
            to_payload(convert::valid_utf8(options.static_details)), metadata->mutable_details()
        );
    }
}

}  // namespace

service::StartWorkflowExecutionRequest start_request(
    const RpcContext& context, std::string type, StartOptions options, Payloads arguments
) {
    check(type, options);
    service::StartWorkflowExecutionRequest request;
    request.set_namespace_(context.namespace_name);
    request.set_workflow_id(options.id);
    request.mutable_workflow_type()->set_name(std::move(type));
    request.mutable_task_queue()->set_name(options.task_queue);
    convert::to_proto(std::move(arguments), request.mutable_input());
    request.set_identity(context.identity);
    request.set_request_id(new_uuid());
    request.set_workflow_id_reuse_policy(
        static_cast<enums::WorkflowIdReusePolicy>(options.id_reuse_policy)
    );
    request.set_workflow_id_conflict_policy(
        static_cast<enums::WorkflowIdConflictPolicy>(options.id_conflict_policy)
    );
    if (options.execution_timeout) {
        convert::to_proto(*options.execution_timeout, request.mutable_workflow_execution_timeout());
    }
    if (options.run_timeout) {
        convert::to_proto(*options.run_timeout, request.mutable_workflow_run_timeout());
    }
    if (options.task_timeout) {
        convert::to_proto(*options.task_timeout, request.mutable_workflow_task_timeout());
    }
    if (options.start_delay) {
        convert::to_proto(*options.start_delay, request.mutable_workflow_start_delay());
    }
    if (options.retry_policy) {
        convert::to_proto(*options.retry_policy, request.mutable_retry_policy());
    }
    request.set_cron_schedule(options.cron_schedule);
    if (!options.memo.empty()) {
        convert::to_proto(options.memo, request.mutable_memo()->mutable_fields());
    }
    if (!options.search_attributes.empty()) {
        convert::to_proto(
            options.search_attributes.values(),
            request.mutable_search_attributes()->mutable_indexed_fields()
        );
    }
    if (!options.static_summary.empty() || !options.static_details.empty()) {
        set_metadata(options, request.mutable_user_metadata());
    }
    return request;
}

}  // namespace hourglass::client
