#pragma once

// The failures of what a workflow called: the outer one says what was called, its cause says what
// went wrong there.

#include "hourglass/convert/failures.hpp"

#include <cstdint>
#include <string>

namespace hourglass {

/// Why there is no further attempt.
enum class RetryState : std::uint8_t {
    Unspecified,
    InProgress,
    NonRetryableFailure,
    Timeout,
    MaximumAttemptsReached,
    RetryPolicyNotSet,
    InternalServerError,
    CancelRequested
};

[[nodiscard]] const char* to_text(RetryState state) noexcept;

struct ActivityFailureInfo {
    std::string activity_type{};
    std::string activity_id{};
    /// Of the worker that ran the last attempt.
    std::string identity{};
    RetryState retry_state = RetryState::Unspecified;
    std::int64_t scheduled_event_id = 0;
    std::int64_t started_event_id = 0;
};

/// An activity failed for good; `cause()` says how.
class ActivityError : public FailureError {
public:
    explicit ActivityError(
        const std::string& message, ActivityFailureInfo info = {}, FailureContext context = {}
    );

    [[nodiscard]] const ActivityFailureInfo& info() const noexcept { return info_; }
    [[nodiscard]] const std::string& activity_type() const noexcept { return info_.activity_type; }
    [[nodiscard]] const std::string& activity_id() const noexcept { return info_.activity_id; }
    [[nodiscard]] const std::string& identity() const noexcept { return info_.identity; }
    [[nodiscard]] RetryState retry_state() const noexcept { return info_.retry_state; }

private:
    ActivityFailureInfo info_;
};

struct ChildWorkflowFailureInfo {
    std::string workflow_namespace{};
    std::string workflow_id{};
    std::string run_id{};
    std::string workflow_type{};
    RetryState retry_state = RetryState::Unspecified;
    std::int64_t initiated_event_id = 0;
    std::int64_t started_event_id = 0;
};

/// A child workflow failed; `cause()` says how.
class ChildWorkflowError : public FailureError {
public:
    explicit ChildWorkflowError(
        const std::string& message, ChildWorkflowFailureInfo info = {}, FailureContext context = {}
    );

    [[nodiscard]] const ChildWorkflowFailureInfo& info() const noexcept { return info_; }
    [[nodiscard]] const std::string& workflow_id() const noexcept { return info_.workflow_id; }
    [[nodiscard]] const std::string& run_id() const noexcept { return info_.run_id; }
    [[nodiscard]] const std::string& workflow_type() const noexcept { return info_.workflow_type; }
    [[nodiscard]] RetryState retry_state() const noexcept { return info_.retry_state; }

private:
    ChildWorkflowFailureInfo info_;
};

struct NexusOperationFailureInfo {
    std::string endpoint{};
    std::string service{};
    std::string operation{};
    /// Empty if the operation completed synchronously.
    std::string operation_token{};
    std::int64_t scheduled_event_id = 0;
};

/// A Nexus operation failed; `cause()` says how.
class NexusOperationError : public FailureError {
public:
    explicit NexusOperationError(
        const std::string& message, NexusOperationFailureInfo info = {}, FailureContext context = {}
    );

    [[nodiscard]] const NexusOperationFailureInfo& info() const noexcept { return info_; }
    [[nodiscard]] const std::string& endpoint() const noexcept { return info_.endpoint; }
    [[nodiscard]] const std::string& service() const noexcept { return info_.service; }
    [[nodiscard]] const std::string& operation() const noexcept { return info_.operation; }
    [[nodiscard]] const std::string& operation_token() const noexcept {
        return info_.operation_token;
    }

private:
    NexusOperationFailureInfo info_;
};

enum class NexusRetryBehavior : std::uint8_t { Unspecified, Retryable, NonRetryable };

/// The handler of a Nexus operation failed, with an error type of Nexus's specification such as
/// "NOT_FOUND".
class NexusHandlerError : public FailureError {
public:
    explicit NexusHandlerError(
        const std::string& message,
        std::string type = "INTERNAL",
        NexusRetryBehavior retry_behavior = NexusRetryBehavior::Unspecified,
        FailureContext context = {}
    );

    [[nodiscard]] const std::string& type() const noexcept { return type_; }
    [[nodiscard]] NexusRetryBehavior retry_behavior() const noexcept { return retry_behavior_; }

private:
    std::string type_;
    NexusRetryBehavior retry_behavior_;
};

}  // namespace hourglass
