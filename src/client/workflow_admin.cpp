#include "hourglass/client/workflow_admin.hpp"

#include "hourglass/client/future_ops.hpp"
#include "src/client/backend.hpp"
#include "src/client/checks.hpp"
#include "src/client/operations.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_versioning.hpp"
#include "src/convert/utf8.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <google/protobuf/field_mask.pb.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace hourglass::client {

namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
namespace workflow = temporal::api::workflow::v1;

/// @throws ConfigurationError if it is no change, or cannot be meant.
void write(
    const std::string& whose,
    const ExecutionOptionsUpdate& update,
    workflow::WorkflowExecutionOptions* options,
    google::protobuf::FieldMask* mask
) {
    if (update.versioning_override && update.remove_versioning_override) {
        throw ConfigurationError{
            whose +
            ": ExecutionOptionsUpdate::versioning_override and remove_versioning_override exclude "
            "each other; set one of them"
        };
    }
    if (update.versioning_override) {
        validate(*update.versioning_override);
        convert::to_proto(*update.versioning_override, options->mutable_versioning_override());
    }
    if (update.versioning_override || update.remove_versioning_override) {
        mask->add_paths("versioning_override");
    }
    if (update.priority) {
        validate(*update.priority);
        convert::to_proto(*update.priority, options->mutable_priority());
        mask->add_paths("priority");
    }
    if (mask->paths().empty()) {
        throw ConfigurationError{whose + ": ExecutionOptionsUpdate is empty; set what changes"};
    }
}

/// @throws ConfigurationError
void write(
    const std::string& whose, const PostResetSignal& signal, workflow::PostResetOperation* operation
) {
    if (signal.signal.empty() || !convert::is_utf8(signal.signal)) {
        throw ConfigurationError{
            whose +
            ": PostResetSignal::signal is empty or not valid UTF-8; make it with "
            "hourglass::post_reset_signal"
        };
    }
    auto& sent = *operation->mutable_signal_workflow();
    sent.set_signal_name(signal.signal);
    convert::to_proto(signal.arguments, sent.mutable_input());
    if (!signal.headers.empty()) {
        convert::to_proto(signal.headers, sent.mutable_header()->mutable_fields());
    }
}

/// @throws ConfigurationError
void write(
    const std::string& whose,
    const ExecutionOptionsUpdate& update,
    workflow::PostResetOperation* operation
) {
    auto& changed = *operation->mutable_update_workflow_options();
    write(
        whose, update, changed.mutable_workflow_execution_options(), changed.mutable_update_mask()
    );
}

/// All but the run and the event.
/// @throws ConfigurationError
service::ResetWorkflowExecutionRequest reset_request(
    const RpcContext& context, const detail::ExecutionRef& target, const ResetOptions& options
) {
    service::ResetWorkflowExecutionRequest request;
    request.set_namespace_(context.namespace_name);
    request.set_reason(convert::valid_utf8(options.reason));
    request.set_request_id(new_uuid());
    request.set_identity(context.identity);
    for (const auto excluded : options.exclude) {
        request.add_reset_reapply_exclude_types(static_cast<enums::ResetReapplyExcludeType>(excluded
        ));
    }
    const std::string whose = "cannot reset workflow \"" + target.workflow_id + '"';
    for (const auto& each : options.post_reset_operations) {
        std::visit(
            [&](const auto& what) { write(whose, what, request.add_post_reset_operations()); }, each
        );
    }
    return request;
}

Future<std::string> reset_to(
    const RpcContextPtr& context,
    const detail::ExecutionRef& target,
    service::ResetWorkflowExecutionRequest request,
    std::int64_t event_id
) {
    set_execution(target, request.mutable_workflow_execution());
    request.set_workflow_task_finish_event_id(event_id);
    return unary<std::string, service::ResetWorkflowExecutionResponse>(
        context,
        target_of(*context, "reset", target.workflow_id, target.run_id),
        spec_of(*context, "ResetWorkflowExecution", request),
        [](const service::ResetWorkflowExecutionResponse& response) { return response.run_id(); }
    );
}

