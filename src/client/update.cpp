#include "src/client/operations.hpp"
#include "src/client/update_outcome.hpp"
#include "src/convert/proto_payload.hpp"

#include <utility>

namespace hourglass::client {

namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;

service::UpdateWorkflowExecutionRequest update_request(
    const RpcContext& context, UpdateWorkflowCall call
) {
    service::UpdateWorkflowExecutionRequest request;
    request.set_namespace_(context.namespace_name);
    set_execution(call.workflow, request.mutable_workflow_execution());
    request.set_first_execution_run_id(call.workflow.first_execution_run_id);
    request.mutable_wait_policy()->set_lifecycle_stage(
        static_cast<enums::UpdateWorkflowExecutionLifecycleStage>(call.options.wait_for_stage)
    );
    auto& update = *request.mutable_request();
    update.mutable_meta()->set_update_id(call.options.id.empty() ? new_uuid() : call.options.id);
    update.mutable_meta()->set_identity(context.identity);
    update.mutable_input()->set_name(std::move(call.update));
    convert::to_proto(std::move(call.arguments), update.mutable_input()->mutable_args());
    if (!call.headers.empty()) {
        convert::to_proto(call.headers, update.mutable_input()->mutable_header()->mutable_fields());
    }
    return request;
}

CallSpec long_poll(CallSpec spec, const Deadline& deadline) {
    spec.long_poll = true;
    spec.timeout = deadline.left();
    return spec;
}

/// What of the answer a handle needs to know.
detail::UpdateRef to_reference(
    detail::ExecutionRef workflow,
    const UpdateName& name,
    const std::string& id,
    const service::UpdateWorkflowExecutionResponse& response
) {
    detail::UpdateRef update;
    update.workflow = std::move(workflow);
    const std::string& run_id = response.update_ref().workflow_execution().run_id();
    if (!run_id.empty()) {
        update.workflow.run_id = run_id;
    }
    update.id = id;
    if (has_outcome(response.outcome())) {
        update.outcome = outcome_future(name, response.outcome());
    }
    return update;
}

bool has_come_to(UpdateStage wanted, const service::UpdateWorkflowExecutionResponse& response) {
    return has_outcome(response.outcome()) ||
           static_cast<int>(response.stage()) >= static_cast<int>(wanted);
}

/// Sends the update, again until a worker has accepted it.
class UpdateSend : public std::enable_shared_from_this<UpdateSend> {
public:
    UpdateSend(RpcContextPtr context, UpdateWorkflowCall call)
        : context_{std::move(context)},
          target_{call.workflow},
          name_{
              .update = call.update,
              .workflow_id = target_.workflow_id,
              .run_id = target_.run_id,
              .workflow_namespace = context_->namespace_name
          },
          timeout_{call.options.timeout},
          deadline_{call.options.timeout},
          settling_{context_->calls.pool},
          request_{update_request(*context_, std::move(call))} {}

    [[nodiscard]] Future<detail::UpdateRef> future() const { return settling_.future(); }

    void send() {
        CallSpec spec =
            long_poll(spec_of(*context_, "UpdateWorkflowExecution", request_), deadline_);
        // Waiting for an outcome outlasts an outage; but what never reached the server is no wait.
        spec.outage_limit = context_->rpc_timeout;
        rpc<service::UpdateWorkflowExecutionResponse>(
            *context_,
            std::move(spec),
            [self = shared_from_this()](auto response) { self->answered(std::move(response)); }
        );
    }

private:
    void answered(Result<service::UpdateWorkflowExecutionResponse, RpcFailure> response) {
        if (!response) {
            settling_.fail(update_error(*context_, name_, timeout_, response.error()));
        } else if (!has_come_to(UpdateStage::Accepted, *response)) {
            send();  // the same id: the server knows it is the same update
        } else {
            settling_.succeed(
                to_reference(target_, name_, request_.request().meta().update_id(), *response)
            );
        }
    }

