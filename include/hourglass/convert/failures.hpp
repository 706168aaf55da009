#pragma once

// Temporal's failures as exceptions. One that came from the server keeps all it brought, and is
// sent on unchanged.

#include "hourglass/base/error.hpp"
#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/serialization_context.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace hourglass {

class FailureError;

namespace detail {
/// The failure as it was received, of whose format the public headers know nothing.
struct ReceivedFailure;
[[nodiscard]] const Payload& payload_at(
    const Payloads& payloads, std::size_t index, const char* carrier
);
/// @param whose  null: of whoever asks.
template <class T>
[[nodiscard]] T detail_from(const ContextSource* whose, const Payload& payload) {
    if (whose == nullptr) {
        return from_payload<T>(payload);
    }
    const ConversionScope scope{whose};
    return from_payload<T>(payload);
}
}  // namespace detail

/// Why a failure happened, if another one was the reason.
using FailureCause = std::shared_ptr<const FailureError>;

/// What every failure may carry beside its message. Empty when it was made in this process.
struct FailureContext {
    FailureCause cause{};
    std::string stack_trace{};
    /// Which SDK made the failure, such as "GoSDK".
    std::string source{};
    /// Message and stack trace as a codec hid them.
    std::optional<Payload> encoded_attributes{};
    /// Set for what came from the server, which is sent on as it came; leave it empty in failures
    /// of your own.
    std::shared_ptr<const detail::ReceivedFailure> received{};
    /// Whose the details are that came with it: the activity's or workflow's that failed. Leave it
    /// empty, too.
    std::shared_ptr<const detail::ContextSource> whose{};
};

/// The root of everything that Temporal calls a failure; itself only for kinds without a type of
/// their own.
class FailureError : public Error {
public:
    explicit FailureError(const std::string& message, FailureContext context = {});

    [[nodiscard]] std::string message() const { return what(); }
    /// What it was given as cause, else the exception nested in it by std::throw_with_nested, else
    /// null.
    [[nodiscard]] FailureCause cause() const;
    [[nodiscard]] const std::string& stack_trace() const noexcept { return context_.stack_trace; }
    [[nodiscard]] const std::string& source() const noexcept { return context_.source; }
    [[nodiscard]] const FailureContext& context() const noexcept { return context_; }

    /// The nearest cause of type T (this error itself left out), or null.
    template <class T>
    [[nodiscard]] std::shared_ptr<const T> find_cause() const {
        for (FailureCause error = cause(); error != nullptr; error = error->cause()) {
            if (auto found = std::dynamic_pointer_cast<const T>(error)) {
                return found;
            }
        }
        return nullptr;
    }

private:
    FailureContext context_;
};

/// Whether an application failure is part of business as usual: a benign one is logged at debug
/// level and not counted.
enum class ErrorCategory : std::uint8_t { Unspecified, Benign };

struct ApplicationErrorOptions {
    /// What retry policies and other SDKs know the failure by. Empty: none, or the name of the
    /// class derived from ApplicationError.
    std::string type{};
    bool non_retryable = false;
    /// Values for whoever handles it: `.details = encode_arguments(order_id, 42)`.
    Payloads details{};
    /// Replaces the interval that the retry policy gives.
    std::optional<std::chrono::nanoseconds> next_retry_delay{};
    ErrorCategory category = ErrorCategory::Unspecified;
    FailureCause cause{};
};

/// A failure of the application's own: throw it from an activity or a workflow.
class ApplicationError : public FailureError {
public:
    explicit ApplicationError(const std::string& message, ApplicationErrorOptions options = {});
    ApplicationError(
        const std::string& message, ApplicationErrorOptions options, FailureContext context
    );

    [[nodiscard]] std::string type() const;
    [[nodiscard]] bool non_retryable() const noexcept { return options_.non_retryable; }
    [[nodiscard]] const Payloads& details() const noexcept { return options_.details; }
    [[nodiscard]] std::optional<std::chrono::nanoseconds> next_retry_delay() const noexcept {
        return options_.next_retry_delay;
    }
    [[nodiscard]] ErrorCategory category() const noexcept { return options_.category; }

