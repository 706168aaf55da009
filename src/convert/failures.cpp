#include "hourglass/convert/failures.hpp"

#include "hourglass/convert/operation_failures.hpp"
#include "src/convert/own_failures.hpp"
#include "src/convert/type_text.hpp"

#include <typeinfo>

namespace hourglass {
namespace {

// Protobuf readers give up at a nesting of 100; what hangs deeper than this is left out.
constexpr int kMaxCauses = 60;

FailureCause as_failure_within(const std::exception_ptr& error, int depth);

FailureCause nested_in(const void* nested, int depth) {
    const auto* const holder = static_cast<const std::nested_exception*>(nested);
    if (holder == nullptr || holder->nested_ptr() == nullptr || depth >= kMaxCauses) {
        return nullptr;
    }
    return as_failure_within(holder->nested_ptr(), depth + 1);
}

FailureCause foreign(const std::string& message, FailureCause cause) {
    return std::make_shared<ApplicationError>(
        message,
        ApplicationErrorOptions{
            .type = convert::current_exception_type(), .cause = std::move(cause)
        }
    );
}

FailureCause as_failure_within(const std::exception_ptr& error, int depth) {
    if (FailureCause own = convert::own_failure(error)) {
        return own;
    }
    try {
        std::rethrow_exception(error);
    } catch (const FailureError& failure) {
        // The exception object lives as long as somebody holds an exception_ptr to it: the
        // pointer's owner does.
        return {std::make_shared<std::exception_ptr>(error), &failure};
    } catch (const std::exception& exception) {
        return foreign(
            exception.what(),
            nested_in(dynamic_cast<const std::nested_exception*>(&exception), depth)
        );
    } catch (const std::string& text) {
        return foreign(text, nullptr);
    } catch (const char* text) {
        return foreign(text == nullptr ? "a null pointer was thrown" : text, nullptr);
    } catch (int number) {
        return foreign(std::to_string(number), nullptr);
    } catch (const std::nested_exception& holder) {
        return foreign("an exception without text", nested_in(&holder, depth));
    } catch (...) {
        return foreign("an exception without text", nullptr);
    }
}

FailureContext with_cause(FailureCause cause) {
    return {.cause = std::move(cause)};
}

std::string class_of(const FailureError& error) {
    std::string name = convert::type_text(typeid(error));
    constexpr std::string_view kOurs = "hourglass::";
    return name.starts_with(kOurs) ? name.substr(kOurs.size()) : name;
}

std::string headline(const FailureError& error) {
    std::string kind;
    if (const auto* application = dynamic_cast<const ApplicationError*>(&error)) {
        kind = application->type();
    } else if (const auto* timeout = dynamic_cast<const TimeoutError*>(&error)) {
        kind = to_text(timeout->type());
    } else if (const auto* activity = dynamic_cast<const ActivityError*>(&error)) {
        kind = activity->activity_type();
    } else if (const auto* child = dynamic_cast<const ChildWorkflowError*>(&error)) {
        kind = child->workflow_type();
    } else if (const auto* handler = dynamic_cast<const NexusHandlerError*>(&error)) {
        kind = handler->type();
    }
    return class_of(error) + (kind.empty() ? "" : " (" + kind + ")") + ": " + error.message();
}

}  // namespace

namespace detail {

const Payload& payload_at(const Payloads& payloads, std::size_t index, const char* carrier) {
    if (index >= payloads.size()) {
        throw ConversionError{
            {.reason = std::string{"there is no such detail: the "} + carrier + " carries " +
                       std::to_string(payloads.size()),
             .index = index}
        };
    }
    return payloads[index];
}

}  // namespace detail

FailureError::FailureError(const std::string& message, FailureContext context)
    : Error{message}, context_{std::move(context)} {}

FailureCause FailureError::cause() const {
    if (context_.cause) {
        return context_.cause;
    }
    return nested_in(dynamic_cast<const std::nested_exception*>(this), 0);
}

ApplicationError::ApplicationError(const std::string& message, ApplicationErrorOptions options)
    : FailureError{message, with_cause(options.cause)}, options_{std::move(options)} {}

ApplicationError::ApplicationError(
    const std::string& message, ApplicationErrorOptions options, FailureContext context
)
    : FailureError{message, std::move(context)}, options_{std::move(options)} {}

std::string ApplicationError::type() const {
    if (!options_.type.empty()) {
        return options_.type;
    }
    static const std::string kOwnName = convert::type_text(typeid(ApplicationError));
    std::string name = convert::type_text(typeid(*this));
    return name == kOwnName ? std::string{} : name;
}

CancelledError::CancelledError(
    const std::string& message, CancelledErrorOptions options, FailureContext context
)
    : FailureError{message, std::move(context)}, options_{std::move(options)} {}

TerminatedError::TerminatedError(
    const std::string& message, std::string identity, FailureContext context
)
    : FailureError{message, std::move(context)}, identity_{std::move(identity)} {}

TimeoutError::TimeoutError(
    const std::string& message,
    TimeoutType type,
    Payloads last_heartbeat_details,
    FailureContext context
)
    : FailureError{message, std::move(context)},
      type_{type},
      last_heartbeat_details_{std::move(last_heartbeat_details)} {}

ServerError::ServerError(const std::string& message, bool non_retryable, FailureContext context)
    : FailureError{message, std::move(context)}, non_retryable_{non_retryable} {}

ResetWorkflowError::ResetWorkflowError(
    const std::string& message, Payloads last_heartbeat_details, FailureContext context
)
    : FailureError{message, std::move(context)},
      last_heartbeat_details_{std::move(last_heartbeat_details)} {}

ActivityError::ActivityError(
    const std::string& message, ActivityFailureInfo info, FailureContext context
)
    : FailureError{message, std::move(context)}, info_{std::move(info)} {}

ChildWorkflowError::ChildWorkflowError(
    const std::string& message, ChildWorkflowFailureInfo info, FailureContext context
)
    : FailureError{message, std::move(context)}, info_{std::move(info)} {}

NexusOperationError::NexusOperationError(
    const std::string& message, NexusOperationFailureInfo info, FailureContext context
)
    : FailureError{message, std::move(context)}, info_{std::move(info)} {}

NexusHandlerError::NexusHandlerError(
    const std::string& message,
    std::string type,
    NexusRetryBehavior retry_behavior,
    FailureContext context
)
    : FailureError{message, std::move(context)},
      type_{std::move(type)},
      retry_behavior_{retry_behavior} {}

FailureCause as_failure(const std::exception_ptr& error) {
    return as_failure_within(error, 0);
}

std::string to_text(const FailureError& error) {
    std::string text = headline(error);
    int depth = 0;
    for (FailureCause cause = error.cause(); cause && depth < kMaxCauses; cause = cause->cause()) {
        text += "; because " + headline(*cause);
        ++depth;
    }
    return text;
}

const char* to_text(TimeoutType type) noexcept {
    switch (type) {
        case TimeoutType::Unspecified:
            break;
        case TimeoutType::StartToClose:
            return "start_to_close";
        case TimeoutType::ScheduleToStart:
            return "schedule_to_start";
        case TimeoutType::ScheduleToClose:
            return "schedule_to_close";
        case TimeoutType::Heartbeat:
            return "heartbeat";
    }
    return "unspecified";
}

const char* to_text(RetryState state) noexcept {
    switch (state) {
        case RetryState::Unspecified:
            break;
        case RetryState::InProgress:
            return "in_progress";
        case RetryState::NonRetryableFailure:
            return "non_retryable_failure";
        case RetryState::Timeout:
            return "timeout";
        case RetryState::MaximumAttemptsReached:
            return "maximum_attempts_reached";
        case RetryState::RetryPolicyNotSet:
            return "retry_policy_not_set";
        case RetryState::InternalServerError:
            return "internal_server_error";
        case RetryState::CancelRequested:
            return "cancel_requested";
    }
    return "unspecified";
}

}  // namespace hourglass
