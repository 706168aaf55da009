#pragma once

#include "hourglass/client/activity_errors.hpp"
#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/contexts.hpp"
#include "hourglass/client/future_ops.hpp"

#include <memory>
#include <string>
#include <utility>

namespace hourglass {

/// A handle of a standalone activity; `R` is what its result is decoded as, void to ignore it.
/// Plain names block until the answer is there; twins with `_async` return a Future of it.
/// @threads any.
template <class R>
class ActivityHandle {
public:
    ActivityHandle(std::shared_ptr<detail::ClientBackend> backend, detail::ActivityRef activity)
        : backend_{std::move(backend)}, activity_{std::move(activity)} {}

    [[nodiscard]] const std::string& id() const { return activity_.id; }
    /// Empty: the newest one.
    [[nodiscard]] const std::string& run_id() const { return activity_.run_id; }

    /// Waits until the activity has ended. An outage of the server meanwhile is waited out.
    /// @throws ActivityFailedError if it ended otherwise than with a result; WaitTimeoutError after
    /// `options.timeout`.
    R result(ActivityResultOptions options = {}) const { return result_async(options).get(); }
    Future<R> result_async(ActivityResultOptions options = {}) const {
        return detail::map(
            backend_->activity_result(activity_, options),
            detail::ResultOfContext<R>{detail::of_activity(*backend_, {}, activity_.id)}
        );
    }

    [[nodiscard]] ActivityDescription describe() const { return describe_async().get(); }
    Future<ActivityDescription> describe_async() const {
        return backend_->describe_activity(activity_);
    }

    /// Asks the activity to cancel itself; a worker learns of it with its next heartbeat.
    void cancel(std::string reason = {}) const { cancel_async(std::move(reason)).get(); }
    Future<void> cancel_async(std::string reason = {}) const {
        return backend_->cancel_activity(activity_, std::move(reason));
    }

    /// Ends the activity at once; its code is not asked.
    void terminate(std::string reason = {}) const { terminate_async(std::move(reason)).get(); }
    Future<void> terminate_async(std::string reason = {}) const {
        return backend_->terminate_activity(activity_, std::move(reason));
    }

    /// Holds the activity: no attempt is handed out until `unpause`. An attempt that runs goes on,
    /// and learns of it with its next heartbeat. Servers must have the operators' commands switched
    /// on, this and those below.
    void pause(std::string reason = {}) const { pause_async(std::move(reason)).get(); }
    Future<void> pause_async(std::string reason = {}) const {
        return backend_->pause_activity({.activity = activity_, .reason = std::move(reason)});
    }
    void unpause(UnpauseActivityOptions options = {}) const {
        unpause_async(std::move(options)).get();
    }
    Future<void> unpause_async(UnpauseActivityOptions options = {}) const {
        return backend_->unpause_activity({.activity = activity_, .options = std::move(options)});
    }

    /// Begins anew with the first attempt; one that is paused goes on, unless told otherwise.
    void reset(ResetActivityOptions options = {}) const { reset_async(options).get(); }
    Future<void> reset_async(ResetActivityOptions options = {}) const {
        return backend_->reset_activity({.activity = activity_, .options = options});
    }

    /// Changes options of the running activity, from its next attempt on.
    /// @returns all of them after the change.
    ActivityExecutionOptions update_options(ActivityOptionsUpdate update) const {
        return update_options_async(std::move(update)).get();
    }
    Future<ActivityExecutionOptions> update_options_async(ActivityOptionsUpdate update) const {
        return backend_->update_activity_options(
            {.activity = activity_, .update = std::move(update)}
        );
    }
    /// Back to the options that it was started with.
    ActivityExecutionOptions restore_original_options() const {
        return restore_original_options_async().get();
    }
    Future<ActivityExecutionOptions> restore_original_options_async() const {
        return backend_->update_activity_options({.activity = activity_, .restore_original = true});
    }

    /// Deletes the execution; a running one is terminated first. The server does it soon after the
    /// answer.
    void remove() const { remove_async().get(); }
    Future<void> remove_async() const { return backend_->remove_activity(activity_); }

    /// The same activity, its calls made with these options.
    [[nodiscard]] ActivityHandle with(CallOptions options) const {
        return ActivityHandle{backend_->with(std::move(options)), activity_};
    }

private:
    std::shared_ptr<detail::ClientBackend> backend_;
    detail::ActivityRef activity_;
};

}  // namespace hourglass
