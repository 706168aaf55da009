#include "src/client/update_outcome.hpp"

#include "google/rpc/status.pb.h"
#include "hourglass/client/future_ops.hpp"
#include "hourglass/convert/serialization_context.hpp"
#include "src/client/operations.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"

#include "temporal/api/errordetails/v1/message.pb.h"
#include "temporal/api/failure/v1/message.pb.h"

#include <google/protobuf/any.pb.h>

#include <utility>

namespace hourglass::client {

namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
namespace errordetails = temporal::api::errordetails::v1;

/// Polls until the update has an outcome.
class UpdatePoll : public std::enable_shared_from_this<UpdatePoll> {
public:
    UpdatePoll(RpcContextPtr context, detail::UpdateRef update, UpdateName name, Deadline deadline)
        : context_{std::move(context)},
          update_{std::move(update)},
          name_{std::move(name)},
          deadline_{deadline},
          settling_{context_->calls.pool} {}

    [[nodiscard]] Future<Payloads> future() const { return settling_.future(); }

    void poll(std::optional<std::chrono::milliseconds> timeout) {
        service::PollWorkflowExecutionUpdateRequest request;
        request.set_namespace_(context_->namespace_name);
        set_execution(update_.workflow, request.mutable_update_ref()->mutable_workflow_execution());
        request.mutable_update_ref()->set_update_id(update_.id);
        request.set_identity(context_->identity);
        request.mutable_wait_policy()->set_lifecycle_stage(
            enums::UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED
        );
        CallSpec spec = spec_of(*context_, "PollWorkflowExecutionUpdate", request);
        spec.long_poll = true;
        spec.timeout = deadline_.left();
        rpc<service::PollWorkflowExecutionUpdateResponse>(
            *context_,
            std::move(spec),
            [self = shared_from_this(),
             timeout](Result<service::PollWorkflowExecutionUpdateResponse, RpcFailure> response) {
                self->answered(timeout, std::move(response));
            }
        );
    }

private:
    void answered(
        std::optional<std::chrono::milliseconds> timeout,
        Result<service::PollWorkflowExecutionUpdateResponse, RpcFailure> response
    ) {
        if (!response) {
            settling_.fail(
                update_error(*context_, name_, timeout, response.error(), "wait for update")
            );
        } else if (!has_outcome(response->outcome())) {
            poll(timeout);
        } else {
            const auto outcome = outcome_future(name_, response->outcome());
            if (const auto error = outcome.error()) {
                settling_.fail(error);
            } else {
                settling_.succeed(outcome.get());
            }
        }
    }

    const RpcContextPtr context_;
    const detail::UpdateRef update_;
    const UpdateName name_;
    const Deadline deadline_;
    const Settling<Payloads> settling_;
};

Future<Payloads> poll_update(
    RpcContextPtr context,
    detail::UpdateRef update,
    UpdateName name,
    Deadline deadline,
    std::optional<std::chrono::milliseconds> timeout
) {
    const auto poll = std::make_shared<UpdatePoll>(
        std::move(context), std::move(update), std::move(name), deadline
    );
    poll->poll(timeout);
    return poll->future();
}

/// The update with its outcome; that it failed is an outcome, too.
Future<detail::UpdateRef> until_completed(
    RpcContextPtr context,
    detail::UpdateRef update,
    UpdateName name,
    Deadline deadline,
    std::optional<std::chrono::milliseconds> timeout
) {
    const auto promise = std::make_shared<Promise<detail::UpdateRef>>();
    auto completed = promise->future();
    if (update.outcome.valid()) {
        promise->set_value(std::move(update));
        return completed;
    }
    const auto outcome =
        poll_update(std::move(context), update, std::move(name), deadline, timeout);
    outcome.on_ready([promise, outcome, update = std::move(update)] {
        detail::settle_with(*promise, [&] {
            try {
                (void)outcome.get();
            } catch (const UpdateFailedError&) {  // told by the handle's result()
            }
            detail::UpdateRef done = update;
            done.outcome = outcome;
            return done;
        });
    });
    return completed;
}

}  // namespace

bool has_outcome(const temporal::api::update::v1::Outcome& outcome) {
    return outcome.value_case() != temporal::api::update::v1::Outcome::VALUE_NOT_SET;
}

Future<Payloads> outcome_future(
    const UpdateName& name, const temporal::api::update::v1::Outcome& outcome
) {
    const detail::GivenContext whose{
        {.workflow_namespace = name.workflow_namespace, .workflow_id = name.workflow_id}
    };
    const detail::ConversionScope scope{&whose};
    Promise<Payloads> promise;
    if (outcome.has_success()) {
        promise.set_value(convert::from_proto(outcome.success()));
    } else {
        FailureCause cause = convert::to_cause(outcome.failure());
        promise.set_error(std::make_exception_ptr(UpdateFailedError{
            "update \"" + name.update + "\" of workflow \"" + name.workflow_id +
                "\" failed: " + hourglass::to_text(*cause),
            cause
        }));
    }
    return promise.future();
}

