#include "src/client/backend.hpp"

#include "src/client/checks.hpp"
#include "src/client/describe.hpp"
#include "src/client/matching.hpp"
#include "src/client/operations.hpp"
#include "src/client/start_request.hpp"
#include "src/convert/proto_payload.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <exception>
#include <memory>
#include <utility>

namespace hourglass::client {

namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;

WorkflowStatus to_status(enums::WorkflowExecutionStatus status) {
    return static_cast<WorkflowStatus>(status);
}

}  // namespace

std::shared_ptr<detail::ClientBackend> RpcBackend::with(CallOptions options) const {
    return std::make_shared<RpcBackend>(context_with(std::move(options)));
}

RpcContextPtr RpcBackend::context_with(CallOptions options) const {
    validate(options);
    auto context = std::make_shared<RpcContext>(*context_);
    context->options = detail::merged(std::move(context->options), std::move(options));
    return context;
}

std::shared_ptr<detail::ClientBackend> RpcBackend::as_one_call() const {
    return std::make_shared<RpcBackend>(client::as_one_call(context_));
}

Future<void> RpcBackend::connect() {
    const Settling<void> settling{context_->calls.pool};
    rpc<service::GetSystemInfoResponse>(
        *context_,
        spec_of(*context_, "GetSystemInfo", service::GetSystemInfoRequest{}),
        [settling, target = target_of(*context_, "connect")](
            Result<service::GetSystemInfoResponse, RpcFailure> response
        ) {
            // A server that does not know the method is old, but it is there.
            if (response || response.error().code == RpcCode::Unimplemented) {
                settling.succeed();
            } else {
                settling.fail(to_exception(target, response.error()));
            }
        }
    );
    return settling.future();
}

Future<detail::ExecutionRef> RpcBackend::send(StartWorkflowCall call) {
    if (context_->send_start) {
        return context_->send_start(std::move(call));
    }
    const std::string id = call.options.id;
    service::StartWorkflowExecutionRequest request;
    try {
        request = start_request(*context_, std::move(call));
    } catch (const Error&) {
        return failed_future<detail::ExecutionRef>(std::current_exception());
    }
    return unary<detail::ExecutionRef, service::StartWorkflowExecutionResponse>(
        context_,
        target_of(*context_, "start", id, ""),
        spec_of(*context_, "StartWorkflowExecution", request),
        [id](const service::StartWorkflowExecutionResponse& response) {
            return to_started(
                id, response.run_id(), response.first_execution_run_id(), response.started()
            );
        }
    );
}

Future<detail::ExecutionRef> RpcBackend::send(SignalWithStartCall call) {
    const std::string id = call.start.options.id;
    const std::string verb = "send signal \"" + call.signal + "\" with a start of";
    service::SignalWithStartWorkflowExecutionRequest request;
    try {
        request = signal_with_start_request(*context_, std::move(call));
    } catch (const Error&) {
        return failed_future<detail::ExecutionRef>(std::current_exception());
    }
    return unary<detail::ExecutionRef, service::SignalWithStartWorkflowExecutionResponse>(
        context_,
        target_of(*context_, verb, id, ""),
        spec_of(*context_, "SignalWithStartWorkflowExecution", request),
        [id](const service::SignalWithStartWorkflowExecutionResponse& response) {
            return to_started(
                id, response.run_id(), response.first_execution_run_id(), response.started()
            );
        }
    );
}

Future<StartedWithUpdate> RpcBackend::send(UpdateWithStartCall call) {
    try {
        if (const auto error = unusable_name(call.update, "update")) {
            std::rethrow_exception(error);
        }
        if (call.start.options.request_eager_start) {
            throw ConfigurationError{
                "cannot start workflow \"" + call.start.options.id +
                "\": StartOptions::request_eager_start does not go together with an update; leave "
                "it out"
            };
        }
        check_positive(
            "cannot send update \"" + call.update + '"',
            "StartUpdateOptions::timeout",
            call.options.timeout
        );
        auto start = start_request(*context_, std::move(call.start));
        return start_update_with_start(context_, std::move(start), std::move(call));
    } catch (const Error&) {
        return failed_future<StartedWithUpdate>(std::current_exception());
    }
}

Future<void> RpcBackend::send(SignalWorkflowCall call) {
    const detail::ExecutionRef& target = call.workflow;
    const std::string& name = call.signal;
    for (const auto& error : {unusable_id(target, "signal"), unusable_name(name, "signal")}) {
        if (error) {
            return failed_future<void>(error);
        }
    }
    service::SignalWorkflowExecutionRequest request;
    request.set_namespace_(context_->namespace_name);
    set_execution(target, request.mutable_workflow_execution());
    request.set_signal_name(name);
    convert::to_proto(std::move(call.arguments), request.mutable_input());
    if (!call.headers.empty()) {
        convert::to_proto(call.headers, request.mutable_header()->mutable_fields());
    }
    request.set_identity(context_->identity);
    request.set_request_id(new_uuid());
    return unary<void, service::SignalWorkflowExecutionResponse>(
        context_,
        target_of(*context_, "send signal \"" + name + "\" to", target.workflow_id, target.run_id),
        spec_of(*context_, "SignalWorkflowExecution", request),
        [](const service::SignalWorkflowExecutionResponse&) {}
    );
}