    /// @throws ConversionError if there is no such detail, or it is no T.
    template <class T>
    [[nodiscard]] T detail(std::size_t index) const {
        return detail::detail_from<T>(
            context().whose.get(), detail::payload_at(details(), index, "ApplicationError")
        );
    }

private:
    ApplicationErrorOptions options_;
};

struct CancelledErrorOptions {
    Payloads details{};
    /// Who asked for it; known for some requests only.
    std::string identity{};
};

/// Something was cancelled: a workflow, an activity, a scope.
class CancelledError : public FailureError {
public:
    explicit CancelledError(
        const std::string& message = "cancelled",
        CancelledErrorOptions options = {},
        FailureContext context = {}
    );

    [[nodiscard]] const Payloads& details() const noexcept { return options_.details; }
    [[nodiscard]] const std::string& identity() const noexcept { return options_.identity; }

    /// @throws ConversionError if there is no such detail, or it is no T.
    template <class T>
    [[nodiscard]] T detail(std::size_t index) const {
        return detail::detail_from<T>(
            context().whose.get(), detail::payload_at(details(), index, "CancelledError")
        );
    }

private:
    CancelledErrorOptions options_;
};

/// A workflow was ended from outside without asking it.
class TerminatedError : public FailureError {
public:
    explicit TerminatedError(
        const std::string& message = "terminated",
        std::string identity = {},
        FailureContext context = {}
    );

    [[nodiscard]] const std::string& identity() const noexcept { return identity_; }

private:
    std::string identity_;
};

enum class TimeoutType : std::uint8_t {
    Unspecified,
    StartToClose,
    ScheduleToStart,
    ScheduleToClose,
    Heartbeat
};

/// A timeout that the server keeps has passed.
class TimeoutError : public FailureError {
public:
    explicit TimeoutError(
        const std::string& message,
        TimeoutType type = TimeoutType::Unspecified,
        Payloads last_heartbeat_details = {},
        FailureContext context = {}
    );

    [[nodiscard]] TimeoutType type() const noexcept { return type_; }
    [[nodiscard]] const Payloads& last_heartbeat_details() const noexcept {
        return last_heartbeat_details_;
    }

    /// @throws ConversionError if there is no such detail, or it is no T.
    template <class T>
    [[nodiscard]] T last_heartbeat_detail(std::size_t index) const {
        return detail::detail_from<T>(
            context().whose.get(),
            detail::payload_at(last_heartbeat_details(), index, "TimeoutError")
        );
    }

private:
    TimeoutType type_;
    Payloads last_heartbeat_details_;
};

/// The server itself failed.
class ServerError : public FailureError {
public:
    explicit ServerError(
        const std::string& message, bool non_retryable = false, FailureContext context = {}
    );

    [[nodiscard]] bool non_retryable() const noexcept { return non_retryable_; }

private:
    bool non_retryable_;
};

/// The run was ended by a reset; a new one continues from an earlier point.
class ResetWorkflowError : public FailureError {
public:
    explicit ResetWorkflowError(
        const std::string& message,
        Payloads last_heartbeat_details = {},
        FailureContext context = {}
    );

    [[nodiscard]] const Payloads& last_heartbeat_details() const noexcept {
        return last_heartbeat_details_;
    }

private:
    Payloads last_heartbeat_details_;
};

/// Any exception as a failure: failures are themselves, others become what a FailureConverter makes
/// of them, or else an ApplicationError whose type is the name of the C++ type and whose cause is
/// the exception nested in them.
/// @param error  not null.
/// @threads any.
[[nodiscard]] FailureCause as_failure(const std::exception_ptr& error);

/// The failure and its causes as one line: `ActivityError: activity failed; because
/// ApplicationError (Declined): no money`.
[[nodiscard]] std::string to_text(const FailureError& error);

[[nodiscard]] const char* to_text(TimeoutType type) noexcept;

}  // namespace hourglass

#include "hourglass/convert/operation_failures.hpp"