std::exception_ptr update_error(
    const RpcContext& context,
    const UpdateName& name,
    std::optional<std::chrono::milliseconds> timeout,
    const RpcFailure& failed,
    const std::string& verb
) {
    if (failed.code == RpcCode::DeadlineExceeded && timeout) {
        return std::make_exception_ptr(WaitTimeoutError{
            "update \"" + name.update + "\" of workflow \"" + name.workflow_id +
            "\" has no outcome within " + std::to_string(timeout->count()) +
            " ms; it may still be carried out. Check that a worker polls the workflow's task queue"
        });
    }
    return to_exception(
        target_of(context, verb + " \"" + name.update + "\" of", name.workflow_id, name.run_id),
        failed
    );
}

RpcFailure of_operation(RpcFailure failed) {
    google::rpc::Status status;
    errordetails::MultiOperationExecutionFailure operations;
    temporal::api::failure::v1::MultiOperationExecutionAborted aborted;
    if (!status.ParseFromString(failed.details)) {
        return failed;
    }
    for (const auto& detail : status.details()) {
        if (!detail.UnpackTo(&operations)) {
            continue;
        }
        for (const auto& operation : operations.statuses()) {
            const bool followed =
                !operation.details().empty() && operation.details(0).Is<decltype(aborted)>();
            if (operation.code() == 0 || followed) {
                continue;  // it was fine, or not done because another one failed
            }
            google::rpc::Status own;
            own.set_code(operation.code());
            own.set_message(operation.message());
            *own.mutable_details() = operation.details();
            failed.code = static_cast<RpcCode>(operation.code());
            failed.message = operation.message();
            failed.details = own.SerializeAsString();
            return failed;
        }
    }
    return failed;
}

Future<Payloads> wait_for_update(
    RpcContextPtr context, detail::UpdateRef update, UpdateResultOptions options
) {
    const auto timeout = limit_of(*context, options.timeout);
    UpdateName name{
        .update = update.id,
        .workflow_id = update.workflow.workflow_id,
        .run_id = update.workflow.run_id,
        .workflow_namespace = context->namespace_name
    };
    return poll_update(context, std::move(update), std::move(name), Deadline{timeout}, timeout);
}

Future<detail::UpdateRef> start_update(RpcContextPtr context, UpdateWorkflowCall call) {
    const auto timeout = limit_of(*context, call.options.timeout);
    const Deadline deadline{timeout};
    const UpdateName names{
        .update = call.update,
        .workflow_id = call.workflow.workflow_id,
        .run_id = call.workflow.run_id,
        .workflow_namespace = context->namespace_name
    };
    const UpdateStage stage = call.options.wait_for_stage;
    auto sent = send_update(context, std::move(call));
    if (stage != UpdateStage::Completed) {
        return sent;
    }
    return detail::chain(
        std::move(sent),
        [context, names, deadline, timeout](detail::UpdateRef update) {
            return until_completed(context, std::move(update), names, deadline, timeout);
        }
    );
}

Future<StartedWithUpdate> start_update_with_start(
    RpcContextPtr context, service::StartWorkflowExecutionRequest start, UpdateWithStartCall call
) {
    const auto timeout = limit_of(*context, call.options.timeout);
    const Deadline deadline{timeout};
    const UpdateName names{
        .update = call.update,
        .workflow_id = start.workflow_id(),
        .workflow_namespace = context->namespace_name
    };
    const UpdateStage stage = call.options.wait_for_stage;
    auto sent = send_update_with_start(context, std::move(start), std::move(call));
    if (stage != UpdateStage::Completed) {
        return sent;
    }
    return detail::chain(
        std::move(sent),
        [context, names, deadline, timeout](StartedWithUpdate both) {
            return detail::map(
                until_completed(context, both.update, names, deadline, timeout),
                [both](detail::UpdateRef completed) {
                    StartedWithUpdate done = both;
                    done.update = std::move(completed);
                    return done;
                }
            );
        }
    );
}

Future<Payloads> execute_update(RpcContextPtr context, UpdateWorkflowCall call) {
    const auto timeout = limit_of(*context, call.options.timeout);
    const Deadline deadline{timeout};
    const UpdateName names{
        .update = call.update,
        .workflow_id = call.workflow.workflow_id,
        .run_id = call.workflow.run_id,
        .workflow_namespace = context->namespace_name
    };
    call.options.wait_for_stage = UpdateStage::Completed;
    auto sent = send_update(context, std::move(call));
    return detail::chain(
        std::move(sent),
        [context, names, deadline, timeout](detail::UpdateRef update) -> Future<Payloads> {
            if (update.outcome.valid()) {
                return update.outcome;
            }
            return poll_update(context, std::move(update), names, deadline, timeout);
        }
    );
}

}  // namespace hourglass::client
