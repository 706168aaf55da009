#pragma once

#include "hourglass/base/error.hpp"
#include "hourglass/client/errors.hpp"
#include "hourglass/convert/failures.hpp"

#include <memory>
#include <string>
#include <utility>

namespace hourglass {

/// A standalone Nexus operation ended otherwise than with a result.
class NexusOperationFailedError : public Error {
public:
    NexusOperationFailedError(
        std::string operation_id, std::string run_id, const std::string& text, FailureCause cause
    )
        : Error{text},
          operation_id_{std::move(operation_id)},
          run_id_{std::move(run_id)},
          cause_{std::move(cause)} {}
    [[nodiscard]] const std::string& operation_id() const noexcept { return operation_id_; }
    [[nodiscard]] const std::string& run_id() const noexcept { return run_id_; }
    /// A NexusHandlerError, ApplicationError, CancelledError, TerminatedError or TimeoutError, with
    /// its own causes.
    [[nodiscard]] const FailureCause& cause() const noexcept { return cause_; }

    /// The outermost failure of type T among the cause and its causes, or null.
    template <class T>
    [[nodiscard]] std::shared_ptr<const T> find_cause() const {
        if (auto found = std::dynamic_pointer_cast<const T>(cause_)) {
            return found;
        }
        return cause_ ? cause_->find_cause<T>() : nullptr;
    }

private:
    std::string operation_id_;
    std::string run_id_;
    FailureCause cause_;
};

/// No standalone Nexus operation has this id (and run id); of a start: the server does not know the
/// endpoint.
class NexusOperationNotFoundError : public RpcError {
public:
    NexusOperationNotFoundError(std::string operation_id, const std::string& text)
        : RpcError{RpcCode::NotFound, text}, operation_id_{std::move(operation_id)} {}
    [[nodiscard]] const std::string& operation_id() const noexcept { return operation_id_; }

private:
    std::string operation_id_;
};

/// The policies of a standalone Nexus operation's id do not allow another one now.
class NexusOperationAlreadyStartedError : public RpcError {
public:
    NexusOperationAlreadyStartedError(
        std::string operation_id, std::string run_id, const std::string& text
    )
        : RpcError{RpcCode::AlreadyExists, text},
          operation_id_{std::move(operation_id)},
          run_id_{std::move(run_id)} {}
    [[nodiscard]] const std::string& operation_id() const noexcept { return operation_id_; }
    /// The execution that has the id.
    [[nodiscard]] const std::string& run_id() const noexcept { return run_id_; }

private:
    std::string operation_id_;
    std::string run_id_;
};

}  // namespace hourglass
