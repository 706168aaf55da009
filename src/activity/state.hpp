#pragma once

#include "hourglass/activity/info.hpp"
#include "hourglass/activity/interceptor.hpp"
#include "hourglass/base/future.hpp"
#include "hourglass/base/metric_recorder.hpp"
#include "hourglass/convert/headers.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/serialization_context.hpp"
#include "src/activity/timers.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace hourglass::detail {

class ActivityPromiseBase;

/// What a body throws to end without a result. No std::exception, so that a handler for those lets
/// it pass.
struct WillCompleteAsync {};

/// What a body sees of its attempt: the facts, and the way a cancellation takes to it.
/// @threads any.
class ActivityState : public std::enable_shared_from_this<ActivityState>, public ContextSource {
public:
    struct Setup {
        activity::Info info;
        /// Takes a serialized coresdk.ActivityHeartbeat; may be empty.
        std::function<void(std::string)> heartbeat;
        std::shared_ptr<activity::Timers> timers;
        std::stop_token worker_shutdown;
        /// Where the body measures; null: nowhere.
        std::shared_ptr<MetricRecorder> metrics{};
        /// Of the attempt, heartbeats included.
        std::vector<std::shared_ptr<activity::ActivityInterceptor>> interceptors{};
    };

    explicit ActivityState(Setup setup) noexcept : setup_{std::move(setup)} {}
    virtual ~ActivityState() = default;
    ActivityState(const ActivityState&) = delete;
    ActivityState& operator=(const ActivityState&) = delete;

    [[nodiscard]] SerializationContext context() const override;

    /// The attempt that runs on this thread, or null.
    [[nodiscard]] static ActivityState* current() noexcept;

    /// What it refers to stays as it is, even when `replace_headers` makes another one current.
    [[nodiscard]] const activity::Info& info() const noexcept { return *info_.load(); }
    [[nodiscard]] std::stop_token worker_shutdown() const noexcept {
        return setup_.worker_shutdown;
    }
    [[nodiscard]] const std::shared_ptr<MetricRecorder>& metrics() const noexcept {
        return setup_.metrics;
    }
    [[nodiscard]] std::stop_token cancellation() const noexcept { return cancelled_.get_token(); }
    /// Not the stop token: it follows a moment after what wait_for_cancellation() waits for.
    [[nodiscard]] bool is_cancelled() const { return cancellation_details().has_value(); }
    [[nodiscard]] std::optional<activity::CancellationDetails> cancellation_details() const;

    /// Nothing of it reaches the caller: what the sink throws is logged.
    void heartbeat(Payloads details) noexcept;
    /// Also returns when the attempt ends.
    [[nodiscard]] bool wait_for_cancellation(std::chrono::nanoseconds timeout) const;
    [[nodiscard]] Future<void> sleep(std::chrono::nanoseconds duration);
    /// @throws CancelledError, always.
    [[noreturn]] void throw_cancelled() const;

    /// Goes on with a coroutine of the body, on the attempt's pool.
    virtual void resume(ActivityPromiseBase& waiting) noexcept = 0;

    /// Tells the body to end; a later one replaces the details. Nothing after the attempt's end.
    void request_cancellation(const activity::CancellationDetails& details);

protected:
    [[nodiscard]] const std::vector<std::shared_ptr<activity::ActivityInterceptor>>& interceptors(
    ) const noexcept {
        return setup_.interceptors;
    }
    /// From now on `info()` has these: those of the call that reaches the body.
    void replace_headers(const Headers& headers);
    /// From now on heartbeats and cancellations go nowhere.
    void close() noexcept;

private:
    struct Sleeper {
        Promise<void> promise;
        std::optional<activity::Timers::Id> timer{};
    };

    void wake(std::uint64_t sleeper);

    const Setup setup_;
    /// With other headers; all are kept, since any thread may still read an earlier one.
    std::list<activity::Info> replaced_;
    std::atomic<const activity::Info*> info_ = &setup_.info;
    std::stop_source cancelled_;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::optional<activity::CancellationDetails> details_;
    std::map<std::uint64_t, Sleeper> sleepers_;
    std::uint64_t next_sleeper_ = 1;
    bool closed_ = false;
};

}  // namespace hourglass::detail
