#pragma once

// What an activity's body may ask and tell while it runs. The free functions speak for the attempt
// that runs on this thread; a thread that the body starts by itself takes a `Context` with it.

#include "hourglass/activity/info.hpp"
#include "hourglass/activity/logger.hpp"
#include "hourglass/base/future.hpp"
#include "hourglass/base/metric_meter.hpp"
#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/in_context.hpp"
#include "hourglass/convert/serialization_context.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

namespace hourglass::detail {

class ActivityState;

/// Makes an attempt this thread's current one, whose values it converts, for as long as the object
/// lives.
class ActivityScope {
public:
    explicit ActivityScope(ActivityState* state) noexcept;
    ~ActivityScope();
    ActivityScope(const ActivityScope&) = delete;
    ActivityScope& operator=(const ActivityScope&) = delete;

private:
    ActivityState* previous_;
    const ConversionScope scope_;
};

}  // namespace hourglass::detail

namespace hourglass::activity {

/// The attempt that a body belongs to: a handle, cheap to copy, usable from any thread and after
/// the attempt ended (then heartbeats go nowhere).
class Context {
public:
    /// The attempt that runs on this thread.
    /// @throws Error if there is none.
    [[nodiscard]] static Context current();
    [[nodiscard]] static bool has_current() noexcept;

    explicit Context(std::shared_ptr<detail::ActivityState> state) : state_{std::move(state)} {}

    [[nodiscard]] const Info& info() const;

    /// Tells the server that the attempt is alive, and leaves `details` for the next attempt. Never
    /// blocks: what comes more often than the server wants is thinned out, the last one wins. A
    /// local activity's heartbeats go nowhere.
    /// @throws ConversionError if a detail cannot be encoded; nothing else.
    template <class... Details>
    void heartbeat(const Details&... details) const {
        record_heartbeat(detail::encode_arguments_in(whose(), details...));
    }

    /// Detail `index` of the last attempt's last heartbeat; empty if there is none.
    /// @throws ConversionError if it is no T.
    template <class T>
    [[nodiscard]] std::optional<T> heartbeat_details(std::size_t index = 0) const {
        const Payloads& details = info().heartbeat_details;
        if (index >= details.size()) {
            return std::nullopt;
        }
        return detail::from_payload_in<T>(whose(), details[index]);
    }

    [[nodiscard]] bool is_cancelled() const;
    /// Stop callbacks run on the thread that brings the cancellation: they must be short and must
    /// not throw.
    [[nodiscard]] std::stop_token cancellation() const;
    /// Why; empty as long as the attempt is not cancelled.
    [[nodiscard]] std::optional<CancellationDetails> cancellation_details() const;
    /// @throws CancelledError once the attempt is cancelled. A body that lets it out ends as
    /// cancelled.
    void throw_if_cancelled() const;
    /// Blocks until the attempt is cancelled, `timeout` passed, or (on a thread that the body left
    /// behind) the attempt ended.
    /// @returns whether it is cancelled.
    bool wait_for_cancellation(std::chrono::nanoseconds timeout = std::chrono::nanoseconds::max())
        const;
    /// Blocks this thread for `duration`.
    /// @throws CancelledError as soon as the attempt is cancelled.
    void sleep(std::chrono::nanoseconds duration) const;
    /// The same for a coroutine: `co_await sleep_async(5s)` holds no thread. Awaiting throws
    /// CancelledError as soon as the attempt is cancelled.
    Future<void> sleep_async(std::chrono::nanoseconds duration) const;

    /// Set off when the worker begins to stop, before the grace period: time to save what was done.
    [[nodiscard]] std::stop_token worker_shutdown() const;
    /// When the server gives the attempt up: the earlier end of start-to-close and
    /// schedule-to-close; empty for neither.
    [[nodiscard]] std::optional<std::chrono::system_clock::time_point> deadline() const;
    [[nodiscard]] Logger logger() const;
    /// Measures with the attributes `namespace`, `task_queue` and `activity_type`, also after the
    /// attempt has ended: `activity::meter().counter("cards_charged").add()`.
    [[nodiscard]] MetricMeter meter() const;

    /// Ends the body without a result: somebody else completes the activity, by
    /// `info().task_token`.
    /// @throws what the worker understands as that (let it out), or Error in a local activity,
    /// which cannot do it.
    [[noreturn]] void complete_async() const;

    /// Calls `function` with this attempt as the thread's current one, for threads that the body
    /// started.
    template <class F>
    decltype(auto) run(F&& function) const {
        const detail::ActivityScope scope{state_.get()};
        return std::forward<F>(function)();
    }

private:
    void record_heartbeat(Payloads details) const;
    [[nodiscard]] const detail::ContextSource& whose() const;

    std::shared_ptr<detail::ActivityState> state_;
};

// Context's functions for the attempt that runs on this thread. Each throws Error outside of one.

[[nodiscard]] inline bool in_activity() noexcept {
    return Context::has_current();
}
/// Valid as long as the attempt's body runs.
[[nodiscard]] const Info& info();

template <class... Details>
void heartbeat(const Details&... details) {
    Context::current().heartbeat(details...);
}
template <class T>
[[nodiscard]] std::optional<T> heartbeat_details(std::size_t index = 0) {
    return Context::current().heartbeat_details<T>(index);
}

[[nodiscard]] bool is_cancelled();
[[nodiscard]] std::stop_token cancellation();
[[nodiscard]] std::optional<CancellationDetails> cancellation_details();
void throw_if_cancelled();
bool wait_for_cancellation(std::chrono::nanoseconds timeout = std::chrono::nanoseconds::max());
void sleep(std::chrono::nanoseconds duration);
Future<void> sleep_async(std::chrono::nanoseconds duration);
[[nodiscard]] std::stop_token worker_shutdown();
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> deadline();
[[nodiscard]] Logger logger();
[[nodiscard]] MetricMeter meter();
[[noreturn]] void complete_async();

}  // namespace hourglass::activity
