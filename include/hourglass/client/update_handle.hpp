#pragma once

#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/contexts.hpp"
#include "hourglass/client/future_ops.hpp"

#include <memory>
#include <string>
#include <utility>

namespace hourglass {

/// A handle of an update that was sent; `R` is what its outcome is decoded as, void to ignore it.
/// @threads any.
template <class R>
class UpdateHandle {
public:
    UpdateHandle(std::shared_ptr<detail::ClientBackend> backend, detail::UpdateRef update)
        : backend_{std::move(backend)}, update_{std::move(update)} {}

    [[nodiscard]] const std::string& id() const { return update_.id; }
    [[nodiscard]] const std::string& workflow_id() const { return update_.workflow.workflow_id; }
    /// The run that has the update; empty if the handle was made by id, without one.
    [[nodiscard]] const std::string& run_id() const { return update_.workflow.run_id; }

    /// Waits for the outcome.
    /// @throws UpdateFailedError if the validator rejected it or the handler failed;
    /// WaitTimeoutError after `options.timeout`, while the update itself goes on.
    R result(UpdateResultOptions options = {}) const { return result_async(options).get(); }
    Future<R> result_async(UpdateResultOptions options = {}) const {
        return detail::map(
            backend_->update_result(update_, options),
            detail::ResultOfContext<R>{detail::of_workflow(*backend_, update_.workflow.workflow_id)}
        );
    }

    /// The same update, its calls made with these options.
    [[nodiscard]] UpdateHandle with(CallOptions options) const {
        return UpdateHandle{backend_->with(std::move(options)), update_};
    }

private:
    std::shared_ptr<detail::ClientBackend> backend_;
    detail::UpdateRef update_;
};

}  // namespace hourglass
