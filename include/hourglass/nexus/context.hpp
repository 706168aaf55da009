#pragma once

// What the handler of a Nexus operation may ask while it runs. The free functions speak for the
// operation that is handled on this thread; a thread that the handler starts by itself takes a
// `Context` with it.

#include "hourglass/activity/logger.hpp"
#include "hourglass/base/metric_meter.hpp"
#include "hourglass/client/client.hpp"
#include "hourglass/convert/serialization_context.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

namespace hourglass::nexus {

/// What is known about a request when its handler starts; it does not change while that runs.
/// Around it an interceptor changes the headers.
struct Info {
    /// That the caller named; empty if the server is too old to tell.
    std::string endpoint{};
    std::string service{};
    std::string operation{};
    /// The same when the server asks again: what was begun under it need not be begun twice.
    std::string request_id{};
    /// From the caller, and from Nexus, as the worker's interceptors changed them; names in lower
    /// case.
    std::map<std::string, std::string> headers{};
    /// When whoever asks gives up; the server asks again then, unless the operation has timed out.
    std::optional<std::chrono::system_clock::time_point> request_deadline{};
    /// Of the worker.
    std::string workflow_namespace{};
    std::string task_queue{};
};

/// Adds to each line of the process's log which operation it comes from.
using Logger = activity::Logger;

/// Why a handler is to end.
enum class CancellationReason : std::uint8_t {
    TimedOut,        ///< the request's deadline has passed, and nobody waits for the answer
    WorkerShutdown,  ///< the worker is stopping and its grace period is over
};

[[nodiscard]] const char* to_text(CancellationReason reason) noexcept;

namespace detail {

class RequestState;

/// Makes a request this thread's current one, whose values it converts, for as long as the object
/// lives.
class RequestScope {
public:
    explicit RequestScope(RequestState* state) noexcept;
    ~RequestScope();
    RequestScope(const RequestScope&) = delete;
    RequestScope& operator=(const RequestScope&) = delete;

private:
    RequestState* previous_;
    const hourglass::detail::ConversionScope scope_;
};

}  // namespace detail

/// The request that a handler works on: a handle, cheap to copy, usable from any thread and after
/// the handler's end.
class Context {
public:
    /// The request that is handled on this thread.
    /// @throws Error if there is none.
    [[nodiscard]] static Context current();
    [[nodiscard]] static bool has_current() noexcept;

    explicit Context(std::shared_ptr<detail::RequestState> state) : state_{std::move(state)} {}

    [[nodiscard]] const Info& info() const;

    /// Whether the request has timed out, or the worker ends. That somebody cancels an operation is
    /// another matter: the workflow that it started is cancelled then.
    [[nodiscard]] bool is_cancelled() const;
    /// Stop callbacks must be short and must not throw.
    [[nodiscard]] std::stop_token cancellation() const;
    [[nodiscard]] std::optional<CancellationReason> cancellation_reason() const;
    /// @throws CancelledError once the request is cancelled; let it out.
    void throw_if_cancelled() const;
    /// Set off when the worker begins to stop, before the grace period.
    [[nodiscard]] std::stop_token worker_shutdown() const;

    /// A client of the worker's namespace, with the worker's connection, data options and client
    /// interceptors: for operations that are a signal, an update or a query. Its calls end with
    /// the request: once that is cancelled they throw CallCancelledError, once its deadline has
    /// passed DeadlineExceededError; `with` may put another stop token or deadline in their place.
    /// A copy may outlive the request, and is of no use then.
    [[nodiscard]] Client client() const;
    [[nodiscard]] Logger logger() const;
    /// Measures with the attributes `namespace`, `task_queue`, `nexus_service` and
    /// `nexus_operation`, also after the handler has ended.
    [[nodiscard]] MetricMeter meter() const;

    /// Calls `function` with this request as the thread's current one, for threads that the handler
    /// started.
    template <class F>
    decltype(auto) run(F&& function) const {
        const detail::RequestScope scope{state_.get()};
        return std::forward<F>(function)();
    }

private:
    std::shared_ptr<detail::RequestState> state_;
};

// Context's functions for the request that is handled on this thread. Each throws Error outside of
// one.

[[nodiscard]] inline bool in_operation() noexcept {
    return Context::has_current();
}
/// Valid as long as the handler runs.
[[nodiscard]] const Info& info();
[[nodiscard]] bool is_cancelled();
[[nodiscard]] std::stop_token cancellation();
[[nodiscard]] std::optional<CancellationReason> cancellation_reason();
void throw_if_cancelled();
[[nodiscard]] std::stop_token worker_shutdown();
[[nodiscard]] Client client();
[[nodiscard]] Logger logger();
[[nodiscard]] MetricMeter meter();

}  // namespace hourglass::nexus
