#include "src/client/start_request.hpp"

#include "src/client/checks.hpp"
#include "src/client/operations.hpp"
#include "src/convert/cron.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_retry.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/proto_versioning.hpp"
#include "src/convert/utf8.hpp"

#include <exception>
#include <utility>

namespace hourglass::client {

namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;

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
    const std::string task_queue = task_queue_of(options);
    if (task_queue.empty()) {
        reject(
            options.id,
            "StartOptions::task_queue is empty; name the queue that the workflow's worker polls"
        );
    }
    const std::pair<const char*, const std::string&> texts[] = {
        {"its id", options.id},
        {"the name of its type", type},
        {"StartOptions::task_queue", task_queue}
    };
    for (const auto& [name, text] : texts) {
        if (!convert::is_utf8(text)) {
            reject(convert::valid_utf8(options.id), std::string{name} + " is not valid UTF-8");
        }
    }
    const std::string whose = "cannot start workflow \"" + options.id + '"';
    check_positive(whose, "StartOptions::execution_timeout", options.execution_timeout);
    check_positive(whose, "StartOptions::run_timeout", options.run_timeout);
    check_positive(whose, "StartOptions::task_timeout", options.task_timeout);
    check_positive(whose, "StartOptions::start_delay", options.start_delay);
    if (!options.cron_schedule.empty()) {
        convert::check_cron(
            whose + ": StartOptions::cron_schedule",
            options.cron_schedule,
            convert::CronOf::Workflow
        );
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
    validate(options.priority);
    if (options.versioning_override) {
        validate(*options.versioning_override);
    }
}

/// The fields that the requests of all kinds of starts have in common.
template <class Request>
void fill(const RpcContext& context, StartWorkflowCall start, Request& request) {
    check(start.type, start.options);
    const StartOptions& options = start.options;
    request.set_namespace_(context.namespace_name);
    request.set_workflow_id(options.id);
    request.mutable_workflow_type()->set_name(start.type);
    request.mutable_task_queue()->set_name(task_queue_of(options));
    convert::to_proto(std::move(start.arguments), request.mutable_input());
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
        set_metadata(
            options.static_summary, options.static_details, request.mutable_user_metadata()
        );
    }
    if (options.priority != Priority{}) {
        convert::to_proto(options.priority, request.mutable_priority());
    }
    if (options.versioning_override) {
        convert::to_proto(*options.versioning_override, request.mutable_versioning_override());
    }
    if (!start.headers.empty()) {
        convert::to_proto(start.headers, request.mutable_header()->mutable_fields());
    }
}

}  // namespace

void set_metadata(
    const std::string& summary,
    const std::string& details,
    temporal::api::sdk::v1::UserMetadata* metadata
) {
    if (!summary.empty()) {
        convert::to_proto(to_payload(convert::valid_utf8(summary)), metadata->mutable_summary());
    }
    if (!details.empty()) {
        convert::to_proto(to_payload(convert::valid_utf8(details)), metadata->mutable_details());
    }
}

service::StartWorkflowExecutionRequest start_request(
    const RpcContext& context, StartWorkflowCall start
) {
    service::StartWorkflowExecutionRequest request;
    const bool eager = start.options.request_eager_start;
    fill(context, std::move(start), request);
    // Core takes it back if no worker of this connection has room for the task.
    request.set_request_eager_execution(eager);
    return request;
}

service::SignalWithStartWorkflowExecutionRequest signal_with_start_request(
    const RpcContext& context, SignalWithStartCall call
) {
    StartWorkflowCall& start = call.start;
    if (const auto error = unusable_name(call.signal, "signal")) {
        std::rethrow_exception(error);
    }
    if (start.options.request_eager_start) {
        reject(
            start.options.id,
            "StartOptions::request_eager_start does not go together with a signal; leave it out"
        );
    }
    // A start's default, which this call does not know: its point is to signal what runs.
    if (start.options.id_conflict_policy == WorkflowIdConflictPolicy::Fail) {
        start.options.id_conflict_policy = WorkflowIdConflictPolicy::UseExisting;
    }
    service::SignalWithStartWorkflowExecutionRequest request;
    fill(context, std::move(start), request);
    request.set_signal_name(std::move(call.signal));
    convert::to_proto(std::move(call.arguments), request.mutable_signal_input());
    return request;
}

}  // namespace hourglass::client
