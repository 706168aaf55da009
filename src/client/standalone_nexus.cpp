#include "hourglass/client/nexus_errors.hpp"
#include "src/client/backend.hpp"
#include "src/client/checks.hpp"
#include "src/client/describe.hpp"
#include "src/client/matching.hpp"
#include "src/client/operations.hpp"
#include "src/client/outcome_wait.hpp"
#include "src/client/standalone.hpp"
#include "src/client/start_request.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/utf8.hpp"

#include "temporal/api/nexus/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <exception>
#include <utility>

namespace hourglass::client {

namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using convert::if_set;
using std::chrono::milliseconds;

/// @throws ConfigurationError naming what is not usable.
void check(const StartNexusOperationCall& call) {
    const auto& options = call.options;
    if (const auto error = unusable_id(
            options.id,
            "start",
            "a standalone Nexus operation",
            "set StartNexusOperationOptions::id"
        )) {
        std::rethrow_exception(error);
    }
    const std::string whose = "cannot start Nexus operation \"" + options.id + '"';
    const std::pair<const char*, const std::string&> names[] = {
        {"endpoint", call.endpoint}, {"service", call.service}, {"operation", call.operation}
    };
    for (const auto& [what, name] : names) {
        if (name.empty() || !convert::is_utf8(name)) {
            throw ConfigurationError{
                whose + ": the name of its " + what + " is empty or not valid UTF-8"
            };
        }
    }
    using O = StartNexusOperationOptions;
    const std::pair<const char*, std::optional<milliseconds> O::*> durations[] = {
        {"schedule_to_close_timeout", &O::schedule_to_close_timeout},
        {"schedule_to_start_timeout", &O::schedule_to_start_timeout},
        {"start_to_close_timeout", &O::start_to_close_timeout}
    };
    for (const auto& [name, field] : durations) {
        check_positive(whose, std::string{"StartNexusOperationOptions::"} + name, options.*field);
    }
    for (const auto& [key, value] : options.headers) {
        if (key.empty() || !convert::is_utf8(key) || !convert::is_utf8(value)) {
            throw ConfigurationError{
                whose + ": StartNexusOperationOptions::headers has the key \"" +
                convert::valid_utf8(key) +
                "\"; keys must not be empty, and keys and values be valid UTF-8"
            };
        }
    }
}

service::StartNexusOperationExecutionRequest operation_request(
    const RpcContext& context, StartNexusOperationCall call
) {
    check(call);
    const StartNexusOperationOptions& options = call.options;
    service::StartNexusOperationExecutionRequest request;
    request.set_namespace_(context.namespace_name);
    request.set_identity(context.identity);
    request.set_request_id(new_uuid());
    request.set_operation_id(options.id);
    request.set_endpoint(std::move(call.endpoint));
    request.set_service(std::move(call.service));
    request.set_operation(std::move(call.operation));
    if (const auto timeout = options.schedule_to_close_timeout) {
        convert::to_proto(*timeout, request.mutable_schedule_to_close_timeout());
    }
    if (const auto timeout = options.schedule_to_start_timeout) {
        convert::to_proto(*timeout, request.mutable_schedule_to_start_timeout());
    }
    if (const auto timeout = options.start_to_close_timeout) {
        convert::to_proto(*timeout, request.mutable_start_to_close_timeout());
    }
    convert::to_proto(std::move(call.input), request.mutable_input());
    request.set_id_reuse_policy(
        static_cast<enums::NexusOperationIdReusePolicy>(options.id_reuse_policy)
    );
    request.set_id_conflict_policy(
        static_cast<enums::NexusOperationIdConflictPolicy>(options.id_conflict_policy)
    );
    request.mutable_nexus_header()->insert(options.headers.begin(), options.headers.end());
    if (!options.search_attributes.empty()) {
        convert::to_proto(
            options.search_attributes.values(),
            request.mutable_search_attributes()->mutable_indexed_fields()
        );
    }
    if (!options.static_summary.empty()) {
        set_metadata(options.static_summary, {}, request.mutable_user_metadata());
    }
    return request;
}

/// What the two messages that tell of an operation have in common.
template <class Info>
void read(const Info& info, NexusOperationExecution& execution) {
    execution.id = info.operation_id();
    execution.run_id = info.run_id();
    execution.endpoint = info.endpoint();
    execution.service = info.service();
    execution.operation = info.operation();
    execution.status = static_cast<NexusOperationStatus>(info.status());
    execution.scheduled_time = convert::from_proto(info.schedule_time());
    execution.close_time = if_set(info.has_close_time(), info.close_time());
    execution.search_attributes =
        SearchAttributes{convert::from_proto(info.search_attributes().indexed_fields())};
}

NexusCancellation to_cancellation(
    const temporal::api::nexus::v1::NexusOperationExecutionCancellationInfo& info
) {
    NexusCancellation cancellation;
    cancellation.state = static_cast<NexusCancellationState>(info.state());
    cancellation.reason = info.reason();
    cancellation.attempt = info.attempt();
    if (info.has_last_attempt_failure()) {
        cancellation.last_failure = convert::to_cause(info.last_attempt_failure());
    }
    return cancellation;
}

NexusOperationDescription to_description(
    const service::DescribeNexusOperationExecutionResponse& response
) {
    const auto& info = response.info();
    NexusOperationDescription description;
    read(info, description);
    description.state = static_cast<PendingNexusOperationState>(info.state());
    description.attempt = info.attempt();
    description.schedule_to_close_timeout =
        timeout_of(info.has_schedule_to_close_timeout(), info.schedule_to_close_timeout());
    description.schedule_to_start_timeout =
        timeout_of(info.has_schedule_to_start_timeout(), info.schedule_to_start_timeout());
    description.start_to_close_timeout =
        timeout_of(info.has_start_to_close_timeout(), info.start_to_close_timeout());
    description.expiration_time = if_set(info.has_expiration_time(), info.expiration_time());
    description.last_attempt_time =
        if_set(info.has_last_attempt_complete_time(), info.last_attempt_complete_time());
    description.next_attempt_time =
        if_set(info.has_next_attempt_schedule_time(), info.next_attempt_schedule_time());
    if (info.has_last_attempt_failure()) {
        description.last_failure = convert::to_cause(info.last_attempt_failure());
    }
    description.blocked_reason = info.blocked_reason();
    description.request_id = info.request_id();
    description.operation_token = info.operation_token();
    description.identity = info.identity();
    description.headers.insert(info.nexus_header().begin(), info.nexus_header().end());
    if (info.has_cancellation_info()) {
        description.cancellation = to_cancellation(info.cancellation_info());
    }
    if (info.user_metadata().has_summary()) {
        description.static_summary = text_of(info.user_metadata().summary());
    }
    description.input = convert::from_proto(response.input());
    return description;
}

/// For OutcomeWait.
struct NexusOperationPoll {
    using Ref = NexusOperationRef;
    using Request = service::PollNexusOperationExecutionRequest;
    using Response = service::PollNexusOperationExecutionResponse;
    static constexpr const char* kMethod = "PollNexusOperationExecution";

