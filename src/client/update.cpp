#include "src/client/operations.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <utility>

namespace hourglass::client {

namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using Outcome = temporal::api::update::v1::Outcome;

/// Sends the update, again until a worker has accepted it, then polls for its outcome.
class UpdateWait : public std::enable_shared_from_this<UpdateWait> {
public:
    UpdateWait(
        RpcContextPtr context,
        detail::ExecutionRef target,
        std::string name,
        UpdateOptions options,
        Payloads arguments
    )
        : context_{std::move(context)},
          target_{std::move(target)},
          name_{std::move(name)},
          timeout_{options.timeout},
          deadline_{options.timeout},
          settling_{context_->calls.pool} {
        request_.set_namespace_(context_->namespace_name);
        set_execution(target_, request_.mutable_workflow_execution());
        request_.set_first_execution_run_id(target_.first_execution_run_id);
        request_.mutable_wait_policy()->set_lifecycle_stage(
            enums::UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED
        );
        auto& update = *request_.mutable_request();
        update.mutable_meta()->set_update_id(
            options.id.empty() ? new_uuid() : std::move(options.id)
        );
        update.mutable_meta()->set_identity(context_->identity);
        update.mutable_input()->set_name(name_);
        convert::to_proto(std::move(arguments), update.mutable_input()->mutable_args());
    }

    [[nodiscard]] Future<Payloads> future() const { return settling_.future(); }

    void send() {
        CallSpec spec = long_poll("UpdateWorkflowExecution", request_);
        // Waiting for an outcome outlasts an outage; but what never reached the server is no wait.
        spec.outage_limit = context_->rpc_timeout;
        rpc<service::UpdateWorkflowExecutionResponse>(
            *context_,
            std::move(spec),
            [self = shared_from_this()](auto response) { self->answered(std::move(response)); }
        );
    }

private:
    template <class Request>
    [[nodiscard]] CallSpec long_poll(std::string method, const Request& request) const {
        CallSpec spec = spec_of(*context_, std::move(method), request);
        spec.long_poll = true;
        spec.timeout = deadline_.left();
        return spec;
    }

    void answered(Result<service::UpdateWorkflowExecutionResponse, RpcFailure> response) {
        if (!response) {
            settling_.fail(error_of(response.error()));
        } else if (has_outcome(response->outcome())) {
            finish(response->outcome());
        } else if (response->stage() < enums::UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ACCEPTED) {
            send();  // the same id: the server knows it is the same update
        } else {
            reference_ = response->update_ref();
            poll();
        }
    }

    void poll() {
        service::PollWorkflowExecutionUpdateRequest request;
        request.set_namespace_(context_->namespace_name);
        *request.mutable_update_ref() = reference_;
        request.set_identity(context_->identity);
        request.mutable_wait_policy()->set_lifecycle_stage(
            enums::UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED
        );
        rpc<service::PollWorkflowExecutionUpdateResponse>(
            *context_,
            long_poll("PollWorkflowExecutionUpdate", request),
            [self = shared_from_this(
             )](Result<service::PollWorkflowExecutionUpdateResponse, RpcFailure> response) {
                if (!response) {
                    self->settling_.fail(self->error_of(response.error()));
                } else if (has_outcome(response->outcome())) {
                    self->finish(response->outcome());
                } else {
                    self->poll();
                }
            }
        );
    }

    static bool has_outcome(const Outcome& outcome) {
        return outcome.value_case() != Outcome::VALUE_NOT_SET;
    }

    void finish(const Outcome& outcome) {
        if (outcome.has_success()) {
            settling_.succeed(convert::from_proto(outcome.success()));
            return;
        }
        FailureCause cause = convert::to_cause(outcome.failure());
        settling_.fail(std::make_exception_ptr(UpdateFailedError{
            "update \"" + name_ + "\" of workflow \"" + target_.workflow_id +
                "\" failed: " + hourglass::to_text(*cause),
            cause
        }));
    }

    [[nodiscard]] std::exception_ptr error_of(const RpcFailure& failed) const {
        if (failed.code == RpcCode::DeadlineExceeded && timeout_) {
            return std::make_exception_ptr(WaitTimeoutError{
                "update \"" + name_ + "\" of workflow \"" + target_.workflow_id +
                "\" has no outcome within " + std::to_string(timeout_->count()) +
                " ms; it may still be carried out. Check that a worker polls the workflow's task "
                "queue"
            });
        }
        return to_exception(
            target_of(
                *context_, "update \"" + name_ + "\" of", target_.workflow_id, target_.run_id
            ),
            failed
        );
    }

    const RpcContextPtr context_;
    const detail::ExecutionRef target_;
    const std::string name_;
    const std::optional<std::chrono::milliseconds> timeout_;
    const Deadline deadline_;
    const Settling<Payloads> settling_;
    service::UpdateWorkflowExecutionRequest request_;
    temporal::api::update::v1::UpdateRef reference_;
};

}  // namespace

Future<Payloads> send_update(
    RpcContextPtr context,
    detail::ExecutionRef target,
    std::string name,
    UpdateOptions options,
    Payloads arguments
) {
    const auto update = std::make_shared<UpdateWait>(
        std::move(context),
        std::move(target),
        std::move(name),
        std::move(options),
        std::move(arguments)
    );
    update->send();
    return update->future();
}

}  // namespace hourglass::client
