// Child workflows: what starts them, and what Core says of their start and their end.

#include "hourglass/base/error.hpp"
#include "hourglass/convert/convert.hpp"
#include "src/convert/cron.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_retry.hpp"
#include "src/convert/proto_versioning.hpp"
#include "src/workflow/command_options.hpp"
#include "src/workflow/engine.hpp"
#include "src/workflow/uuid.hpp"

#include <exception>
#include <string>
#include <utility>

namespace hourglass::workflow {
namespace {

namespace activation = coresdk::workflow_activation;
namespace child = coresdk::child_workflow;
using coresdk::workflow_commands::StartChildWorkflowExecution;

void check_options(std::string_view type, const ChildWorkflowOptions& options) {
    if (type.empty()) {
        throw ConfigurationError{"execute_child needs the name of the child's workflow type"};
    }
    const std::string call = "execute_child of '" + std::string{type} + "'";
    check_timeout(call, "execution_timeout", options.execution_timeout);
    check_timeout(call, "run_timeout", options.run_timeout);
    check_timeout(call, "task_timeout", options.task_timeout);
    if (!options.cron_schedule->empty()) {
        convert::check_cron(
            call + ": cron_schedule", options.cron_schedule.get(), convert::CronOf::Workflow
        );
    }
    if (const auto& policy = options.retry_policy.get()) {
        validate(*policy);
    }
    validate(options.priority);
    if (const auto& version = options.versioning_override.get()) {
        validate(*version);
    }
}

// Not a cast: what protobuf calls 0 is no default of ours.
child::ChildWorkflowCancellationType to_proto(ChildWorkflowCancellationType type) {
    switch (type) {
        case ChildWorkflowCancellationType::WaitCancellationCompleted:
            break;
        case ChildWorkflowCancellationType::WaitCancellationRequested:
            return child::WAIT_CANCELLATION_REQUESTED;
        case ChildWorkflowCancellationType::TryCancel:
            return child::TRY_CANCEL;
        case ChildWorkflowCancellationType::Abandon:
            return child::ABANDON;
    }
    return child::WAIT_CANCELLATION_COMPLETED;
}

void write(const ChildWorkflowOptions& options, StartChildWorkflowExecution& command) {
    using C = StartChildWorkflowExecution;
    set_timeout(options.execution_timeout, &C::mutable_workflow_execution_timeout, command);
    set_timeout(options.run_timeout, &C::mutable_workflow_run_timeout, command);
    set_timeout(options.task_timeout, &C::mutable_workflow_task_timeout, command);
    command.set_cancellation_type(to_proto(options.cancellation_type));
    command.set_parent_close_policy(
        static_cast<child::ParentClosePolicy>(options.parent_close_policy)
    );
    command.set_workflow_id_reuse_policy(
        static_cast<temporal::api::enums::v1::WorkflowIdReusePolicy>(options.id_reuse_policy)
    );
    if (const auto& policy = options.retry_policy.get()) {
        convert::to_proto(*policy, command.mutable_retry_policy());
    }
    command.set_cron_schedule(options.cron_schedule.get());
    convert::to_proto(options.memo.get(), command.mutable_memo());
    if (!options.search_attributes->empty()) {
        convert::to_proto(
            options.search_attributes->values(),
            command.mutable_search_attributes()->mutable_indexed_fields()
        );
    }
    if (options.priority != Priority{}) {
        convert::to_proto(options.priority, command.mutable_priority());
    }
    if (const auto& version = options.versioning_override.get()) {
        convert::to_proto(*version, command.mutable_versioning_override());
    }
}

std::exception_ptr start_error(
    const activation::ResolveChildWorkflowExecutionStartFailure& failed,
    const std::string& workflow_namespace
) {
    ChildWorkflowFailureInfo info;
    info.workflow_namespace = workflow_namespace;
    info.workflow_id = failed.workflow_id();
    info.workflow_type = failed.workflow_type();
    info.retry_state = RetryState::NonRetryableFailure;
    const std::string what = "child workflow '" + failed.workflow_type() + "' with the id '" +
                             failed.workflow_id() + "' could not be started: ";
    const auto other = [&](ChildStartFailure reason, const char* why) {
        return std::make_exception_ptr(ChildWorkflowStartError{what + why, reason, info});
    };
    switch (failed.cause()) {
        case child::START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_WORKFLOW_ALREADY_EXISTS:
            return std::make_exception_ptr(ChildAlreadyStartedError{
                what + "an execution with this id runs, or has run and id_reuse_policy forbids "
                       "another one. Give each child an id of its own, or leave the id empty",
                info
            });
        case child::START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_NAMESPACE_NOT_FOUND:
            return other(
                ChildStartFailure::NamespaceNotFound, "the server knows no such namespace"
            );
        case child::START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE_INVALID_VERSIONING_OVERRIDE:
            return other(
                ChildStartFailure::InvalidVersioningOverride, "its versioning override is not valid"
            );
        default:
            return other(ChildStartFailure::Unspecified, "the server did not say why");
    }
}

}  // namespace

detail::Ref<detail::ChildWorkflowOperation> Engine::start_child(
    std::string_view type, const ChildWorkflowOptions& options, ArgumentsAndHeaders sent
) {
    require_writable("execute_child()");
    check_options(type, options);
    const auto scope = current_scope();
    // A stream of its own, so that a child more does not change the workflow's own numbers.
    std::string id = options.id->empty() ? uuid4_from(random_stream(kChildIds)) : options.id.get();
    if (scope->cancelled()) {
        auto refused = detail::make_ref<detail::ChildWorkflowOperation>(scope, 0U, std::move(id));
        refused->fail(scope->cancelled_error());
        return refused;
    }
    const std::uint32_t sequence = ++last_.child;
    auto& wrapper = add_command();
    set_metadata(options.static_summary, options.static_details, wrapper);
    auto& command = *wrapper.mutable_start_child_workflow_execution();
    command.set_seq(sequence);
    command.set_namespace_(options_->workflow_namespace);
    command.set_workflow_id(id);
    command.set_workflow_type(std::string{type});
    command.set_task_queue(
        options.task_queue->empty() ? options_->task_queue : *options.task_queue
    );
    convert::to_proto(std::move(sent.arguments), command.mutable_input());
    convert::to_proto(sent.headers, command.mutable_headers());
    write(options, command);

    auto started = detail::make_ref<detail::ChildWorkflowOperation>(scope, sequence, std::move(id));
    scope->add(*started);
    seldom_->children.emplace(sequence, started);
    return started;
}

void Engine::request_child_cancel(std::uint32_t sequence, const std::string& reason) {
    auto& command = *add_ungrouped_command().mutable_cancel_child_workflow_execution();
    command.set_child_workflow_seq(sequence);
    command.set_reason(reason);
}

void Engine::resolve(const activation::ResolveChildWorkflowExecutionStart& job) {
    const auto found = seldom_->children.find(job.seq());
    if (found == seldom_->children.end()) {
        refuse(
            "child workflow " + std::to_string(job.seq()) +
            " started or not, but the workflow does not wait for it"
        );
    }
    if (job.has_succeeded()) {
        found->second->start()->started(job.succeeded().run_id());
        send_waiting_signals(job.seq());
    } else if (job.has_failed()) {
        end_child(job.seq(), start_error(job.failed(), options_->workflow_namespace));
    } else if (job.has_cancelled()) {
        end_child(job.seq(), convert::from_failure(job.cancelled().failure()));
    } else {
        refuse(
            "child workflow " + std::to_string(job.seq()) +
            " started in a way that is not known here"
        );
    }
}

void Engine::resolve(const activation::ResolveChildWorkflowExecution& job) {
    const auto found = seldom_->children.find(job.seq());
    if (found == seldom_->children.end()) {
        refuse(
            "child workflow " + std::to_string(job.seq()) +
            " ended, but the workflow does not wait for it"
        );
    }
    const auto& result = job.result();
    if (result.has_completed()) {
        const detail::Ref<detail::ChildWorkflowOperation> ended = found->second;
        seldom_->children.erase(found);
        ended->complete(
            result.completed().has_result() ? convert::from_proto(result.completed().result())
                                            : null_payload()
        );
    } else if (result.has_failed()) {
        end_child(job.seq(), convert::from_failure(result.failed().failure()));
    } else if (result.has_cancelled()) {
        end_child(job.seq(), convert::from_failure(result.cancelled().failure()));
    } else {
        refuse(
            "child workflow " + std::to_string(job.seq()) + " ended in a way that is not known here"
        );
    }
}

void Engine::end_child(std::uint32_t sequence, const std::exception_ptr& error) {
    const auto found = seldom_->children.find(sequence);
    const detail::Ref<detail::ChildWorkflowOperation> ended = found->second;
    seldom_->children.erase(found);
    ended->fail(error);
    drop_waiting_signals(sequence, error);
}

namespace detail {

Ref<ChildWorkflowOperation> start_child(
    CalledName workflow_type, const ChildWorkflowOptions& options, Payloads arguments
) {
    Engine& engine = Engine::current("execute_child()");
    if (!engine.intercepts("execute_child()")) {
        auto child = engine.start_child(workflow_type.text, options, {std::move(arguments)});
        child->known_as(workflow_type);
        return child;
    }
    StartChildCall call{std::string{workflow_type.text}, options, std::move(arguments), {}};
    engine.intercept(&WorkflowInterceptor::start_child, call);
    auto child = engine.start_child(
        call.type, call.options, {std::move(call.arguments), std::move(call.headers)}
    );
    child->known_as({call.type});
    return child;
}

ChildWorkflowOperation::ChildWorkflowOperation(
    Ref<Scope> scope, std::uint32_t sequence, std::string id
)
    : StartedOperation{std::move(scope)}, sequence_{sequence}, id_{std::move(id)} {}

ChildWorkflowOperation::~ChildWorkflowOperation() {
    report_lost_end("a child workflow");
}

void ChildWorkflowOperation::cancel() {
    cancel_for(scope()->cancelled() ? scope()->reason() : std::string{});
}

void ChildWorkflowOperation::cancel_for(const std::string& reason) {
    if (ready() || cancel_requested_) {
        return;
    }
    Engine& engine = Engine::current("ChildWorkflowHandle::cancel()");
    engine.require_writable("ChildWorkflowHandle::cancel()");
    cancel_requested_ = true;
    // Core resolves the child when its cancellation type says so, at once for TryCancel and
    // Abandon.
    engine.request_child_cancel(sequence_, reason);
}

}  // namespace detail
}  // namespace hourglass::workflow
