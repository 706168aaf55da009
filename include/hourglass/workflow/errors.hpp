#pragma once

#include "hourglass/base/error.hpp"
#include "hourglass/convert/operation_failures.hpp"

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

namespace hourglass::workflow {

/// A workflow function was called from code that no workflow runs: an activity, `main`, a thread of
/// the program's own.
class OutsideWorkflowError : public Error {
public:
    using Error::Error;
};

/// A query, an update's validator or a condition tried to change the workflow or to start
/// something.
class ReadOnlyError : public Error {
public:
    using Error::Error;
};

/// The workflow's code asks for something else than its history has: it was changed without a
/// patch, or does what differs from run to run. Nobody throws it into a workflow; failure_types()
/// and WorkerOptions::fails_workflow name it to have such a workflow failed.
class NondeterminismError : public Error {
public:
    using Error::Error;
};

/// Why the server started no child.
enum class ChildStartFailure : std::uint8_t {
    Unspecified,
    AlreadyStarted,
    NamespaceNotFound,
    InvalidVersioningOverride
};

/// A child workflow could not be started: there is none. To the caller it is a ChildWorkflowError
/// without a run.
class ChildWorkflowStartError : public ChildWorkflowError {
public:
    ChildWorkflowStartError(
        const std::string& message, ChildStartFailure reason, ChildWorkflowFailureInfo info
    )
        : ChildWorkflowError{message, std::move(info)}, reason_{reason} {}

    [[nodiscard]] ChildStartFailure reason() const noexcept { return reason_; }

private:
    ChildStartFailure reason_;
};

/// An execution with the child's id runs, or has run and the id's policy forbids another one.
class ChildAlreadyStartedError : public ChildWorkflowStartError {
public:
    ChildAlreadyStartedError(const std::string& message, ChildWorkflowFailureInfo info)
        : ChildWorkflowStartError{message, ChildStartFailure::AlreadyStarted, std::move(info)} {}
};

/// Why something that was sent to another workflow did not arrive.
enum class ExternalFailure : std::uint8_t {
    Unspecified,
    WorkflowNotFound,  ///< there is none, or it has ended
    NamespaceNotFound,
    SignalLimitExceeded  ///< it has had as many signals as a workflow may have
};

/// A signal or a request to cancel did not reach another workflow.
class ExternalWorkflowError : public ApplicationError {
public:
    ExternalWorkflowError(
        const std::string& message, std::string type, ExternalFailure reason, std::string id
    )
        : ApplicationError{message, {.type = std::move(type)}},
          reason_{reason},
          workflow_id_{std::move(id)} {}

    [[nodiscard]] ExternalFailure reason() const noexcept { return reason_; }
    [[nodiscard]] const std::string& workflow_id() const noexcept { return workflow_id_; }

private:
    ExternalFailure reason_;
    std::string workflow_id_;
};

/// Whether the error means no more than "cancelled": a CancelledError, or an activity's
/// or a child's error caused by one.
/// @param error  null means no.
[[nodiscard]] bool is_cancelled_error(const std::exception_ptr& error) noexcept;
[[nodiscard]] bool is_cancelled_error(const std::exception& error) noexcept;

}  // namespace hourglass::workflow
