#include "hourglass/nexus/errors.hpp"

#include <utility>

namespace hourglass::nexus {
namespace {

NexusRetryBehavior behavior(std::optional<bool> retryable) {
    if (!retryable) {
        return NexusRetryBehavior::Unspecified;
    }
    return *retryable ? NexusRetryBehavior::Retryable : NexusRetryBehavior::NonRetryable;
}

}  // namespace

const char* to_text(ErrorType type) noexcept {
    switch (type) {
        case ErrorType::BadRequest:
            return "BAD_REQUEST";
        case ErrorType::Unauthenticated:
            return "UNAUTHENTICATED";
        case ErrorType::Unauthorized:
            return "UNAUTHORIZED";
        case ErrorType::NotFound:
            return "NOT_FOUND";
        case ErrorType::Conflict:
            return "CONFLICT";
        case ErrorType::RequestTimeout:
            return "REQUEST_TIMEOUT";
        case ErrorType::ResourceExhausted:
            return "RESOURCE_EXHAUSTED";
        case ErrorType::Internal:
            return "INTERNAL";
        case ErrorType::NotImplemented:
            return "NOT_IMPLEMENTED";
        case ErrorType::Unavailable:
            return "UNAVAILABLE";
        case ErrorType::UpstreamTimeout:
            return "UPSTREAM_TIMEOUT";
    }
    return "INTERNAL";
}

HandlerError::HandlerError(
    const std::string& message,
    ErrorType type,
    std::optional<bool> retryable,
    FailureContext context
)
    : NexusHandlerError{message, to_text(type), behavior(retryable), std::move(context)} {}

OperationError::OperationError(const std::string& message, OperationEnd end, FailureContext context)
    : FailureError{message, std::move(context)}, end_{end} {}

}  // namespace hourglass::nexus
