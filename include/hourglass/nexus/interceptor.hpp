#pragma once

#include "hourglass/base/next.hpp"
#include "hourglass/convert/payload.hpp"

#include <map>
#include <string>
#include <utility>
#include <variant>

namespace hourglass::nexus {

/// A request to start an operation. Which one, `nexus::info()` says.
struct StartOperationCall {
    Payload input{};
    /// The handler finds those of the call that reaches it in `nexus::info().headers`. Until then
    /// those that came are there. Names in lower case.
    std::map<std::string, std::string> headers{};
};

/// A request to cancel an operation.
struct CancelOperationCall {
    /// Of the operation, as its start gave it.
    std::string operation_token{};
    std::map<std::string, std::string> headers{};
};

/// An operation that goes on after its start.
struct PendingOperation {
    /// What it is cancelled by; not empty.
    std::string token{};
};

/// What the start of an operation gives: the result, if it is over.
using StartedOperation = std::variant<Payload, PendingOperation>;

/// Stands around the handlers of a worker's Nexus operations, those that are registered.
/// @threads any, several requests at once.
class OperationInterceptor {
public:
    OperationInterceptor() = default;
    OperationInterceptor(const OperationInterceptor&) = delete;
    OperationInterceptor& operator=(const OperationInterceptor&) = delete;
    virtual ~OperationInterceptor() = default;

    /// A start: changes the call, goes on or not, looks at what comes of it or at the exception.
    /// The rest is the handler, and then the start of the workflow that it has returned. What is
    /// thrown here ends the request, or the operation, as if the handler had thrown it.
    /// @threads the one that the handler then runs on.
    virtual StartedOperation handle_nexus_start(
        StartOperationCall call, Next<StartOperationCall, StartedOperation> next
    ) {
        return next(std::move(call));
    }

    /// A cancellation; the rest cancels the workflow that the token names.
    virtual void handle_nexus_cancel(
        CancelOperationCall call, Next<CancelOperationCall, void> next
    ) {
        next(std::move(call));
    }
};

}  // namespace hourglass::nexus
