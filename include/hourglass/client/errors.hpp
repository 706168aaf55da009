#pragma once

#include "hourglass/base/error.hpp"
#include "hourglass/client/workflow_status.hpp"
#include "hourglass/convert/failures.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace hourglass {

/// gRPC's status codes, with gRPC's numbers.
enum class RpcCode : std::uint8_t {
    Ok = 0,
    Cancelled = 1,
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    AlreadyExists = 6,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Aborted = 10,
    OutOfRange = 11,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    DataLoss = 15,
    Unauthenticated = 16,
};

/// The code's name as gRPC spells it in words: "NotFound".
[[nodiscard]] std::string_view to_text(RpcCode code);

/// A call to the server failed. What can be told apart by type is one of the classes below; the
/// rest is this one.
class RpcError : public Error {
public:
    RpcError(RpcCode code, const std::string& text) : Error{text}, code_{code} {}
    [[nodiscard]] RpcCode code() const noexcept { return code_; }

private:
    RpcCode code_;
};

/// Nobody answers at the server's address; the call may have been carried out or not.
class UnavailableError : public RpcError {
public:
    UnavailableError(std::string address, const std::string& text)
        : RpcError{RpcCode::Unavailable, text}, address_{std::move(address)} {}
    [[nodiscard]] const std::string& address() const noexcept { return address_; }

private:
    std::string address_;
};

/// The server, or the worker it asked, did not answer in time; the call may have been carried out
/// or not.
class DeadlineExceededError : public RpcError {
public:
    explicit DeadlineExceededError(const std::string& text)
        : RpcError{RpcCode::DeadlineExceeded, text} {}
};

/// The call was ended by the stop token of its CallOptions; it may have been carried out or not.
class CallCancelledError : public RpcError {
public:
    explicit CallCancelledError(const std::string& text) : RpcError{RpcCode::Cancelled, text} {}
};

/// The credentials do not allow the call.
class PermissionDeniedError : public RpcError {
public:
    explicit PermissionDeniedError(const std::string& text)
        : RpcError{RpcCode::PermissionDenied, text} {}
};

/// The server does not know who calls.
class UnauthenticatedError : public RpcError {
public:
    explicit UnauthenticatedError(const std::string& text)
        : RpcError{RpcCode::Unauthenticated, text} {}
};

class NamespaceNotFoundError : public RpcError {
public:
    NamespaceNotFoundError(std::string name, const std::string& text)
        : RpcError{RpcCode::NotFound, text}, name_{std::move(name)} {}
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

private:
    std::string name_;
};

/// No workflow execution has this id (and run id), or it has closed already and takes no more
/// messages.
class WorkflowNotFoundError : public RpcError {
public:
    WorkflowNotFoundError(std::string workflow_id, std::string run_id, const std::string& text)
        : RpcError{RpcCode::NotFound, text},
          workflow_id_{std::move(workflow_id)},
          run_id_{std::move(run_id)} {}
    [[nodiscard]] const std::string& workflow_id() const noexcept { return workflow_id_; }
    /// Empty if the call named no run.
    [[nodiscard]] const std::string& run_id() const noexcept { return run_id_; }

private:
    std::string workflow_id_;
    std::string run_id_;
};

/// The id's policies do not allow another execution now.
class WorkflowAlreadyStartedError : public RpcError {
public:
    WorkflowAlreadyStartedError(
        std::string workflow_id, std::string run_id, const std::string& text
    )
        : RpcError{RpcCode::AlreadyExists, text},
          workflow_id_{std::move(workflow_id)},
          run_id_{std::move(run_id)} {}
    [[nodiscard]] const std::string& workflow_id() const noexcept { return workflow_id_; }
    /// The execution that has the id.
    [[nodiscard]] const std::string& run_id() const noexcept { return run_id_; }

private:
    std::string workflow_id_;
    std::string run_id_;
};

/// No schedule has this id.
class ScheduleNotFoundError : public RpcError {
public:
    ScheduleNotFoundError(std::string schedule_id, const std::string& text)
        : RpcError{RpcCode::NotFound, text}, schedule_id_{std::move(schedule_id)} {}
    [[nodiscard]] const std::string& schedule_id() const noexcept { return schedule_id_; }

private:
    std::string schedule_id_;
};

