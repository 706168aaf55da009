#include "src/client/backend.hpp"

#include "src/client/describe.hpp"
#include "src/client/operations.hpp"
#include "src/client/start_request.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/utf8.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

namespace hourglass::client {

namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;

std::exception_ptr configuration_error(const std::string& text) {
    return std::make_exception_ptr(ConfigurationError{text});
}

/// An empty id or name would come back from the server as an InvalidArgument that does not say who
/// is to blame.
std::exception_ptr missing_id(const detail::ExecutionRef& target, const std::string& verb) {
    if (!target.workflow_id.empty()) {
        return nullptr;
    }
    return configuration_error(
        "cannot " + verb + " a workflow: its id is empty; give client.handle(…) the workflow's id"
    );
}

std::exception_ptr missing_name(const std::string& name, const std::string& kind) {
    if (!name.empty()) {
        return nullptr;
    }
    return configuration_error(
        "cannot send a " + kind + " without a name; give the name that the workflow defines"
    );
}

WorkflowStatus to_status(enums::WorkflowExecutionStatus status) {
    return static_cast<WorkflowStatus>(status);
}

}  // namespace

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

Future<detail::ExecutionRef> RpcBackend::start(
    std::string type, StartOptions options, Payloads arguments
) {
    const std::string id = options.id;
    service::StartWorkflowExecutionRequest request;
    try {
        request =
            start_request(*context_, std::move(type), std::move(options), std::move(arguments));
    } catch (const Error&) {
        return failed_future<detail::ExecutionRef>(std::current_exception());
    }
    return unary<detail::ExecutionRef, service::StartWorkflowExecutionResponse>(
        context_,
        target_of(*context_, "start", id, ""),
        spec_of(*context_, "StartWorkflowExecution", request),
        [id](service::StartWorkflowExecutionResponse response) {
            detail::ExecutionRef started;
            started.workflow_id = id;
            started.result_run_id = response.run_id();
            started.first_execution_run_id = response.first_execution_run_id();
            // An older server does not tell the chain of an execution that was there before.
            if (started.first_execution_run_id.empty() && response.started()) {
                started.first_execution_run_id = response.run_id();
            }
            return started;
        }
    );
}

Future<void> RpcBackend::signal(detail::ExecutionRef target, std::string name, Payloads arguments) {
    for (const auto& error : {missing_id(target, "signal"), missing_name(name, "signal")}) {
        if (error) {
            return failed_future<void>(error);
        }
    }
    service::SignalWorkflowExecutionRequest request;
    request.set_namespace_(context_->namespace_name);
    set_execution(target, request.mutable_workflow_execution());
    request.set_signal_name(name);
    convert::to_proto(std::move(arguments), request.mutable_input());
    request.set_identity(context_->identity);
    request.set_request_id(new_uuid());
    return unary<void, service::SignalWorkflowExecutionResponse>(
        context_,
        target_of(*context_, "send signal \"" + name + "\" to", target.workflow_id, target.run_id),
        spec_of(*context_, "SignalWorkflowExecution", request),
        [](const service::SignalWorkflowExecutionResponse&) {}
    );
}

