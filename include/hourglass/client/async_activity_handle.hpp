#pragma once

#include "hourglass/client/activity_errors.hpp"
#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/contexts.hpp"
#include "hourglass/client/future_ops.hpp"

#include <concepts>
#include <exception>
#include <memory>
#include <string>
#include <typeinfo>
#include <utility>

namespace hourglass {

namespace detail {

/// The exception without loss, though it is known by one of its bases only: it itself if a handler
/// has it in hand, else its failure, with its type and what its kind of failure has beside a text.
[[nodiscard]] std::exception_ptr whole_exception(const std::exception& error);

template <std::derived_from<std::exception> E>
[[nodiscard]] std::exception_ptr pointer_to(const E& error) {
    if constexpr (std::copy_constructible<E>) {
        if (typeid(error) == typeid(E)) {
            return std::make_exception_ptr(error);
        }
    }
    return whole_exception(error);
}

}  // namespace detail

/// The ids by which an attempt is known that somebody else than its worker completes.
struct AsyncActivityId {
    /// Empty for a standalone activity.
    std::string workflow_id = {};
    /// Empty: of the newest run.
    std::string run_id = {};
    /// Required.
    std::string activity_id = {};
};

/// Answers for an attempt of an activity that ended with `complete_async`. Plain names block until
/// the answer is there; twins with `_async` return a Future of it. An attempt that the server does
/// not know, or not any more, is an ActivityNotFoundError.
/// @threads any.
class AsyncActivityHandle {
public:
    AsyncActivityHandle(
        std::shared_ptr<detail::ClientBackend> backend, detail::ActivityTaskRef task
    )
        : backend_{std::move(backend)}, task_{std::move(task)} {}

    /// Says that the attempt is alive, and how far it has come.
    /// @throws AsyncActivityCancelledError if the answer is that it is to stop.
    template <class... A>
    void heartbeat(A&&... details) const {
        heartbeat_async(std::forward<A>(details)...).get();
    }
    template <class... A>
    Future<void> heartbeat_async(A&&... details) const {
        return detail::map(
            backend_->heartbeat_activity(task_, encoded(details...)),
            [](const detail::HeartbeatReply& reply) {
                if (reply.cancel_requested || reply.paused || reply.reset) {
                    throw AsyncActivityCancelledError{
                        "the heartbeat was recorded, and the server says that the attempt is to "
                        "stop",
                        reply.cancel_requested,
                        reply.paused,
                        reply.reset
                    };
                }
            }
        );
    }

    /// The activity's result: one value, or none for void.
    template <class... R>
        requires(sizeof...(R) <= 1)
    void complete(R&&... result) const {
        complete_async(std::forward<R>(result)...).get();
    }
    template <class... R>
        requires(sizeof...(R) <= 1)
    Future<void> complete_async(R&&... result) const {
        return backend_->complete_activity(task_, encoded(result...));
    }

    /// The attempt failed; the activity's retry policy says whether another one follows.
    /// @param error  any exception, also by its base: `fail(ApplicationError{"card declined",
    /// {.non_retryable = true}})`.
    template <std::derived_from<std::exception> E>
    void fail(const E& error) const {
        fail_async(error).get();
    }
    template <std::derived_from<std::exception> E>
    Future<void> fail_async(const E& error) const {
        return fail_async(detail::pointer_to(error));
    }
    /// With details of a last heartbeat, which the next attempt finds.
    template <std::derived_from<std::exception> E>
    void fail(const E& error, Payloads last_heartbeat_details) const {
        fail_async(error, std::move(last_heartbeat_details)).get();
    }
    template <std::derived_from<std::exception> E>
    Future<void> fail_async(const E& error, Payloads last_heartbeat_details) const {
        return fail_async(detail::pointer_to(error), std::move(last_heartbeat_details));
    }
    /// The same with what was caught: `fail(std::current_exception())`.
    /// @throws ConfigurationError if it is null.
    void fail(std::exception_ptr error, Payloads last_heartbeat_details = {}) const {
        fail_async(std::move(error), std::move(last_heartbeat_details)).get();
    }
    Future<void> fail_async(std::exception_ptr error, Payloads last_heartbeat_details = {}) const {
        return backend_->fail_activity(task_, std::move(error), std::move(last_heartbeat_details));
    }

    /// The attempt has ended because its cancellation was asked for.
    template <class... A>
    void report_cancellation(A&&... details) const {
        report_cancellation_async(std::forward<A>(details)...).get();
    }
    template <class... A>
    Future<void> report_cancellation_async(A&&... details) const {
        return backend_->report_activity_cancelled(task_, encoded(details...));
    }

    /// The same attempt, its calls made with these options.
    [[nodiscard]] AsyncActivityHandle with(CallOptions options) const {
        return AsyncActivityHandle{backend_->with(std::move(options)), task_};
    }

private:
    template <class... A>
    [[nodiscard]] Payloads encoded(const A&... values) const {
        return detail::encode_arguments_in(
            detail::of_activity(*backend_, task_.workflow_id, task_.activity_id), values...
        );
    }

    std::shared_ptr<detail::ClientBackend> backend_;
    detail::ActivityTaskRef task_;
};

}  // namespace hourglass
