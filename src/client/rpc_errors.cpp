#include "src/client/rpc_errors.hpp"

#include "google/rpc/status.pb.h"
#include "hourglass/client/nexus_errors.hpp"
#include "hourglass/convert/serialization_context.hpp"
#include "src/client/unreachable.hpp"
#include "src/convert/failure_converter.hpp"

#include "temporal/api/errordetails/v1/message.pb.h"

#include <google/protobuf/any.pb.h>

namespace hourglass {

std::string_view to_text(RpcCode code) {
    switch (code) {
        case RpcCode::Ok:
            return "Ok";
        case RpcCode::Cancelled:
            return "Cancelled";
        case RpcCode::Unknown:
            return "Unknown";
        case RpcCode::InvalidArgument:
            return "InvalidArgument";
        case RpcCode::DeadlineExceeded:
            return "DeadlineExceeded";
        case RpcCode::NotFound:
            return "NotFound";
        case RpcCode::AlreadyExists:
            return "AlreadyExists";
        case RpcCode::PermissionDenied:
            return "PermissionDenied";
        case RpcCode::ResourceExhausted:
            return "ResourceExhausted";
        case RpcCode::FailedPrecondition:
            return "FailedPrecondition";
        case RpcCode::Aborted:
            return "Aborted";
        case RpcCode::OutOfRange:
            return "OutOfRange";
        case RpcCode::Unimplemented:
            return "Unimplemented";
        case RpcCode::Internal:
            return "Internal";
        case RpcCode::Unavailable:
            return "Unavailable";
        case RpcCode::DataLoss:
            return "DataLoss";
        case RpcCode::Unauthenticated:
            return "Unauthenticated";
    }
    return "Unknown";
}

namespace client {

namespace {

namespace errordetails = temporal::api::errordetails::v1;

/// The first detail of type `Detail`, if the server sent one.
template <class Detail>
bool find_detail(const google::rpc::Status& status, Detail& found) {
    for (const auto& detail : status.details()) {
        if (detail.Is<Detail>() && detail.UnpackTo(&found)) {
            return true;
        }
    }
    return false;
}

std::string quoted(const std::string& text) {
    return '"' + text + '"';
}

/// The server's own words, which name things that we do not know.
std::string server_says(const RpcFailure& failure) {
    return failure.message.empty() ? "" : " (it says: " + failure.message + ")";
}

std::exception_ptr not_found(
    const CallTarget& target, const RpcFailure& failure, const google::rpc::Status& status
) {
    if (errordetails::NamespaceNotFoundFailure missing; find_detail(status, missing)) {
        const std::string name =
            missing.namespace_().empty() ? target.namespace_name : missing.namespace_();
        return std::make_exception_ptr(NamespaceNotFoundError{
            name,
            "cannot " + target.action + ": the server at " + target.address + " has no namespace " +
                quoted(name) +
                "; check ClientOptions::namespace_ or TEMPORAL_NAMESPACE, or create it with "
                "`temporal operator namespace "
                "create`"
        });
    }
    if (!target.workflow_id.empty()) {
        const std::string run =
            target.run_id.empty() ? "" : " with the run id " + quoted(target.run_id);
        return std::make_exception_ptr(WorkflowNotFoundError{
            target.workflow_id,
            target.run_id,
            "cannot " + target.action + run + ": not found in namespace " +
                quoted(target.namespace_name) + " at " + target.address + server_says(failure) +
                "; check the id, and whether the workflow has closed"
        });
    }
    if (target.of_activity) {
        return std::make_exception_ptr(ActivityNotFoundError{
            target.activity_id,
            "cannot " + target.action + ": not found in namespace " +
                quoted(target.namespace_name) + " at " + target.address + server_says(failure) +
                "; check the id or task token, and whether it has ended, or was timed out"
        });
    }
    if (!target.schedule_id.empty()) {
        return std::make_exception_ptr(ScheduleNotFoundError{
            target.schedule_id,
            "cannot " + target.action + ": not found in namespace " +
                quoted(target.namespace_name) + " at " + target.address + server_says(failure) +
                "; check the id"
        });
    }
    if (!target.nexus_operation_id.empty()) {
        return std::make_exception_ptr(NexusOperationNotFoundError{
            target.nexus_operation_id,
            "cannot " + target.action + ": not found in namespace " +
                quoted(target.namespace_name) + " at " + target.address + server_says(failure) +
                "; check the id, and of a start the endpoint"
        });
    }
    return nullptr;
}

std::string id_is_taken(
    const CallTarget& target,
    const RpcFailure& failure,
    const std::string& by,
    const std::string& run_id
) {
    return "cannot " + target.action + ": " + by + " with this id exists, run " + quoted(run_id) +
           server_says(failure) +
           "; use another id, or set id_conflict_policy (it is running) or id_reuse_policy (it has "
           "closed)";
}

std::exception_ptr already_started(
    const CallTarget& target, const RpcFailure& failure, const google::rpc::Status& status
) {
    if (!target.schedule_id.empty()) {
        return std::make_exception_ptr(ScheduleAlreadyRunningError{
            target.schedule_id,
            "cannot " + target.action + ": a schedule with this id exists" + server_says(failure) +
                "; use another id, or update the one that is there"
        });
    }
    if (target.of_activity) {
        errordetails::ActivityExecutionAlreadyStartedFailure activity;
        find_detail(status, activity);
        return std::make_exception_ptr(ActivityAlreadyStartedError{
            target.activity_id,
            activity.run_id(),
            id_is_taken(target, failure, "an execution", activity.run_id())
        });
    }
    if (!target.nexus_operation_id.empty()) {
        errordetails::NexusOperationExecutionAlreadyStartedFailure operation;
        find_detail(status, operation);
        return std::make_exception_ptr(NexusOperationAlreadyStartedError{
            target.nexus_operation_id,
            operation.run_id(),
            id_is_taken(target, failure, "an operation", operation.run_id())
        });
    }
    errordetails::WorkflowExecutionAlreadyStartedFailure started;
    if (!find_detail(status, started)) {
        return nullptr;
    }
    return std::make_exception_ptr(WorkflowAlreadyStartedError{
        target.workflow_id,
        started.run_id(),
        id_is_taken(target, failure, "an execution", started.run_id())
    });
}

/// What to make of a call that was not answered in time.
std::string hint_of_late(const CallTarget& target, const RpcFailure& failure) {
    if (failure.message == kNeverSent) {
        return "; nothing was done. Give the call more time";
    }
    const std::string& action = target.action;
    if (action.starts_with("put query \"")) {
        return "; a query needs a worker that polls the workflow's task queue";
    }
    if (action.starts_with("update \"")) {  // a workflow's, by its name
        return "; it may have been done all the same. An update needs a worker that polls the "
               "workflow's task queue";
    }
    return "; it may have been done all the same";
}

std::exception_ptr query_failed(
    const CallTarget& target, const RpcFailure& failure, const google::rpc::Status& status
) {
    errordetails::QueryFailedFailure failed;
    if (!find_detail(status, failed)) {
        return nullptr;
    }
    const detail::GivenContext whose{
        {.workflow_namespace = target.namespace_name, .workflow_id = target.workflow_id}
    };
    const detail::ConversionScope scope{&whose};
    std::string why = failure.message;
    if (why == "Encoded failure" && !failed.has_failure()) {
        why +=
            " (the worker encodes what failures say, and the server passes none of it on: see "
            "the worker's log)";
    }
    return std::make_exception_ptr(QueryFailedError{
        "cannot " + target.action + ": " + why,
        failed.has_failure() ? convert::to_cause(failed.failure()) : nullptr
    });
}

std::string unavailable_text(const CallTarget& target, const RpcFailure& failure) {
    if (failure.final) {  // it is the client that has ended, whatever the server does
        return "cannot " + target.action + ": " + failure.message;
    }
    const std::string_view advice = advice_on(failure.message);
    if (advice.empty()) {
        const bool proxy = failure.message.find(kThroughProxy) != std::string::npos;
        return "cannot " + target.action + ": the Temporal server at " + target.address +
               " is not available (" + failure.message +
               (proxy ? "); check that it and the proxy run, and that ClientOptions::address and "
                        "http_proxy are right"
                      : "); check that it runs and that the address is right");
    }
    return "cannot " + target.action + ": no connection to the Temporal server at " +
           target.address + " comes about (" + failure.message + "); " + std::string{advice};
}

}  // namespace

std::exception_ptr to_exception(const CallTarget& target, const RpcFailure& failure) {
    if (failure.error) {
        return failure.error;
    }
    google::rpc::Status status;
    if (!status.ParseFromString(failure.details)) {
        status.Clear();
    }
    std::exception_ptr specific;
    switch (failure.code) {
        case RpcCode::NotFound:
            specific = not_found(target, failure, status);
            break;
        case RpcCode::AlreadyExists:
            specific = already_started(target, failure, status);
            break;
        case RpcCode::InvalidArgument:
            specific = query_failed(target, failure, status);
            break;
        case RpcCode::Cancelled:
            if (failure.final) {
                return std::make_exception_ptr(CallCancelledError{
                    "the call to " + target.action + " at " + target.address +
                    " was ended: " + failure.message + "; it may have been carried out all the same"
                });
            }
            break;
        case RpcCode::Unavailable:
            return std::make_exception_ptr(
                UnavailableError{target.address, unavailable_text(target, failure)}
            );
        case RpcCode::DeadlineExceeded:
            return std::make_exception_ptr(DeadlineExceededError{
                "cannot " + target.action + " at " + target.address + " in time (" +
                failure.message + ')' + hint_of_late(target, failure)
            });
        case RpcCode::PermissionDenied:
            return std::make_exception_ptr(PermissionDeniedError{
                "cannot " + target.action + ": the server at " + target.address +
                " does not allow it in namespace " + quoted(target.namespace_name) +
                server_says(failure) + "; check what the API key or certificate may do"
            });
        case RpcCode::Unauthenticated:
            return std::make_exception_ptr(UnauthenticatedError{
                "cannot " + target.action + ": the server at " + target.address +
                " does not know who calls" + server_says(failure) +
                "; check the API key or the client certificate. A program that runs is given "
                "another "
                "one with replace_credentials"
            });
        default:
            break;
    }
    if (specific) {
        return specific;
    }
    return std::make_exception_ptr(RpcError{
        failure.code,
        "cannot " + target.action + ": the server at " + target.address + " answered " +
            std::string{to_text(failure.code)} + ": " + failure.message
    });
}

}  // namespace client
}  // namespace hourglass