    const RpcContextPtr context_;
    const detail::ExecutionRef target_;
    const UpdateName name_;
    const std::optional<std::chrono::milliseconds> timeout_;
    const Deadline deadline_;
    const Settling<detail::UpdateRef> settling_;
    const service::UpdateWorkflowExecutionRequest request_;
};

/// Sends a start and an update in one call, again until a worker has accepted the update.
class StartWithUpdate : public std::enable_shared_from_this<StartWithUpdate> {
public:
    StartWithUpdate(
        RpcContextPtr context,
        service::StartWorkflowExecutionRequest start,
        UpdateWithStartCall call
    )
        : context_{std::move(context)},
          workflow_id_{start.workflow_id()},
          name_{
              .update = call.update,
              .workflow_id = workflow_id_,
              .workflow_namespace = context_->namespace_name
          },
          timeout_{call.options.timeout},
          deadline_{call.options.timeout},
          settling_{context_->calls.pool} {
        request_.set_namespace_(context_->namespace_name);
        *request_.add_operations()->mutable_start_workflow() = std::move(start);
        *request_.add_operations()->mutable_update_workflow() = update_request(
            *context_,
            {.workflow = {.workflow_id = workflow_id_},
             .update = std::move(call.update),
             .options = std::move(call.options),
             .arguments = std::move(call.arguments),
             .headers = std::move(call.headers)}
        );
    }

    [[nodiscard]] Future<StartedWithUpdate> future() const { return settling_.future(); }

    void send() {
        CallSpec spec = long_poll(spec_of(*context_, "ExecuteMultiOperation", request_), deadline_);
        spec.outage_limit = context_->rpc_timeout;
        rpc<service::ExecuteMultiOperationResponse>(
            *context_,
            std::move(spec),
            [self = shared_from_this()](auto response) { self->answered(std::move(response)); }
        );
    }

private:
    void answered(Result<service::ExecuteMultiOperationResponse, RpcFailure> response) {
        if (!response) {
            settling_.fail(
                update_error(*context_, name_, timeout_, of_operation(std::move(response).error()))
            );
            return;
        }
        if (response->responses_size() != 2) {
            settling_.fail(std::make_exception_ptr(RpcError{
                RpcCode::Internal,
                "the server answered the start of workflow \"" + workflow_id_ +
                    "\" with an update by " + std::to_string(response->responses_size()) +
                    " responses; 2 were expected"
            }));
            return;
        }
        const auto& started = response->responses(0).start_workflow();
        const auto& updated = response->responses(1).update_workflow();
        if (!has_come_to(UpdateStage::Accepted, updated)) {
            send();  // the same request id and update id: it is done once
            return;
        }
        StartedWithUpdate both;
        both.workflow = to_started(
            workflow_id_, started.run_id(), started.first_execution_run_id(), started.started()
        );
        both.update = to_reference(
            both.workflow,
            name_,
            request_.operations(1).update_workflow().request().meta().update_id(),
            updated
        );
        settling_.succeed(std::move(both));
    }

    const RpcContextPtr context_;
    const std::string workflow_id_;
    const UpdateName name_;
    const std::optional<std::chrono::milliseconds> timeout_;
    const Deadline deadline_;
    const Settling<StartedWithUpdate> settling_;
    service::ExecuteMultiOperationRequest request_;
};

}  // namespace

Future<detail::UpdateRef> send_update(RpcContextPtr context, UpdateWorkflowCall call) {
    call.options.timeout = limit_of(*context, call.options.timeout);
    const auto update = std::make_shared<UpdateSend>(std::move(context), std::move(call));
    update->send();
    return update->future();
}

Future<StartedWithUpdate> send_update_with_start(
    RpcContextPtr context, service::StartWorkflowExecutionRequest start, UpdateWithStartCall call
) {
    call.options.timeout = limit_of(*context, call.options.timeout);
    const auto both =
        std::make_shared<StartWithUpdate>(std::move(context), std::move(start), std::move(call));
    both->send();
    return both->future();
}

}  // namespace hourglass::client
