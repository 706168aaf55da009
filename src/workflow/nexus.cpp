// Nexus operations: what calls them, and what Core says of their start and their end.

#include "hourglass/workflow/nexus.hpp"

#include "hourglass/base/error.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/workflow/command_options.hpp"
#include "src/workflow/engine.hpp"

#include <exception>
#include <string>
#include <utility>

namespace hourglass::workflow {
namespace {

namespace activation = coresdk::workflow_activation;
namespace nexus = coresdk::nexus;
using coresdk::workflow_commands::ScheduleNexusOperation;

void check_call(
    const detail::NexusTarget& target,
    std::string_view operation,
    const NexusOperationOptions& options
) {
    const std::string call = "a call of the Nexus operation '" + std::string{operation} +
                             "' of the service '" + target.service + "' at the endpoint '" +
                             target.endpoint + "'";
    if (target.endpoint.empty() || target.service.empty() || operation.empty()) {
        throw ConfigurationError{
            call + " lacks a name: the endpoint, the service and the operation all need one"
        };
    }
    check_timeout(call, "schedule_to_close_timeout", options.schedule_to_close_timeout);
    check_timeout(call, "schedule_to_start_timeout", options.schedule_to_start_timeout);
    check_timeout(call, "start_to_close_timeout", options.start_to_close_timeout);
}

// Not a cast: Core counts them in another order.
nexus::NexusOperationCancellationType to_proto(NexusOperationCancellationType type) {
    switch (type) {
        case NexusOperationCancellationType::WaitCancellationCompleted:
            break;
        case NexusOperationCancellationType::WaitCancellationRequested:
            return nexus::WAIT_CANCELLATION_REQUESTED;
        case NexusOperationCancellationType::TryCancel:
            return nexus::TRY_CANCEL;
        case NexusOperationCancellationType::Abandon:
            return nexus::ABANDON;
    }
    return nexus::WAIT_CANCELLATION_COMPLETED;
}

void write(const NexusOperationOptions& options, ScheduleNexusOperation& command) {
    using C = ScheduleNexusOperation;
    set_timeout(options.schedule_to_close_timeout, &C::mutable_schedule_to_close_timeout, command);
    set_timeout(options.schedule_to_start_timeout, &C::mutable_schedule_to_start_timeout, command);
    set_timeout(options.start_to_close_timeout, &C::mutable_start_to_close_timeout, command);
    command.set_cancellation_type(to_proto(options.cancellation_type));
    for (const auto& [name, value] : *options.headers) {
        (*command.mutable_nexus_header())[name] = value;
    }
}

/// Core gives an empty payload where the handler gave nothing.
Payload result_of(const nexus::NexusOperationResult& result) {
    Payload payload = convert::from_proto(result.completed());
    return payload.metadata.empty() && payload.data.empty() ? null_payload() : payload;
}

}  // namespace

detail::Ref<detail::NexusOperation> Engine::start_nexus_operation(
    const detail::NexusTarget& target,
    std::string_view operation,
    const NexusOperationOptions& options,
    Payload input
) {
    require_writable("NexusClient::execute()");
    check_call(target, operation, options);
    const auto scope = current_scope();
    if (scope->cancelled()) {
        auto refused =
            detail::make_ref<detail::NexusOperation>(scope, 0U, detail::NexusName{target, {}});
        refused->fail(scope->cancelled_error());
        return refused;
    }
    const std::uint32_t sequence = ++last_.nexus_operation;
    auto& wrapper = add_command();
    set_metadata(options.summary, {}, wrapper);
    auto& command = *wrapper.mutable_schedule_nexus_operation();
    command.set_seq(sequence);
    command.set_endpoint(target.endpoint);
    command.set_service(target.service);
    command.set_operation(std::string{operation});
    convert::to_proto(std::move(input), command.mutable_input());
    write(options, command);

    auto called = detail::make_ref<detail::NexusOperation>(
        scope, sequence, detail::NexusName{target, std::string{operation}}
    );
    scope->add(*called);
    seldom_->nexus_operations.emplace(sequence, called);
    return called;
}

void Engine::request_nexus_cancel(std::uint32_t sequence) {
    add_ungrouped_command().mutable_request_cancel_nexus_operation()->set_seq(sequence);
}

/// @returns null for one that has ended: one that was cancelled with TryCancel or Abandon ends at
/// once, and Core may still tell of its start and its end.
detail::Ref<detail::NexusOperation> Engine::nexus_operation(std::uint32_t sequence) const {
    const auto found = seldom_->nexus_operations.find(sequence);
    if (found != seldom_->nexus_operations.end()) {
        return found->second;
    }
    if (sequence == 0 || sequence > last_.nexus_operation) {
        refuse(
            "Core tells of the Nexus operation " + std::to_string(sequence) +
            ", which the workflow did not call"
        );
    }
    return {};
}

void Engine::resolve(const activation::ResolveNexusOperationStart& job) {
    const auto called = nexus_operation(job.seq());
    if (!called) {
        return;
    }
    if (job.has_operation_token()) {
        called->start()->started(job.operation_token());
    } else if (job.has_started_sync()) {
        called->start()->started({});  // its end is in the same activation
    } else if (job.has_failed()) {
        seldom_->nexus_operations.erase(job.seq());
        called->fail(convert::from_failure(job.failed()));
    } else {
        refuse(
            "the Nexus operation " + std::to_string(job.seq()) +
            " started in a way that is not known here"
        );
    }
}

void Engine::resolve(const activation::ResolveNexusOperation& job) {
    const auto called = nexus_operation(job.seq());
    if (!called) {
        return;
    }
    seldom_->nexus_operations.erase(job.seq());
    const auto& result = job.result();
    if (result.has_completed()) {
        called->complete(result_of(result));
    } else if (result.has_failed()) {
        called->fail(convert::from_failure(result.failed()));
    } else if (result.has_cancelled()) {
        called->fail(convert::from_failure(result.cancelled()));
    } else if (result.has_timed_out()) {
        called->fail(convert::from_failure(result.timed_out()));
    } else {
        refuse(
            "the Nexus operation " + std::to_string(job.seq()) +
            " ended in a way that is not known here"
        );
    }
}

namespace detail {

Ref<NexusOperation> start_nexus_operation(
    const NexusTarget& target,
    std::string_view operation,
    const NexusOperationOptions& options,
    Payload input
) {
    Engine& engine = Engine::current("NexusClient::execute()");
    if (!engine.intercepts("NexusClient::execute()")) {
        return engine.start_nexus_operation(target, operation, options, std::move(input));
    }
    StartNexusOperationCall call{
        target.endpoint, target.service, std::string{operation}, options, std::move(input)
    };
    engine.intercept(&WorkflowInterceptor::start_nexus_operation, call);
    return engine.start_nexus_operation(
        {call.endpoint, call.service}, call.operation, call.options, std::move(call.input)
    );
}

NexusOperation::~NexusOperation() {
    report_lost_end("a Nexus operation");
}

void NexusOperation::cancel() {
    if (ready() || cancel_requested_) {
        return;
    }
    Engine& engine = Engine::current("NexusOperationHandle::cancel()");
    engine.require_writable("NexusOperationHandle::cancel()");
    cancel_requested_ = true;
    // Core ends the operation when its cancellation type says so, at once for TryCancel and
    // Abandon.
    engine.request_nexus_cancel(sequence_);
}

}  // namespace detail
}  // namespace hourglass::workflow