    static Request request(const Ref& operation) {
        Request request;
        request.set_operation_id(operation.id);
        request.set_run_id(operation.run_id);
        request.set_wait_stage(enums::NEXUS_OPERATION_WAIT_STAGE_CLOSED);
        return request;
    }
    static const Response& outcome(const Response& response) { return response; }
    /// The server leaves the outcome out where the result is none, as of a workflow that returns
    /// nothing.
    static bool ended_with_nothing(const Response& response) {
        return response.wait_stage() == enums::NEXUS_OPERATION_WAIT_STAGE_CLOSED;
    }
    static Payloads result(const Response& outcome) {
        Payloads payloads;
        payloads.push_back(convert::from_proto(outcome.result()));
        return payloads;
    }
    static std::string name(const Ref& operation) {
        return "Nexus operation \"" + operation.id + '"';
    }
    static CallTarget target(const RpcContext& context, const Ref& operation) {
        return target_of(context, "wait for", operation);
    }
    static std::exception_ptr failed(
        const Ref& operation, const std::string& text, FailureCause cause
    ) {
        return std::make_exception_ptr(
            NexusOperationFailedError{operation.id, operation.run_id, text, std::move(cause)}
        );
    }
};

}  // namespace

Future<NexusOperationRef> RpcBackend::send(StartNexusOperationCall call) {
    const std::string id = call.options.id;
    service::StartNexusOperationExecutionRequest request;
    try {
        request = operation_request(*context_, std::move(call));
    } catch (const Error&) {
        return failed_future<NexusOperationRef>(std::current_exception());
    }
    return unary<NexusOperationRef, service::StartNexusOperationExecutionResponse>(
        context_,
        target_of(*context_, "start", NexusOperationRef{.id = id}),
        spec_of(*context_, "StartNexusOperationExecution", request),
        [id](const service::StartNexusOperationExecutionResponse& response) {
            return NexusOperationRef{.id = id, .run_id = response.run_id()};
        }
    );
}

