#include "src/nexus/failure.hpp"

#include "hourglass/client/errors.hpp"
#include "src/convert/failure_converter.hpp"

#include <optional>
#include <string>

namespace hourglass::nexus {
namespace {

struct Verdict {
    ErrorType type = ErrorType::Internal;
    std::optional<bool> retryable = {};
};

/// That this worker may not call the server, say, is no business of the caller's: it is an error
/// inside of the handler, which may pass.
Verdict judge(RpcCode code) {
    switch (code) {
        case RpcCode::InvalidArgument:
            return {ErrorType::BadRequest};
        case RpcCode::AlreadyExists:
        case RpcCode::FailedPrecondition:
        case RpcCode::OutOfRange:
            return {ErrorType::Internal, false};
        case RpcCode::Aborted:
        case RpcCode::Unavailable:
            return {ErrorType::Unavailable};
        case RpcCode::NotFound:
            return {ErrorType::NotFound};
        case RpcCode::ResourceExhausted:
            return {ErrorType::ResourceExhausted};
        case RpcCode::Unimplemented:
            return {ErrorType::NotImplemented};
        case RpcCode::DeadlineExceeded:
            return {ErrorType::UpstreamTimeout};
        case RpcCode::Ok:
        case RpcCode::Cancelled:
        case RpcCode::Unknown:
        case RpcCode::PermissionDenied:
        case RpcCode::Internal:
        case RpcCode::DataLoss:
        case RpcCode::Unauthenticated:
            break;
    }
    return {ErrorType::Internal};
}

Verdict judge(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const ApplicationError& application) {
        return {ErrorType::Internal, !application.non_retryable()};
    } catch (const RpcError& call) {
        return judge(call.code());
    } catch (...) {
        return {ErrorType::Internal};
    }
}

}  // namespace

void to_handler_failure(
    const std::exception_ptr& error, temporal::api::failure::v1::Failure* failure
) {
    const FailureCause cause = as_failure(error);
    if (const auto* const handler = dynamic_cast<const NexusHandlerError*>(cause.get())) {
        convert::to_failure(*handler, failure);
        return;
    }
    const Verdict verdict = judge(error);
    convert::to_failure(
        HandlerError{
            "the operation's handler failed", verdict.type, verdict.retryable, {.cause = cause}
        },
        failure
    );
}

void to_operation_failure(
    const OperationError& error, temporal::api::failure::v1::Failure* failure
) {
    if (error.end() == OperationEnd::Cancelled) {
        convert::to_failure(CancelledError{error.message(), {}, {.cause = error.cause()}}, failure);
        return;
    }
    convert::to_failure(
        ApplicationError{
            error.message(),
            {.type = "OperationError", .non_retryable = true, .cause = error.cause()}
        },
        failure
    );
}

}  // namespace hourglass::nexus
