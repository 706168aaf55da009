#include "src/nexus/backing_workflow.hpp"

#include "hourglass/nexus/errors.hpp"
#include "src/client/backend.hpp"
#include "src/client/operations.hpp"
#include "src/client/start_request.hpp"
#include "src/nexus/token.hpp"

#include "temporal/api/enums/v1/event_type.pb.h"

#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace hourglass::nexus {
namespace {

namespace service = temporal::api::workflowservice::v1;
using temporal::api::nexus::v1::StartOperationRequest;

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

/// What the server's answer says; of an interceptor that starts several times, some answer.
struct LinkOfStart {
    std::mutex mutex;
    std::optional<temporal::api::common::v1::Link> value;
};

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
    *request.mutable_links() = inbound_links(operation);
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

PendingOperation start_backing_workflow(
    const client::RpcContextPtr& context,
    StartWorkflowCall call,
    const std::shared_ptr<const StartOperationRequest>& operation,
    OutboundLinks& links
) {
    const auto link = std::make_shared<LinkOfStart>();
    auto tied = std::make_shared<client::RpcContext>(*context);
    // An interceptor may keep it for longer than this call.
    tied->send_start = [context, operation, link](StartWorkflowCall asked) {
        const std::string id = asked.options.id;
        service::StartWorkflowExecutionRequest request;
        try {
            request = backing_start(*context, std::move(asked), *operation);
        } catch (const Error&) {
            return client::failed_future<WorkflowRef>(std::current_exception());
        }
        return client::unary<WorkflowRef, service::StartWorkflowExecutionResponse>(
            context,
            client::target_of(*context, "start", id, ""),
            client::spec_of(*context, "StartWorkflowExecution", request),
            [link, id, request_id = request.request_id(), name = context->namespace_name](
                const service::StartWorkflowExecutionResponse& response
            ) {
                const std::lock_guard lock{link->mutex};
                link->value = link_to_start(name, id, request_id, response);
                return client::to_started(
                    id, response.run_id(), response.first_execution_run_id(), response.started()
                );
            }
        );
    };
    const auto started = client::RpcBackend{std::move(tied)}.start(std::move(call)).get();
    const std::lock_guard lock{link->mutex};
    if (link->value) {
        links.add(*link->value);
    }
    return {to_text(OperationToken{
        .workflow_namespace = context->namespace_name, .workflow_id = started.workflow_id
    })};
}

void cancel_backing_workflow(
    const client::RpcContextPtr& context, const std::string& operation_token
) {
    const auto token = parse_token(operation_token);
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
    client::RpcBackend{context}
        .cancel({.workflow_id = token->workflow_id}, "the Nexus operation was cancelled")
        .get();
}

}  // namespace hourglass::nexus