/// @throws ConfigurationError if no workflow task of the history was completed.
std::int64_t event_of(const ResetPoint& point, const WorkflowHistory& history) {
    static constexpr std::string_view kCompleted = "WorkflowTaskCompleted";
    const auto& events = history.events();
    if (point.kind() == ResetPoint::Kind::FirstWorkflowTask) {
        const auto first = std::ranges::find(events, kCompleted, &HistoryEvent::type);
        if (first != events.end()) {
            return first->id;
        }
    } else {
        const auto last =
            std::find_if(events.rbegin(), events.rend(), [](const HistoryEvent& event) {
                return event.type == kCompleted;
            });
        if (last != events.rend()) {
            return last->id;
        }
    }
    throw ConfigurationError{
        "cannot reset workflow \"" + history.workflow_id() +
        "\": none of its workflow tasks was completed, so there is nothing to go back to; check "
        "that a worker polls its task queue"
    };
}

}  // namespace

Future<void> RpcBackend::send(CancelWorkflowCall call) {
    const detail::ExecutionRef& target = call.workflow;
    if (auto error = unusable_id(target, "cancel")) {
        return failed_future<void>(error);
    }
    service::RequestCancelWorkflowExecutionRequest request;
    request.set_namespace_(context_->namespace_name);
    set_execution(target, request.mutable_workflow_execution());
    request.set_first_execution_run_id(target.first_execution_run_id);
    request.set_identity(context_->identity);
    request.set_request_id(new_uuid());
    request.set_reason(convert::valid_utf8(std::move(call.reason)));
    return unary<void, service::RequestCancelWorkflowExecutionResponse>(
        context_,
        target_of(*context_, "cancel", target.workflow_id, target.run_id),
        spec_of(*context_, "RequestCancelWorkflowExecution", request),
        [](const service::RequestCancelWorkflowExecutionResponse&) {}
    );
}

Future<void> RpcBackend::send(TerminateWorkflowCall call) {
    const detail::ExecutionRef& target = call.workflow;
    if (auto error = unusable_id(target, "terminate")) {
        return failed_future<void>(error);
    }
    service::TerminateWorkflowExecutionRequest request;
    request.set_namespace_(context_->namespace_name);
    set_execution(target, request.mutable_workflow_execution());
    request.set_first_execution_run_id(target.first_execution_run_id);
    request.set_identity(context_->identity);
    request.set_reason(convert::valid_utf8(std::move(call.reason)));
    if (!call.details.empty()) {
        convert::to_proto(std::move(call.details), request.mutable_details());
    }
    return unary<void, service::TerminateWorkflowExecutionResponse>(
        context_,
        target_of(*context_, "terminate", target.workflow_id, target.run_id),
        spec_of(*context_, "TerminateWorkflowExecution", request),
        [](const service::TerminateWorkflowExecutionResponse&) {}
    );
}

namespace {

template <class Request, class Response>
Future<void> hold(
    const RpcContextPtr& context,
    const detail::ExecutionRef& target,
    const std::string& verb,
    const std::string& method,
    std::string reason
) {
    if (auto error = unusable_id(target, verb)) {
        return failed_future<void>(error);
    }
    Request request;
    request.set_namespace_(context->namespace_name);
    request.set_workflow_id(target.workflow_id);
    request.set_run_id(target.run_id);
    request.set_identity(context->identity);
    request.set_reason(convert::valid_utf8(std::move(reason)));
    request.set_request_id(new_uuid());
    return unary<void, Response>(
        context,
        target_of(*context, verb, target.workflow_id, target.run_id),
        spec_of(*context, method, request),
        [](const Response&) {}
    );
}

}  // namespace

