#pragma once

#include "hourglass/convert/failures.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/search_attributes.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass {

/// Whether the id of a standalone Nexus operation may be used again after the one that had it has
/// closed.
enum class NexusOperationIdReusePolicy : std::uint8_t {
    AllowDuplicate = 1,
    AllowDuplicateFailedOnly = 2,
    RejectDuplicate = 3,
};

/// What a start does when a standalone Nexus operation with this id is running.
enum class NexusOperationIdConflictPolicy : std::uint8_t { Fail = 1, UseExisting = 2 };

/// How a standalone Nexus operation is started: one that no workflow called. The server makes the
/// calls to the handler, again until the timeouts have passed; what is not set has no limit.
struct StartNexusOperationOptions {
    /// The caller's own name of it, unique among the namespace's running standalone operations;
    /// required.
    std::string id = {};
    /// From the call to the end, with all of the server's attempts.
    std::optional<std::chrono::milliseconds> schedule_to_close_timeout = {};
    /// From the call until the handler has started it, or has answered at once.
    std::optional<std::chrono::milliseconds> schedule_to_start_timeout = {};
    /// From the start of one that does not answer at once to its end.
    std::optional<std::chrono::milliseconds> start_to_close_timeout = {};
    NexusOperationIdReusePolicy id_reuse_policy = NexusOperationIdReusePolicy::AllowDuplicate;
    NexusOperationIdConflictPolicy id_conflict_policy = NexusOperationIdConflictPolicy::Fail;
    /// Goes to the handler as it stands here, and is kept by the server: no codec encrypts it.
    std::map<std::string, std::string> headers = {};
    SearchAttributes search_attributes = {};
    /// One line for user interfaces.
    std::string static_summary = {};
};

/// How the result of a standalone Nexus operation is waited for.
struct NexusOperationResultOptions {
    /// None: for as long as it takes, outages of the server included.
    std::optional<std::chrono::milliseconds> timeout = {};
};

/// Where a standalone Nexus operation is in its life, with the server's names and numbers.
enum class NexusOperationStatus : std::uint8_t {
    Unspecified = 0,
    Running = 1,
    Completed = 2,
    Failed = 3,
    Canceled = 4,
    Terminated = 5,
    TimedOut = 6,
};

/// "Running"; "Unspecified" for a number that this version does not know.
[[nodiscard]] std::string_view to_text(NexusOperationStatus status);

/// What a running operation waits for, with the server's numbers.
enum class PendingNexusOperationState : std::uint8_t {
    Unspecified = 0,
    /// For the handler to take it.
    Scheduled = 1,
    /// For the next attempt.
    BackingOff = 2,
    /// For its end: the handler has started it.
    Started = 3,
    /// For an endpoint whose calls are held back, because too many have failed.
    Blocked = 4,
};

[[nodiscard]] std::string_view to_text(PendingNexusOperationState state);

/// Where the request to cancel an operation is, with the server's numbers.
enum class NexusCancellationState : std::uint8_t {
    Unspecified = 0,
    Scheduled = 1,
    BackingOff = 2,
    /// The handler has taken it.
    Succeeded = 3,
    Failed = 4,
    /// The operation's own time had passed.
    TimedOut = 5,
    Blocked = 6,
};

[[nodiscard]] std::string_view to_text(NexusCancellationState state);

/// What the server's index knows of one standalone Nexus operation; a list yields these.
struct NexusOperationExecution {
    std::string id = {};
    std::string run_id = {};
    std::string endpoint = {};
    std::string service = {};
    std::string operation = {};
    NexusOperationStatus status = NexusOperationStatus::Unspecified;
    std::chrono::system_clock::time_point scheduled_time = {};
    std::optional<std::chrono::system_clock::time_point> close_time = {};
    SearchAttributes search_attributes = {};
};

/// A cancellation that was asked for.
struct NexusCancellation {
    NexusCancellationState state = NexusCancellationState::Unspecified;
    std::string reason = {};
    /// How often the handler was told.
    int attempt = 0;
    /// How the last attempt failed; null if it did not.
    FailureCause last_failure = {};
};

/// What the server knows of one standalone Nexus operation.
struct NexusOperationDescription : NexusOperationExecution {
    /// While the operation is running.
    PendingNexusOperationState state = PendingNexusOperationState::Unspecified;
    /// Calls of the handler, approximately.
    int attempt = 0;
    std::optional<std::chrono::milliseconds> schedule_to_close_timeout = {};
    std::optional<std::chrono::milliseconds> schedule_to_start_timeout = {};
    std::optional<std::chrono::milliseconds> start_to_close_timeout = {};
    /// When `schedule_to_close_timeout` has passed.
    std::optional<std::chrono::system_clock::time_point> expiration_time = {};
    std::optional<std::chrono::system_clock::time_point> last_attempt_time = {};
    std::optional<std::chrono::system_clock::time_point> next_attempt_time = {};
    /// How the last attempt failed; null if it did not.
    FailureCause last_failure = {};
    /// Why it is blocked; empty if it is not.
    std::string blocked_reason = {};
    /// What the handler knows the request by.
    std::string request_id = {};
    /// What the handler knows the operation by; empty until it has started, and if it answered at
    /// once.
    std::string operation_token = {};
    /// Who started it.
    std::string identity = {};
    std::map<std::string, std::string> headers = {};
    /// None: nobody has asked for it.
    std::optional<NexusCancellation> cancellation = {};
    std::string static_summary = {};
    /// As it was started with.
    Payload input = {};
};

}  // namespace hourglass