Future<Payloads> RpcBackend::query(
    detail::ExecutionRef target, std::string name, QueryOptions options, Payloads arguments
) {
    for (const auto& error : {missing_id(target, "query"), missing_name(name, "query")}) {
        if (error) {
            return failed_future<Payloads>(error);
        }
    }
    service::QueryWorkflowRequest request;
    request.set_namespace_(context_->namespace_name);
    set_execution(target, request.mutable_execution());
    request.mutable_query()->set_query_type(name);
    convert::to_proto(std::move(arguments), request.mutable_query()->mutable_query_args());
    request.set_query_reject_condition(
        static_cast<enums::QueryRejectCondition>(options.reject_condition)
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

Future<Payloads> RpcBackend::update(
    detail::ExecutionRef target, std::string name, UpdateOptions options, Payloads arguments
) {
    for (const auto& error : {missing_id(target, "update"), missing_name(name, "update")}) {
        if (error) {
            return failed_future<Payloads>(error);
        }
    }
    return send_update(
        context_, std::move(target), std::move(name), std::move(options), std::move(arguments)
    );
}

Future<void> RpcBackend::cancel(detail::ExecutionRef target, std::string reason) {
    if (auto error = missing_id(target, "cancel")) {
        return failed_future<void>(error);
    }
    service::RequestCancelWorkflowExecutionRequest request;
    request.set_namespace_(context_->namespace_name);
    set_execution(target, request.mutable_workflow_execution());
    request.set_first_execution_run_id(target.first_execution_run_id);
    request.set_identity(context_->identity);
    request.set_request_id(new_uuid());
    request.set_reason(convert::valid_utf8(std::move(reason)));
    return unary<void, service::RequestCancelWorkflowExecutionResponse>(
        context_,
        target_of(*context_, "cancel", target.workflow_id, target.run_id),
        spec_of(*context_, "RequestCancelWorkflowExecution", request),
        [](const service::RequestCancelWorkflowExecutionResponse&) {}
    );
}

Future<void> RpcBackend::terminate(
    detail::ExecutionRef target, std::string reason, Payloads details
) {
    if (auto error = missing_id(target, "terminate")) {
        return failed_future<void>(error);
    }
    service::TerminateWorkflowExecutionRequest request;
    request.set_namespace_(context_->namespace_name);
    set_execution(target, request.mutable_workflow_execution());
    request.set_first_execution_run_id(target.first_execution_run_id);
    request.set_identity(context_->identity);
    request.set_reason(convert::valid_utf8(std::move(reason)));
    if (!details.empty()) {
        convert::to_proto(std::move(details), request.mutable_details());
    }
    return unary<void, service::TerminateWorkflowExecutionResponse>(
        context_,
        target_of(*context_, "terminate", target.workflow_id, target.run_id),
        spec_of(*context_, "TerminateWorkflowExecution", request),
        [](const service::TerminateWorkflowExecutionResponse&) {}
    );
}

Future<WorkflowDescription> RpcBackend::describe(detail::ExecutionRef target) {
    if (auto error = missing_id(target, "describe")) {
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

Future<Payloads> RpcBackend::result(detail::ExecutionRef target, ResultOptions options) {
    if (auto error = missing_id(target, "wait for the result of")) {
        return failed_future<Payloads>(error);
    }
    return wait_for_result(context_, std::move(target), options);
}

Future<WorkflowHistory> RpcBackend::history(detail::ExecutionRef target) {
    if (auto error = missing_id(target, "fetch the history of")) {
        return failed_future<WorkflowHistory>(error);
    }
    return fetch_history(context_, std::move(target));
}

Future<WorkflowPage> RpcBackend::list_page(
    std::string query, int page_size, std::string page_token
) {
    if (page_size <= 0) {
        return failed_future<WorkflowPage>(configuration_error(
            "ListOptions::page_size is " + std::to_string(page_size) + "; it must be greater than 0"
        ));
    }
    service::ListWorkflowExecutionsRequest request;
    request.set_namespace_(context_->namespace_name);
    request.set_query(query);
    request.set_page_size(page_size);
    request.set_next_page_token(page_token);
    return unary<WorkflowPage, service::ListWorkflowExecutionsResponse>(
        context_,
        target_of(*context_, "list the workflows that match \"" + query + '"'),
        spec_of(*context_, "ListWorkflowExecutions", request),
        [](const service::ListWorkflowExecutionsResponse& response) {
            WorkflowPage page;
            for (const auto& info : response.executions()) {
                page.executions.push_back(to_execution(info));
            }
            page.next_page_token = response.next_page_token();
            return page;
        }
    );
}

Future<std::int64_t> RpcBackend::count(std::string query) {
    service::CountWorkflowExecutionsRequest request;
    request.set_namespace_(context_->namespace_name);
    request.set_query(query);
    return unary<std::int64_t, service::CountWorkflowExecutionsResponse>(
        context_,
        target_of(*context_, "count the workflows that match \"" + query + '"'),
        spec_of(*context_, "CountWorkflowExecutions", request),
        [](const service::CountWorkflowExecutionsResponse& response) -> std::int64_t {
            return response.count();
        }
    );
}

}  // namespace hourglass::client
