#include "src/convert/failure_converter.hpp"

#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/kept_context.hpp"
#include "hourglass/convert/operation_failures.hpp"
#include "hourglass/convert/serialization_context.hpp"
#include "src/convert/own_failures.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/utf8.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace hourglass::detail {

// Points into the failure that came as a whole, causes included, and keeps it.
struct ReceivedFailure {
    std::shared_ptr<const convert::ProtoFailure> failure;
};

}  // namespace hourglass::detail

namespace hourglass::convert {
namespace {

// As in failures.cpp: protobuf readers give up at a nesting of 100.
constexpr int kMaxCauses = 60;

// The public enumerations have the numbers of the API's; one that is newer than this code reads as
// unspecified.
template <class E>
E enum_from(int number, E last) {
    return number > 0 && number <= static_cast<int>(last) ? static_cast<E>(number) : E{};
}

template <class ProtoEnum, class E>
ProtoEnum enum_to(E value) {
    return static_cast<ProtoEnum>(static_cast<int>(value));
}

void write_details(
    const Payloads& details, ProtoPayloads* (*target)(ProtoFailure*), ProtoFailure* failure
) {
    if (!details.empty()) {
        to_proto(details, target(failure));
    }
}

void write_info(const ApplicationError& error, ProtoFailure* failure) {
    auto* const info = failure->mutable_application_failure_info();
    info->set_type(valid_utf8(error.type()));
    info->set_non_retryable(error.non_retryable());
    info->set_category(enum_to<temporal::api::enums::v1::ApplicationErrorCategory>(error.category())
    );
    write_details(
        error.details(),
        [](ProtoFailure* f) { return f->mutable_application_failure_info()->mutable_details(); },
        failure
    );
    if (const auto delay = error.next_retry_delay()) {
        to_proto(*delay, info->mutable_next_retry_delay());
    }
}

void write_info(const CancelledError& error, ProtoFailure* failure) {
    failure->mutable_canceled_failure_info()->set_identity(valid_utf8(error.identity()));
    write_details(
        error.details(),
        [](ProtoFailure* f) { return f->mutable_canceled_failure_info()->mutable_details(); },
        failure
    );
}

void write_info(const TerminatedError& error, ProtoFailure* failure) {
    failure->mutable_terminated_failure_info()->set_identity(valid_utf8(error.identity()));
}

void write_info(const TimeoutError& error, ProtoFailure* failure) {
    failure->mutable_timeout_failure_info()->set_timeout_type(
        enum_to<temporal::api::enums::v1::TimeoutType>(error.type())
    );
    write_details(
        error.last_heartbeat_details(),
        [](ProtoFailure* f) {
            return f->mutable_timeout_failure_info()->mutable_last_heartbeat_details();
        },
        failure
    );
}

void write_info(const ServerError& error, ProtoFailure* failure) {
    failure->mutable_server_failure_info()->set_non_retryable(error.non_retryable());
}

void write_info(const ResetWorkflowError& error, ProtoFailure* failure) {
    failure->mutable_reset_workflow_failure_info();
    write_details(
        error.last_heartbeat_details(),
        [](ProtoFailure* f) {
            return f->mutable_reset_workflow_failure_info()->mutable_last_heartbeat_details();
        },
        failure
    );
}

void write_info(const ActivityError& error, ProtoFailure* failure) {
    auto* const info = failure->mutable_activity_failure_info();
    info->set_scheduled_event_id(error.info().scheduled_event_id);
    info->set_started_event_id(error.info().started_event_id);
    info->set_identity(valid_utf8(error.identity()));
    info->mutable_activity_type()->set_name(valid_utf8(error.activity_type()));
    info->set_activity_id(valid_utf8(error.activity_id()));
    info->set_retry_state(enum_to<temporal::api::enums::v1::RetryState>(error.retry_state()));
}

void write_info(const ChildWorkflowError& error, ProtoFailure* failure) {
    auto* const info = failure->mutable_child_workflow_execution_failure_info();
    info->set_namespace_(valid_utf8(error.info().workflow_namespace));
    info->mutable_workflow_execution()->set_workflow_id(valid_utf8(error.workflow_id()));
    info->mutable_workflow_execution()->set_run_id(valid_utf8(error.run_id()));
    info->mutable_workflow_type()->set_name(valid_utf8(error.workflow_type()));
    info->set_initiated_event_id(error.info().initiated_event_id);
    info->set_started_event_id(error.info().started_event_id);
    info->set_retry_state(enum_to<temporal::api::enums::v1::RetryState>(error.retry_state()));
}

void write_info(const NexusOperationError& error, ProtoFailure* failure) {
    auto* const info = failure->mutable_nexus_operation_execution_failure_info();
    info->set_scheduled_event_id(error.info().scheduled_event_id);
    info->set_endpoint(valid_utf8(error.endpoint()));
    info->set_service(valid_utf8(error.service()));
    info->set_operation(valid_utf8(error.operation()));
    info->set_operation_token(valid_utf8(error.operation_token()));
}

void write_info(const NexusHandlerError& error, ProtoFailure* failure) {
    auto* const info = failure->mutable_nexus_handler_failure_info();
    info->set_type(valid_utf8(error.type()));
    info->set_retry_behavior(
        enum_to<temporal::api::enums::v1::NexusHandlerErrorRetryBehavior>(error.retry_behavior())
    );
}

// Writes the info if the error is an E.
template <class E>
bool write_as(const FailureError& error, ProtoFailure* failure) {
    const auto* const typed = dynamic_cast<const E*>(&error);
    if (typed != nullptr) {
        write_info(*typed, failure);
    }
    return typed != nullptr;
}

template <class... E>
void write_as_one_of(const FailureError& error, ProtoFailure* failure) {
    (write_as<E>(error, failure) || ...);
}

void write(const FailureError& error, ProtoFailure* failure, int depth) {
    if (const auto& received = error.context().received) {
        failure->CopyFrom(*received->failure);
    } else {
        failure->Clear();
        failure->set_message(valid_utf8(error.message()));
        failure->set_source(error.source().empty() ? kFailureSource : valid_utf8(error.source()));
        failure->set_stack_trace(valid_utf8(error.stack_trace()));
        if (const auto& attributes = error.context().encoded_attributes) {
            to_proto(*attributes, failure->mutable_encoded_attributes());
        }
        write_as_one_of<
            ApplicationError,
            CancelledError,
            TerminatedError,
            TimeoutError,
            ServerError,
            ResetWorkflowError,
            ActivityError,
            ChildWorkflowError,
            NexusOperationError,
            NexusHandlerError>(error, failure);
    }
    if (!failure->has_cause() && depth < kMaxCauses) {
        if (const FailureCause cause = error.cause()) {
            write(*cause, failure->mutable_cause(), depth + 1);
        }
    }
}

// What came goes out as it was, and may be as deep as readers take it; below others it is too deep.
void cut_what_is_too_deep(ProtoFailure* failure) {
    for (int depth = 0; failure->has_cause(); ++depth) {
        if (depth == kMaxCauses) {
            failure->clear_cause();
            return;
        }
        failure = failure->mutable_cause();
    }
}

// Shows what `encoded_attributes` holds if it is readable here; a codec's output is not, and stays
// as it is.
void read_encoded_attributes(
    const Payload& payload, std::string& message, std::string& stack_trace
) {
    const auto text_of = [](const nlohmann::json& json, const char* key, std::string& target) {
        if (const auto found = json.find(key); found != json.end() && found->is_string()) {
            target = found->get<std::string>();
        }
    };
    try {
        const auto json = from_payload<nlohmann::json>(payload);
        if (json.is_object()) {
            text_of(json, "message", message);
            text_of(json, "stack_trace", stack_trace);
        }
    } catch (const ConversionError&) {
        return;
    }
}

struct Common {
    std::string message;
    FailureContext context;
};

Common read_common(const std::shared_ptr<const ProtoFailure>& failure) {
    Common common{
        .message = failure->message(),
        .context =
            {
                .stack_trace = failure->stack_trace(),
                .source = failure->source(),
                .received =
                    std::make_shared<detail::ReceivedFailure>(detail::ReceivedFailure{failure}),
            }
    };
    if (failure->has_encoded_attributes()) {
        common.context.encoded_attributes = from_proto(failure->encoded_attributes());
        read_encoded_attributes(
            *common.context.encoded_attributes, common.message, common.context.stack_trace
        );
    }
    return common;
}

ApplicationErrorOptions read_info(const temporal::api::failure::v1::ApplicationFailureInfo& info) {
    return {
        .type = info.type(),
        .non_retryable = info.non_retryable(),
        .details = from_proto(info.details()),
        .next_retry_delay = if_set(info.has_next_retry_delay(), info.next_retry_delay()),
        .category = enum_from(info.category(), ErrorCategory::Benign)
    };
}

ActivityFailureInfo read_info(const temporal::api::failure::v1::ActivityFailureInfo& info) {
    return {
        .activity_type = info.activity_type().name(),
        .activity_id = info.activity_id(),
        .identity = info.identity(),
        .retry_state = enum_from(info.retry_state(), RetryState::CancelRequested),
        .scheduled_event_id = info.scheduled_event_id(),
        .started_event_id = info.started_event_id()
    };
}

ChildWorkflowFailureInfo read_info(
    const temporal::api::failure::v1::ChildWorkflowExecutionFailureInfo& info
) {
    return {
        .workflow_namespace = info.namespace_(),
        .workflow_id = info.workflow_execution().workflow_id(),
        .run_id = info.workflow_execution().run_id(),
        .workflow_type = info.workflow_type().name(),
        .retry_state = enum_from(info.retry_state(), RetryState::CancelRequested),
        .initiated_event_id = info.initiated_event_id(),
        .started_event_id = info.started_event_id()
    };
}

NexusOperationFailureInfo read_info(
    const temporal::api::failure::v1::NexusOperationFailureInfo& info
) {
    return {
        .endpoint = info.endpoint(),
        .service = info.service(),
        .operation = info.operation(),
        .operation_token = info.operation_token(),
        .scheduled_event_id = info.scheduled_event_id()
    };
}

/// Whose the details below a failure are: what it says itself is nearer than what is known.
SerializationContext whose_below(const ProtoFailure& failure, SerializationContext known) {
    if (failure.has_activity_failure_info()) {
        const auto& info = failure.activity_failure_info();
        known.activity_id = info.activity_id();
        known.activity_type = info.activity_type().name();
    } else if (failure.has_child_workflow_execution_failure_info()) {
        const auto& info = failure.child_workflow_execution_failure_info();
        known = {
            .workflow_namespace = info.namespace_(),
            .workflow_id = info.workflow_execution().workflow_id(),
            .workflow_type = info.workflow_type().name()
        };
    } else if (failure.has_nexus_operation_execution_failure_info()) {
        const auto& info = failure.nexus_operation_execution_failure_info();
        known.nexus_endpoint = info.endpoint();
        known.nexus_service = info.service();
        known.nexus_operation = info.operation();
    }
    return known;
}

bool has_details(const ProtoFailure& failure) {
    return !failure.application_failure_info().details().payloads().empty() ||
           !failure.canceled_failure_info().details().payloads().empty() ||
           !failure.timeout_failure_info().last_heartbeat_details().payloads().empty();
}

std::exception_ptr read(
    const std::shared_ptr<const ProtoFailure>& failure, const SerializationContext& whose
);

FailureCause read_cause(
    const std::shared_ptr<const ProtoFailure>& failure, const SerializationContext& whose
) {
    return as_failure(read(failure, whose));
}

// What a failure without a message is called, as in the other SDKs.
std::string or_default(std::string message, const char* otherwise) {
    return message.empty() ? otherwise : std::move(message);
}

std::exception_ptr read_usual(
    const std::shared_ptr<const ProtoFailure>& failure, const SerializationContext& whose
) {
    Common common = read_common(failure);
    if (failure->has_cause()) {
        common.context.cause =
            read_cause({failure, &failure->cause()}, whose_below(*failure, whose));
    }
    if (has_details(*failure)) {
        common.context.whose = std::make_shared<const detail::KeptContext>(whose);
    }
    const auto make =
        [&common]<class E>(std::in_place_type_t<E>, const char* otherwise, auto&&... info) {
            return std::make_exception_ptr(
                E{or_default(std::move(common.message), otherwise),
                  std::forward<decltype(info)>(info)...,
                  std::move(common.context)}
            );
        };
    switch (failure->failure_info_case()) {
        case ProtoFailure::kApplicationFailureInfo:
            return make(
                std::in_place_type<ApplicationError>,
                "application error",
                read_info(failure->application_failure_info())
            );
        case ProtoFailure::kTimeoutFailureInfo:
            return make(
                std::in_place_type<TimeoutError>,
                "timeout",
                enum_from(failure->timeout_failure_info().timeout_type(), TimeoutType::Heartbeat),
                from_proto(failure->timeout_failure_info().last_heartbeat_details())
            );
        case ProtoFailure::kCanceledFailureInfo:
            return make(
                std::in_place_type<CancelledError>,
                "cancelled",
                CancelledErrorOptions{
                    .details = from_proto(failure->canceled_failure_info().details()),
                    .identity = failure->canceled_failure_info().identity()
                }
            );
        case ProtoFailure::kTerminatedFailureInfo:
            return make(
                std::in_place_type<TerminatedError>,
                "terminated",
                failure->terminated_failure_info().identity()
            );
        case ProtoFailure::kServerFailureInfo:
            return make(
                std::in_place_type<ServerError>,
                "server error",
                failure->server_failure_info().non_retryable()
            );
        case ProtoFailure::kResetWorkflowFailureInfo:
            return make(
                std::in_place_type<ResetWorkflowError>,
                "the workflow was reset",
                from_proto(failure->reset_workflow_failure_info().last_heartbeat_details())
            );
        case ProtoFailure::kActivityFailureInfo:
            return make(
                std::in_place_type<ActivityError>,
                "activity error",
                read_info(failure->activity_failure_info())
            );
        case ProtoFailure::kChildWorkflowExecutionFailureInfo:
            return make(
                std::in_place_type<ChildWorkflowError>,
                "child workflow error",
                read_info(failure->child_workflow_execution_failure_info())
            );
        case ProtoFailure::kNexusOperationExecutionFailureInfo:
            return make(
                std::in_place_type<NexusOperationError>,
                "Nexus operation error",
                read_info(failure->nexus_operation_execution_failure_info())
            );
        case ProtoFailure::kNexusHandlerFailureInfo:
            return make(
                std::in_place_type<NexusHandlerError>,
                "Nexus handler error",
                failure->nexus_handler_failure_info().type(),
                enum_from(
                    failure->nexus_handler_failure_info().retry_behavior(),
                    NexusRetryBehavior::NonRetryable
                )
            );
        case ProtoFailure::FAILURE_INFO_NOT_SET:
            break;
    }
    return make(std::in_place_type<FailureError>, "failure");
}

std::exception_ptr read(
    const std::shared_ptr<const ProtoFailure>& failure, const SerializationContext& whose
) {
    return own_exception(read_usual(failure, whose));
}

}  // namespace

void to_failure(const FailureError& error, ProtoFailure* failure) {
    write(error, failure, 0);
    cut_what_is_too_deep(failure);
}

void to_failure(const std::exception_ptr& error, ProtoFailure* failure) {
    to_failure(*as_failure(error), failure);
}

std::exception_ptr from_failure(const ProtoFailure& failure) {
    return read(std::make_shared<const ProtoFailure>(failure), serialization_context());
}

std::exception_ptr from_failure(ProtoFailure&& failure) {
    return read(std::make_shared<const ProtoFailure>(std::move(failure)), serialization_context());
}

FailureCause to_cause(const ProtoFailure& failure) {
    return read_cause(std::make_shared<const ProtoFailure>(failure), serialization_context());
}

}  // namespace hourglass::convert
