#pragma once

#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/contexts.hpp"
#include "hourglass/client/future_ops.hpp"
#include "hourglass/client/nexus_errors.hpp"

#include <memory>
#include <string>
#include <utility>

namespace hourglass {

/// A handle of a standalone Nexus operation; `R` is what its result is decoded as, void to ignore
/// it. Plain names block until the answer is there; twins with `_async` return a Future of it.
/// @threads any.
template <class R>
class NexusOperationHandle {
public:
    NexusOperationHandle(
        std::shared_ptr<detail::ClientBackend> backend, NexusOperationRef operation
    )
        : backend_{std::move(backend)}, operation_{std::move(operation)} {}

    [[nodiscard]] const std::string& id() const { return operation_.id; }
    /// Empty: the newest one.
    [[nodiscard]] const std::string& run_id() const { return operation_.run_id; }

    /// Waits until the operation has ended. An outage of the server meanwhile is waited out.
    /// @throws NexusOperationFailedError if it ended otherwise than with a result; WaitTimeoutError
    /// after `options.timeout`.
    R result(NexusOperationResultOptions options = {}) const { return result_async(options).get(); }
    Future<R> result_async(NexusOperationResultOptions options = {}) const {
        NexusOperationResultCall call{.operation = operation_, .options = options};
        return detail::map(
            backend_->nexus_operation_result(std::move(call)),
            detail::ResultOfContext<R>{detail::of_operation(*backend_)}
        );
    }

    [[nodiscard]] NexusOperationDescription describe() const { return describe_async().get(); }
    Future<NexusOperationDescription> describe_async() const {
        return backend_->describe_nexus_operation({.operation = operation_});
    }

    /// Asks the operation to stop; the server tells the handler, which may not comply. Returns when
    /// the server has recorded it.
    void cancel(std::string reason = {}) const { cancel_async(std::move(reason)).get(); }
    Future<void> cancel_async(std::string reason = {}) const {
        return backend_->cancel_nexus_operation(
            {.operation = operation_, .reason = std::move(reason)}
        );
    }

    /// Ends the operation at once for whoever waits for it; the handler is not told, and what it
    /// has begun goes on.
    void terminate(std::string reason = {}) const { terminate_async(std::move(reason)).get(); }
    Future<void> terminate_async(std::string reason = {}) const {
        return backend_->terminate_nexus_operation(
            {.operation = operation_, .reason = std::move(reason)}
        );
    }

    /// Deletes what the server knows of it; a running one is terminated first. The server does it
    /// soon after the answer.
    void remove() const { remove_async().get(); }
    Future<void> remove_async() const {
        return backend_->remove_nexus_operation({.operation = operation_});
    }

    /// The same operation, its calls made with these options.
    [[nodiscard]] NexusOperationHandle with(CallOptions options) const {
        return NexusOperationHandle{backend_->with(std::move(options)), operation_};
    }

private:
    std::shared_ptr<detail::ClientBackend> backend_;
    NexusOperationRef operation_;
};

}  // namespace hourglass
