#pragma once

// What the handler of a Nexus operation throws to say more than that it failed.

#include "hourglass/convert/failures.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hourglass::nexus {

/// The types of errors that Nexus defines. Those before Internal are the caller's fault and are not
/// tried again, except RequestTimeout and ResourceExhausted; the rest is, except NotImplemented.
enum class ErrorType : std::uint8_t {
    BadRequest,
    Unauthenticated,
    Unauthorized,
    NotFound,
    Conflict,
    RequestTimeout,
    ResourceExhausted,
    Internal,
    NotImplemented,
    Unavailable,
    UpstreamTimeout,
};

/// As Nexus spells it: "NOT_FOUND".
[[nodiscard]] const char* to_text(ErrorType type) noexcept;

/// The request could not be handled: the operation was not begun, and may be asked for again if the
/// type, or `retryable`, says so.
class HandlerError : public NexusHandlerError {
public:
    /// @param retryable  unset: as the type has it.
    explicit HandlerError(
        const std::string& message,
        ErrorType type = ErrorType::Internal,
        std::optional<bool> retryable = {},
        FailureContext context = {}
    );
};

/// How an operation ends that does not give its result.
enum class OperationEnd : std::uint8_t { Failed, Cancelled };

/// The operation itself came to an end without a result; it is not tried again. Its caller sees an
/// ApplicationError of the type "OperationError", or a CancelledError.
class OperationError : public FailureError {
public:
    explicit OperationError(
        const std::string& message,
        OperationEnd end = OperationEnd::Failed,
        FailureContext context = {}
    );
    [[nodiscard]] OperationEnd end() const noexcept { return end_; }

private:
    OperationEnd end_;
};

}  // namespace hourglass::nexus