Future<void> RpcBackend::send(PauseWorkflowCall call) {
    return hold<service::PauseWorkflowExecutionRequest, service::PauseWorkflowExecutionResponse>(
        context_, call.workflow, "pause", "PauseWorkflowExecution", std::move(call.reason)
    );
}

Future<void> RpcBackend::send(UnpauseWorkflowCall call) {
    return hold<
        service::UnpauseWorkflowExecutionRequest,
        service::UnpauseWorkflowExecutionResponse>(
        context_, call.workflow, "unpause", "UnpauseWorkflowExecution", std::move(call.reason)
    );
}

Future<std::string> RpcBackend::send(ResetWorkflowCall call) {
    const detail::ExecutionRef& target = call.workflow;
    const ResetPoint point = call.options.point;
    if (auto error = unusable_id(target, "reset")) {
        return failed_future<std::string>(error);
    }
    service::ResetWorkflowExecutionRequest request;
    try {
        request = reset_request(*context_, target, call.options);
    } catch (const Error&) {
        return failed_future<std::string>(std::current_exception());
    }
    if (point.kind() == ResetPoint::Kind::Event) {
        if (point.event_id() <= 1) {
            return failed_future<std::string>(configuration_error(
                "cannot reset workflow \"" + target.workflow_id + "\" to event " +
                std::to_string(point.event_id()) +
                "; it must be the id of a workflow task's event, greater than 1"
            ));
        }
        return reset_to(context_, target, std::move(request), point.event_id());
    }
    const RpcContextPtr context = client::as_one_call(context_);
    return detail::chain(
        fetch_history(context, target),
        [context, target, point, request = std::move(request)](const WorkflowHistory& history) {
            detail::ExecutionRef run = target;
            run.run_id = history.run_id();  // the event is of this run, whatever starts meanwhile
            return reset_to(context, run, request, event_of(point, history));
        }
    );
}

Future<ExecutionOptions> RpcBackend::send(UpdateWorkflowOptionsCall call) {
    const detail::ExecutionRef& target = call.workflow;
    const ExecutionOptionsUpdate& update = call.update;
    if (auto error = unusable_id(target, "update the options of")) {
        return failed_future<ExecutionOptions>(error);
    }
    const std::string whose = "cannot update the options of workflow \"" + target.workflow_id + '"';
    service::UpdateWorkflowExecutionOptionsRequest request;
    request.set_namespace_(context_->namespace_name);
    set_execution(target, request.mutable_workflow_execution());
    request.set_identity(context_->identity);
    try {
        write(
            whose,
            update,
            request.mutable_workflow_execution_options(),
            request.mutable_update_mask()
        );
    } catch (const Error&) {
        return failed_future<ExecutionOptions>(std::current_exception());
    }
    return unary<ExecutionOptions, service::UpdateWorkflowExecutionOptionsResponse>(
        context_,
        target_of(*context_, "update the options of", target.workflow_id, target.run_id),
        spec_of(*context_, "UpdateWorkflowExecutionOptions", request),
        [](const service::UpdateWorkflowExecutionOptionsResponse& response) {
            const auto& now = response.workflow_execution_options();
            return ExecutionOptions{
                .versioning_override = convert::from_proto(now.versioning_override()),
                .priority = convert::from_proto(now.priority())
            };
        }
    );
}

Future<void> RpcBackend::send(DeleteWorkflowCall call) {
    const detail::ExecutionRef& target = call.workflow;
    if (auto error = unusable_id(target, "delete")) {
        return failed_future<void>(error);
    }
    service::DeleteWorkflowExecutionRequest request;
    request.set_namespace_(context_->namespace_name);
    set_execution(target, request.mutable_workflow_execution());
    return unary<void, service::DeleteWorkflowExecutionResponse>(
        context_,
        target_of(*context_, "delete", target.workflow_id, target.run_id),
        spec_of(*context_, "DeleteWorkflowExecution", request),
        [](const service::DeleteWorkflowExecutionResponse&) {}
    );
}

}  // namespace hourglass::client