Future<Payloads> RpcBackend::send(NexusOperationResultCall call) {
    if (auto error = unusable_id(call.operation, "wait for")) {
        return failed_future<Payloads>(error);
    }
    return OutcomeWait<NexusOperationPoll>::begin(
        context_, std::move(call.operation), limit_of(*context_, call.options.timeout)
    );
}

Future<NexusOperationDescription> RpcBackend::send(DescribeNexusOperationCall call) {
    return call_about<
        NexusOperationDescription,
        service::DescribeNexusOperationExecutionRequest,
        service::DescribeNexusOperationExecutionResponse>(
        context_,
        call.operation,
        "describe",
        "DescribeNexusOperationExecution",
        [](auto& request) { request.set_include_input(true); },
        [](const service::DescribeNexusOperationExecutionResponse& response) {
            return to_description(response);
        }
    );
}

Future<void> RpcBackend::send(CancelNexusOperationCall call) {
    return command<
        service::RequestCancelNexusOperationExecutionRequest,
        service::RequestCancelNexusOperationExecutionResponse>(
        context_,
        call.operation,
        "cancel",
        "RequestCancelNexusOperationExecution",
        with_reason(std::move(call.reason))
    );
}

Future<void> RpcBackend::send(TerminateNexusOperationCall call) {
    return command<
        service::TerminateNexusOperationExecutionRequest,
        service::TerminateNexusOperationExecutionResponse>(
        context_,
        call.operation,
        "terminate",
        "TerminateNexusOperationExecution",
        with_reason(std::move(call.reason))
    );
}

Future<void> RpcBackend::send(DeleteNexusOperationCall call) {
    return command<
        service::DeleteNexusOperationExecutionRequest,
        service::DeleteNexusOperationExecutionResponse>(
        context_, call.operation, "delete", "DeleteNexusOperationExecution", [](auto&) {}
    );
}

Future<Page<NexusOperationExecution>> RpcBackend::send(ListNexusOperationsCall call) {
    return list_matching<
        service::ListNexusOperationExecutionsRequest,
        service::ListNexusOperationExecutionsResponse,
        NexusOperationExecution>(
        context_,
        "the Nexus operations",
        "ListNexusOperationExecutions",
        std::move(call),
        [](const auto& response, auto& items) {
            for (const auto& each : response.operations()) {
                read(each, items.emplace_back());
            }
        }
    );
}

Future<Count> RpcBackend::send(CountNexusOperationsCall call) {
    return count_matching<
        service::CountNexusOperationExecutionsRequest,
        service::CountNexusOperationExecutionsResponse>(
        context_, "the Nexus operations", "CountNexusOperationExecutions", std::move(call.query)
    );
}

}  // namespace hourglass::client