Future<Payloads> RpcBackend::send(QueryWorkflowCall call) {
    const detail::ExecutionRef& target = call.workflow;
    const std::string& name = call.query;
    for (const auto& error : {unusable_id(target, "query"), unusable_name(name, "query")}) {
        if (error) {
            return failed_future<Payloads>(error);
        }
    }
    service::QueryWorkflowRequest request;
    request.set_namespace_(context_->namespace_name);
    set_execution(target, request.mutable_execution());
    request.mutable_query()->set_query_type(name);
    convert::to_proto(std::move(call.arguments), request.mutable_query()->mutable_query_args());
    if (!call.headers.empty()) {
        convert::to_proto(
            call.headers, request.mutable_query()->mutable_header()->mutable_fields()
        );
    }
    request.set_query_reject_condition(
        static_cast<enums::QueryRejectCondition>(call.options.reject_condition)
    );
    const std::string what = "query \"" + name + "\" of";
    return unary<Payloads, service::QueryWorkflowResponse>(
        context_,
        target_of(*context_, "put " + what, target.workflow_id, target.run_id),
        spec_of(*context_, "QueryWorkflow", request),
        [what, id = target.workflow_id](service::QueryWorkflowResponse response) {
            if (response.has_query_rejected()) {
                const WorkflowStatus status = to_status(response.query_rejected().status());
                throw QueryRejectedError{
                    status,
                    what + " workflow \"" + id + "\" was not put: the workflow's status is " +
                        std::string{to_text(status)} +
                        ", which QueryOptions::reject_condition excludes"
                };
            }
            return convert::from_proto(std::move(*response.mutable_query_result()));
        }
    );
}

Future<detail::UpdateRef> RpcBackend::send(UpdateWorkflowCall call) {
    for (const auto& error :
         {unusable_id(call.workflow, "update"), unusable_name(call.update, "update")}) {
        if (error) {
            return failed_future<detail::UpdateRef>(error);
        }
    }
    return client::start_update(context_, std::move(call));
}

Future<Payloads> RpcBackend::send(UpdateResultCall call) {
    const auto error = unusable_id(call.update.workflow, "wait for an update of");
    if (error || call.update.id.empty()) {
        return failed_future<Payloads>(
            error ? error
                  : configuration_error(
                        "cannot wait for an update of workflow \"" +
                        call.update.workflow.workflow_id +
                        "\": the update's id is empty; give update_handle(…) the id it was sent "
                        "with"
                    )
        );
    }
    if (call.update.outcome.valid()) {
        return call.update.outcome;
    }
    return wait_for_update(context_, std::move(call.update), call.options);
}

Future<Payloads> RpcBackend::outcome_of(UpdateWorkflowCall call) {
    for (const auto& error :
         {unusable_id(call.workflow, "update"), unusable_name(call.update, "update")}) {
        if (error) {
            return failed_future<Payloads>(error);
        }
    }
    return execute_update(context_, std::move(call));
}

Future<WorkflowDescription> RpcBackend::send(DescribeWorkflowCall call) {
    const detail::ExecutionRef& target = call.workflow;
    if (auto error = unusable_id(target, "describe")) {
        return failed_future<WorkflowDescription>(error);
    }
    service::DescribeWorkflowExecutionRequest request;
    request.set_namespace_(context_->namespace_name);
    set_execution(target, request.mutable_execution());
    return unary<WorkflowDescription, service::DescribeWorkflowExecutionResponse>(
        context_,
        target_of(*context_, "describe", target.workflow_id, target.run_id),
        spec_of(*context_, "DescribeWorkflowExecution", request),
        [](const service::DescribeWorkflowExecutionResponse& response) {
            return to_description(response);
        }
    );
}

Future<Payloads> RpcBackend::send(WorkflowResultCall call) {
    if (auto error = unusable_id(call.workflow, "wait for the result of")) {
        return failed_future<Payloads>(error);
    }
    return wait_for_result(context_, std::move(call.workflow), call.options);
}

Future<WorkflowHistory> RpcBackend::send(FetchWorkflowHistoryCall call) {
    if (auto error = unusable_id(call.workflow, "fetch the history of")) {
        return failed_future<WorkflowHistory>(error);
    }
    return fetch_history(context_, std::move(call.workflow));
}

Future<Page<WorkflowExecution>> RpcBackend::send(ListWorkflowsCall call) {
    return list_matching<
        service::ListWorkflowExecutionsRequest,
        service::ListWorkflowExecutionsResponse,
        WorkflowExecution>(
        context_,
        "the workflows",
        "ListWorkflowExecutions",
        std::move(call),
        [](const auto& response, auto& items) {
            for (const auto& each : response.executions()) {
                items.push_back(to_execution(each));
            }
        }
    );
}

Future<Count> RpcBackend::send(CountWorkflowsCall call) {
    return count_matching<
        service::CountWorkflowExecutionsRequest,
        service::CountWorkflowExecutionsResponse>(
        context_, "the workflows", "CountWorkflowExecutions", std::move(call.query)
    );
}

}  // namespace hourglass::client