/// There is a schedule with this id.
class ScheduleAlreadyRunningError : public RpcError {
public:
    ScheduleAlreadyRunningError(std::string schedule_id, const std::string& text)
        : RpcError{RpcCode::AlreadyExists, text}, schedule_id_{std::move(schedule_id)} {}
    [[nodiscard]] const std::string& schedule_id() const noexcept { return schedule_id_; }

private:
    std::string schedule_id_;
};

/// No activity has this id (and run id), or it has closed already.
class ActivityNotFoundError : public RpcError {
public:
    ActivityNotFoundError(std::string activity_id, const std::string& text)
        : RpcError{RpcCode::NotFound, text}, activity_id_{std::move(activity_id)} {}
    /// Empty if the call named a task token.
    [[nodiscard]] const std::string& activity_id() const noexcept { return activity_id_; }

private:
    std::string activity_id_;
};

/// The policies of a standalone activity's id do not allow another execution now.
class ActivityAlreadyStartedError : public RpcError {
public:
    ActivityAlreadyStartedError(
        std::string activity_id, std::string run_id, const std::string& text
    )
        : RpcError{RpcCode::AlreadyExists, text},
          activity_id_{std::move(activity_id)},
          run_id_{std::move(run_id)} {}
    [[nodiscard]] const std::string& activity_id() const noexcept { return activity_id_; }
    /// The execution that has the id.
    [[nodiscard]] const std::string& run_id() const noexcept { return run_id_; }

private:
    std::string activity_id_;
    std::string run_id_;
};

/// The query's handler threw, or the workflow has no such query.
class QueryFailedError : public RpcError {
public:
    QueryFailedError(const std::string& text, FailureCause cause)
        : RpcError{RpcCode::InvalidArgument, text}, cause_{std::move(cause)} {}
    /// The handler's exception, or null if the worker did not tell it. Where workers encode the
    /// attributes of failures, the text is "Encoded failure" then, and the worker's log has it.
    [[nodiscard]] const FailureCause& cause() const noexcept { return cause_; }

private:
    FailureCause cause_;
};

/// The query was not put, because of the workflow's status and the reject condition asked for.
class QueryRejectedError : public Error {
public:
    QueryRejectedError(WorkflowStatus status, const std::string& text)
        : Error{text}, status_{status} {}
    [[nodiscard]] WorkflowStatus status() const noexcept { return status_; }

private:
    WorkflowStatus status_;
};

/// The update was rejected by its validator, or its handler failed.
class UpdateFailedError : public Error {
public:
    UpdateFailedError(const std::string& text, FailureCause cause)
        : Error{text}, cause_{std::move(cause)} {}
    [[nodiscard]] const FailureCause& cause() const noexcept { return cause_; }

private:
    FailureCause cause_;
};

/// The workflow ended otherwise than with a result.
class WorkflowFailedError : public Error {
public:
    WorkflowFailedError(
        std::string workflow_id,
        std::string run_id,
        WorkflowStatus status,
        const std::string& text,
        FailureCause cause
    )
        : Error{text},
          workflow_id_{std::move(workflow_id)},
          run_id_{std::move(run_id)},
          status_{status},
          cause_{std::move(cause)} {}
    [[nodiscard]] const std::string& workflow_id() const noexcept { return workflow_id_; }
    /// The run that ended: the last one, if the workflow continued as new or was retried.
    [[nodiscard]] const std::string& run_id() const noexcept { return run_id_; }
    /// Failed, Canceled, Terminated, TimedOut or, when runs are not followed, ContinuedAsNew.
    [[nodiscard]] WorkflowStatus status() const noexcept { return status_; }
    /// An ApplicationError, ActivityError, CancelledError, TerminatedError, TimeoutError… with its
    /// own causes; null if none is known.
    [[nodiscard]] const FailureCause& cause() const noexcept { return cause_; }

    /// The outermost failure of type T among the cause and its causes, or null.
    template <class T>
    [[nodiscard]] std::shared_ptr<const T> find_cause() const {
        if (auto found = std::dynamic_pointer_cast<const T>(cause_)) {
            return found;
        }
        return cause_ ? cause_->find_cause<T>() : nullptr;
    }

private:
    std::string workflow_id_;
    std::string run_id_;
    WorkflowStatus status_;
    FailureCause cause_;
};

}  // namespace hourglass
