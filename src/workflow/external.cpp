// What a workflow sends to others, children included: signals and requests to cancel.

#include "hourglass/convert/failures.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/workflow/engine.hpp"

#include <exception>
#include <string>
#include <utility>

namespace hourglass::workflow {
namespace {

namespace activation = coresdk::workflow_activation;
namespace enums = temporal::api::enums::v1;

ExternalFailure reason_of(enums::SignalExternalWorkflowExecutionFailedCause cause) {
    switch (cause) {
        case enums::
            SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND:
            return ExternalFailure::WorkflowNotFound;
        case enums::SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_NAMESPACE_NOT_FOUND:
            return ExternalFailure::NamespaceNotFound;
        case enums::SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_SIGNAL_COUNT_LIMIT_EXCEEDED:
            return ExternalFailure::SignalLimitExceeded;
        default:
            return ExternalFailure::Unspecified;
    }
}

ExternalFailure reason_of(enums::CancelExternalWorkflowExecutionFailedCause cause) {
    switch (cause) {
        case enums::
            CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND:
            return ExternalFailure::WorkflowNotFound;
        case enums::CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_NAMESPACE_NOT_FOUND:
            return ExternalFailure::NamespaceNotFound;
        default:
            return ExternalFailure::Unspecified;
    }
}

/// What Core says, as an ExternalWorkflowError that names the target; a cancelled signal stays a
/// CancelledError.
std::exception_ptr error_of(
    const Failure& failure, ExternalFailure reason, const std::string& target_id
) {
    try {
        std::rethrow_exception(convert::from_failure(failure));
    } catch (const ApplicationError& error) {
        return std::make_exception_ptr(ExternalWorkflowError{
            error.message() + "; the workflow's id is '" + target_id + "'",
            error.type(),
            reason,
            target_id
        });
    } catch (...) {
        return std::current_exception();
    }
}

void write(
    SentSignal signal, coresdk::workflow_commands::SignalExternalWorkflowExecution& command
) {
    command.set_signal_name(std::move(signal.name));
    convert::to_proto(std::move(signal.with.arguments), command.mutable_args());
    convert::to_proto(signal.with.headers, command.mutable_headers());
}

/// The signal as the interceptors leave it.
SentSignal intercepted(
    const Engine& engine, const detail::ExternalTarget& target, bool to_child, SentSignal signal
) {
    SendSignalCall call{
        .workflow_id = target.workflow_id,
        .run_id = target.run_id,
        .to_child = to_child,
        .name = std::move(signal.name),
        .arguments = std::move(signal.with.arguments),
    };
    engine.intercept(&WorkflowInterceptor::send_signal, call);
    return {std::move(call.name), {std::move(call.arguments), std::move(call.headers)}};
}

}  // namespace

detail::Ref<detail::SignalOperation> Engine::signal(
    const detail::ChildWorkflowOperation& child, SentSignal what
) {
    require_writable("ChildWorkflowHandle::signal()");
    const auto scope = current_scope();
    auto sent = detail::make_ref<detail::SignalOperation>(scope, child.id());
    if (scope->cancelled()) {
        sent->settle(scope->cancelled_error());
        return sent;
    }
    const detail::StartOperation& start = *child.start();
    if (start.ready() && start.error()) {
        sent->settle(start.error());  // there is no child
        return sent;
    }
    SignalCommand command;
    command.set_child_workflow_id(child.id());
    write(std::move(what), command);
    scope->add(*sent);
    if (start.ready()) {
        send(*sent, std::move(command));
    } else {
        // The server would not find it.
        seldom_->waiting_signals.push_back({child.sequence(), sent, std::move(command)});
    }
    return sent;
}

detail::Ref<detail::SignalOperation> Engine::signal(
    const detail::ExternalTarget& target, SentSignal what
) {
    require_writable("ExternalWorkflowHandle::signal()");
    const auto scope = current_scope();
    auto sent = detail::make_ref<detail::SignalOperation>(scope, target.workflow_id);
    if (scope->cancelled()) {
        sent->settle(scope->cancelled_error());
        return sent;
    }
    SignalCommand command;
    auto& execution = *command.mutable_workflow_execution();
    execution.set_namespace_(options_->workflow_namespace);
    execution.set_workflow_id(target.workflow_id);
    execution.set_run_id(target.run_id);
    write(std::move(what), command);
    scope->add(*sent);
    send(*sent, std::move(command));
    return sent;
}

void Engine::send(detail::SignalOperation& signal, SignalCommand command) {
    const std::uint32_t sequence = ++last_.signal;
    command.set_seq(sequence);
    *add_command().mutable_signal_external_workflow_execution() = std::move(command);
    signal.sent_as(sequence);
    seldom_->signals.emplace(sequence, &signal);
}

void Engine::send_waiting_signals(std::uint32_t child) {
    for (Seldom::WaitingSignal& waiting : seldom_->waiting_signals) {
        if (waiting.child == child && !waiting.operation->ready()) {  // else it was taken back
            send(*waiting.operation, std::move(waiting.command));
        }
    }
    std::erase_if(seldom_->waiting_signals, [child](const auto& each) {
        return each.child == child;
    });
}

void Engine::drop_waiting_signals(std::uint32_t child, const std::exception_ptr& error) {
    for (const Seldom::WaitingSignal& waiting : seldom_->waiting_signals) {
        if (waiting.child == child) {
            waiting.operation->settle(error);
        }
    }
    std::erase_if(seldom_->waiting_signals, [child](const auto& each) {
        return each.child == child;
    });
}

void Engine::cancel_signal(std::uint32_t sequence) {
    add_ungrouped_command().mutable_cancel_signal_workflow()->set_seq(sequence);
}

detail::Ref<detail::CancelRequestOperation> Engine::request_cancel(
    const detail::ExternalTarget& target, const std::string& reason
) {
    require_writable("ExternalWorkflowHandle::cancel()");
    const auto scope = current_scope();
    auto request = detail::make_ref<detail::CancelRequestOperation>(scope, target.workflow_id);
    if (scope->cancelled()) {
        request->settle(scope->cancelled_error());
        return request;
    }
    const std::uint32_t sequence = ++last_.cancel_request;
    auto& command = *add_command().mutable_request_cancel_external_workflow_execution();
    command.set_seq(sequence);
    command.set_reason(reason);
    auto& execution = *command.mutable_workflow_execution();
    execution.set_namespace_(options_->workflow_namespace);
    execution.set_workflow_id(target.workflow_id);
    execution.set_run_id(target.run_id);
    scope->add(*request);
    seldom_->cancel_requests.emplace(sequence, request);
    return request;
}

void Engine::resolve(const activation::ResolveSignalExternalWorkflow& job) {
    const auto found = seldom_->signals.find(job.seq());
    if (found == seldom_->signals.end()) {
        refuse(
            "signal " + std::to_string(job.seq()) +
            " to another workflow was sent or not, but the workflow does not wait for it"
        );
    }
    const detail::Ref<detail::SignalOperation> signal = found->second;
    seldom_->signals.erase(found);
    signal->settle(
        job.has_failure() ? error_of(job.failure(), reason_of(job.cause()), signal->target_id())
                          : nullptr
    );
}

void Engine::resolve(const activation::ResolveRequestCancelExternalWorkflow& job) {
    const auto found = seldom_->cancel_requests.find(job.seq());
    if (found == seldom_->cancel_requests.end()) {
        refuse(
            "request " + std::to_string(job.seq()) +
            " to cancel another workflow was made or not, but the workflow does not wait for it"
        );
    }
    const detail::Ref<detail::CancelRequestOperation> request = found->second;
    seldom_->cancel_requests.erase(found);
    request->settle(
        job.has_failure() ? error_of(job.failure(), reason_of(job.cause()), request->target_id())
                          : nullptr
    );
}

namespace detail {

Ref<Operation> signal_child(
    const ChildWorkflowOperation& child, std::string_view name, Payloads arguments
) {
    Engine& engine = Engine::current("ChildWorkflowHandle::signal()");
    SentSignal signal{std::string{name}, {std::move(arguments)}};
    if (engine.intercepts("ChildWorkflowHandle::signal()")) {
        signal = intercepted(engine, {child.id(), {}}, true, std::move(signal));
    }
    return engine.signal(child, std::move(signal));
}

Ref<Operation> signal_external(
    const ExternalTarget& target, std::string_view name, Payloads arguments
) {
    Engine& engine = Engine::current("ExternalWorkflowHandle::signal()");
    SentSignal signal{std::string{name}, {std::move(arguments)}};
    if (engine.intercepts("ExternalWorkflowHandle::signal()")) {
        signal = intercepted(engine, target, false, std::move(signal));
    }
    return engine.signal(target, std::move(signal));
}

Ref<Operation> cancel_external(const ExternalTarget& target, const std::string& reason) {
    Engine& engine = Engine::current("ExternalWorkflowHandle::cancel()");
    if (!engine.intercepts("ExternalWorkflowHandle::cancel()")) {
        return engine.request_cancel(target, reason);
    }
    RequestCancelCall call{
        .workflow_id = target.workflow_id, .run_id = target.run_id, .reason = reason
    };
    engine.intercept(&WorkflowInterceptor::request_cancel, call);
    return engine.request_cancel(target, call.reason);
}

void SignalOperation::cancel() {
    if (ready() || cancel_requested_) {
        return;
    }
    Engine& engine = Engine::current("RequestHandle::cancel()");
    engine.require_writable("RequestHandle::cancel()");
    cancel_requested_ = true;
    if (sequence_) {
        engine.cancel_signal(*sequence_);  // Core says whether that was in time
    } else {
        settle(std::make_exception_ptr(CancelledError{"the signal was taken back"}));
    }
}

}  // namespace detail
}  // namespace hourglass::workflow
