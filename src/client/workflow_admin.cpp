#include "hourglass/client/workflow_admin.hpp"

#include "hourglass/client/future_ops.hpp"
#include "src/client/backend.hpp"
#include "src/client/checks.hpp"
#include "src/client/operations.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_versioning.hpp"
#include "src/convert/utf8.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace hourglass::client {

namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;

Future<std::string> reset_to(
    const RpcContextPtr& context,
    const detail::ExecutionRef& target,
    const ResetOptions& options,
    std::int64_t event_id
) {
    service::ResetWorkflowExecutionRequest request;
    request.set_namespace_(context->namespace_name);
    set_execution(target, request.mutable_workflow_execution());
    request.set_reason(convert::valid_utf8(options.reason));
    request.set_workflow_task_finish_event_id(event_id);
    request.set_request_id(new_uuid());
    request.set_identity(context->identity);
    for (const auto excluded : options.exclude) {
        request.add_reset_reapply_exclude_types(static_cast<enums::ResetReapplyExcludeType>(excluded
        ));
    }
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

Future<void> RpcBackend::pause(detail::ExecutionRef target, std::string reason) {
    return hold<service::PauseWorkflowExecutionRequest, service::PauseWorkflowExecutionResponse>(
        context_, target, "pause", "PauseWorkflowExecution", std::move(reason)
    );
}

Future<void> RpcBackend::unpause(detail::ExecutionRef target, std::string reason) {
    return hold<
        service::UnpauseWorkflowExecutionRequest,
        service::UnpauseWorkflowExecutionResponse>(
        context_, target, "unpause", "UnpauseWorkflowExecution", std::move(reason)
    );
}

Future<std::string> RpcBackend::reset(detail::ExecutionRef target, ResetOptions options) {
    if (auto error = unusable_id(target, "reset")) {
        return failed_future<std::string>(error);
    }
    if (options.point.kind() == ResetPoint::Kind::Event) {
        if (options.point.event_id() <= 1) {
            return failed_future<std::string>(configuration_error(
                "cannot reset workflow \"" + target.workflow_id + "\" to event " +
                std::to_string(options.point.event_id()) +
                "; it must be the id of a workflow task's event, greater than 1"
            ));
        }
        return reset_to(context_, target, options, options.point.event_id());
    }
    return detail::chain(
        fetch_history(context_, target),
        [context = context_, target, options = std::move(options)](const WorkflowHistory& history) {
            detail::ExecutionRef run = target;
            run.run_id = history.run_id();  // the event is of this run, whatever starts meanwhile
            return reset_to(context, run, options, event_of(options.point, history));
        }
    );
}

Future<ExecutionOptions> RpcBackend::update_options(
    detail::ExecutionRef target, ExecutionOptionsUpdate update
) {
    if (auto error = unusable_id(target, "update the options of")) {
        return failed_future<ExecutionOptions>(error);
    }
    const std::string whose = "cannot update the options of workflow \"" + target.workflow_id + '"';
    if (update.versioning_override && update.remove_versioning_override) {
        return failed_future<ExecutionOptions>(configuration_error(
            whose +
            ": ExecutionOptionsUpdate::versioning_override and remove_versioning_override exclude "
            "each other; set one of them"
        ));
    }
    service::UpdateWorkflowExecutionOptionsRequest request;
    try {
        request.set_namespace_(context_->namespace_name);
        set_execution(target, request.mutable_workflow_execution());
        request.set_identity(context_->identity);
        auto& options = *request.mutable_workflow_execution_options();
        if (update.versioning_override) {
            validate(*update.versioning_override);
            convert::to_proto(*update.versioning_override, options.mutable_versioning_override());
        }
        if (update.versioning_override || update.remove_versioning_override) {
            request.mutable_update_mask()->add_paths("versioning_override");
        }
        if (update.priority) {
            validate(*update.priority);
            convert::to_proto(*update.priority, options.mutable_priority());
            request.mutable_update_mask()->add_paths("priority");
        }
        if (request.update_mask().paths().empty()) {
            throw ConfigurationError{whose + ": ExecutionOptionsUpdate is empty; set what changes"};
        }
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

Future<void> RpcBackend::remove(detail::ExecutionRef target) {
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
