#include "src/nexus/backing_workflow.hpp"

#include "hourglass/base/log.hpp"
#include "hourglass/nexus/errors.hpp"
#include "src/client/operations.hpp"
#include "src/client/start_request.hpp"
#include "src/nexus/links.hpp"
#include "src/nexus/token.hpp"

#include "temporal/api/enums/v1/event_type.pb.h"

#include <utility>

namespace hourglass::nexus {
namespace {

namespace service = temporal::api::workflowservice::v1;
using temporal::api::nexus::v1::CancelOperationRequest;
using temporal::api::nexus::v1::StartOperationRequest;
using temporal::api::nexus::v1::StartOperationResponse;

constexpr const char* kTokenHeader = "nexus-operation-token";

/// An older server does not say where in the history the start is: whoever looks finds it by the
/// request.
temporal::api::common::v1::Link link_to_start(
    const std::string& namespace_name,
    const std::string& workflow_id,
    const std::string& request_id,
    const service::StartWorkflowExecutionResponse& response
) {
    if (response.has_link()) {
        return response.link();
    }
    temporal::api::common::v1::Link link;
    auto& event = *link.mutable_workflow_event();
    event.set_namespace_(namespace_name);
    event.set_workflow_id(workflow_id);
    event.set_run_id(response.run_id());
    event.mutable_request_id_ref()->set_request_id(request_id);
    event.mutable_request_id_ref()->set_event_type(
        temporal::api::enums::v1::EVENT_TYPE_WORKFLOW_EXECUTION_STARTED
    );
    return link;
}

}  // namespace

service::StartWorkflowExecutionRequest backing_start(
    const client::RpcContext& context,
    StartWorkflowCall call,
    const StartOperationRequest& operation
) {
    auto request = client::start_request(context, std::move(call));
    // The server may ask for the operation again: the same request starts no second workflow.
    if (!operation.request_id().empty()) {
        request.set_request_id(operation.request_id());
    }
    for (const auto& link : operation.links()) {
        if (auto converted = from_nexus(link)) {
            *request.add_links() = *std::move(converted);
        } else {
            log::debug(
                "a link of a Nexus operation's caller is left out: it leads to nothing of "
                "Temporal's",
                {{"type", link.type()}, {"url", link.url()}}
            );
        }
    }
    if (!operation.callback().empty()) {
        auto& callback = *request.add_completion_callbacks();
        callback.mutable_nexus()->set_url(operation.callback());
        auto& headers = *callback.mutable_nexus()->mutable_header();
        headers = operation.callback_header();
        headers[kTokenHeader] = to_text(OperationToken{
            .workflow_namespace = context.namespace_name, .workflow_id = request.workflow_id()
        });
        *callback.mutable_links() = request.links();
    }
    if (request.links_size() > 0 || request.completion_callbacks_size() > 0) {
        // A workflow that runs already and is shared tells this caller, too, when it ends.
        auto& shared = *request.mutable_on_conflict_options();
        shared.set_attach_request_id(true);
        shared.set_attach_completion_callbacks(true);
        shared.set_attach_links(true);
    }
    return request;
}

StartOperationResponse::Async start_backing_workflow(
    const client::RpcContextPtr& context,
    StartWorkflowCall call,
    const StartOperationRequest& operation
) {
    const std::string id = call.options.id;
    const auto request = backing_start(*context, std::move(call), operation);
    const auto response =
        client::
            unary<service::StartWorkflowExecutionResponse, service::StartWorkflowExecutionResponse>(
                context,
                client::target_of(*context, "start", id, ""),
                client::spec_of(*context, "StartWorkflowExecution", request),
                [](service::StartWorkflowExecutionResponse answer) { return answer; }
            ).get();
    StartOperationResponse::Async started;
    started.set_operation_token(
        to_text(OperationToken{.workflow_namespace = context->namespace_name, .workflow_id = id})
    );
    auto link =
        to_nexus(link_to_start(context->namespace_name, id, request.request_id(), response));
    if (link) {
        *started.add_links() = *std::move(link);
    }
    return started;
}

void cancel_backing_workflow(
    const client::RpcContextPtr& context, const CancelOperationRequest& operation
) {
    const auto token = parse_token(operation.operation_token());
    if (!token) {
        throw HandlerError{
            "the operation's token names no workflow, and nothing else can be cancelled here",
            ErrorType::NotFound
        };
    }
    if (token->workflow_namespace != context->namespace_name) {
        throw HandlerError{
            "the operation's token names a workflow of namespace '" + token->workflow_namespace +
                "', and this worker's is '" + context->namespace_name + "'",
            ErrorType::NotFound
        };
    }
    service::RequestCancelWorkflowExecutionRequest request;
    request.set_namespace_(context->namespace_name);
    request.mutable_workflow_execution()->set_workflow_id(token->workflow_id);
    request.set_identity(context->identity);
    request.set_request_id(client::new_uuid());
    request.set_reason("the Nexus operation was cancelled");
    client::unary<void, service::RequestCancelWorkflowExecutionResponse>(
        context,
        client::target_of(*context, "cancel", token->workflow_id, ""),
        client::spec_of(*context, "RequestCancelWorkflowExecution", request),
        [](const service::RequestCancelWorkflowExecutionResponse&) {}
    ).get();
}

}  // namespace hourglass::nexus
