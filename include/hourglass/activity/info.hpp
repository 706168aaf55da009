#pragma once

#include "hourglass/convert/headers.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/priority.hpp"
#include "hourglass/convert/retry_policy.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace hourglass::activity {

/// What is known about an attempt when its body starts; it does not change while that runs.
struct Info {
    std::string activity_id{};
    std::string activity_type{};
    /// Names this attempt to the server: whoever completes it from outside needs it. Raw bytes.
    std::string task_token{};
    /// From 1.
    std::uint32_t attempt = 1;
    bool is_local = false;

    std::string workflow_namespace{};
    std::string task_queue{};
    /// Unset for an activity that no workflow started.
    std::optional<std::string> workflow_id{};
    std::optional<std::string> workflow_run_id{};
    std::optional<std::string> workflow_type{};
    /// The run of an activity that no workflow started; unset otherwise.
    std::optional<std::string> activity_run_id{};

    /// When the activity was first scheduled.
    std::chrono::system_clock::time_point scheduled_time{};
    std::chrono::system_clock::time_point current_attempt_scheduled_time{};
    std::chrono::system_clock::time_point started_time{};

    std::optional<std::chrono::nanoseconds> start_to_close_timeout{};
    std::optional<std::chrono::nanoseconds> schedule_to_close_timeout{};
    std::optional<std::chrono::nanoseconds> heartbeat_timeout{};

    /// What the last attempt's last heartbeat carried, or nothing; read it with
    /// `heartbeat_details<T>(i)`.
    Payloads heartbeat_details{};
    /// What came beside the arguments, from whoever scheduled it or from an interceptor; see
    /// Headers.
    Headers headers{};
    /// The policy in force, the server's defaults filled in.
    std::optional<RetryPolicy> retry_policy{};
    Priority priority{};
};

/// The primary reason of a cancellation.
enum class CancellationReason : std::uint8_t {
    NotFound,        ///< the server no longer knows the activity: it may have been completed or its
                     ///< workflow ended
    Requested,       ///< somebody cancelled it
    TimedOut,        ///< one of its timeouts passed
    WorkerShutdown,  ///< the worker is stopping and its grace period is over
    Paused,          ///< an operator paused it
    Reset,           ///< an operator reset it
};

[[nodiscard]] const char* to_text(CancellationReason reason) noexcept;

/// Why the attempt is to end; several reasons may hold at once.
struct CancellationDetails {
    CancellationReason reason = CancellationReason::Requested;
    bool not_found = false;
    bool requested = false;
    bool timed_out = false;
    bool worker_shutdown = false;
    bool paused = false;
    bool reset = false;
};

}  // namespace hourglass::activity
