#include "src/client/close_event.hpp"

#include "hourglass/client/errors.hpp"
#include "hourglass/convert/kept_context.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace hourglass::client {
namespace {

namespace enums = temporal::api::enums::v1;
using temporal::api::history::v1::HistoryEvent;

/// An end without a result.
struct Ended {
    WorkflowStatus status;
    std::string how;
    FailureCause cause = nullptr;
};

FailureCause cancelled(
    const temporal::api::history::v1::WorkflowExecutionCanceledEventAttributes& canceled
) {
    CancelledErrorOptions options;
    options.details = convert::from_proto(canceled.details());
    FailureContext context;
    if (!options.details.empty()) {
        context.whose = std::make_shared<const detail::KeptContext>(serialization_context());
    }
    return std::make_shared<CancelledError>("cancelled", std::move(options), std::move(context));
}

FailureCause terminated(
    const temporal::api::history::v1::WorkflowExecutionTerminatedEventAttributes& terminated
) {
    return std::make_shared<TerminatedError>(
        terminated.reason().empty() ? "terminated" : terminated.reason(), terminated.identity()
    );
}

std::optional<Ended> ended(const HistoryEvent& event) {
    switch (event.event_type()) {
        case enums::EVENT_TYPE_WORKFLOW_EXECUTION_FAILED:
            return Ended{
                WorkflowStatus::Failed,
                "failed",
                convert::to_cause(event.workflow_execution_failed_event_attributes().failure())
            };
        case enums::EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED:
            return Ended{
                WorkflowStatus::Canceled,
                "was cancelled",
                cancelled(event.workflow_execution_canceled_event_attributes())
            };
        case enums::EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED:
            return Ended{
                WorkflowStatus::Terminated,
                "was terminated",
                terminated(event.workflow_execution_terminated_event_attributes())
            };
        case enums::EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT:
            return Ended{
                WorkflowStatus::TimedOut,
                "timed out",
                std::make_shared<TimeoutError>(
                    "the run or execution timeout has passed", TimeoutType::StartToClose
                )
            };
        case enums::EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW:
            return Ended{
                WorkflowStatus::ContinuedAsNew,
                "continued as new, as run \"" + following_run(event) + "\""
            };
        default:
            return std::nullopt;
    }
}

}  // namespace

std::string following_run(const HistoryEvent& event) {
    switch (event.event_type()) {
        case enums::EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED:
            return event.workflow_execution_completed_event_attributes().new_execution_run_id();
        case enums::EVENT_TYPE_WORKFLOW_EXECUTION_FAILED:
            return event.workflow_execution_failed_event_attributes().new_execution_run_id();
        case enums::EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT:
            return event.workflow_execution_timed_out_event_attributes().new_execution_run_id();
        case enums::EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW:
            return event.workflow_execution_continued_as_new_event_attributes()
                .new_execution_run_id();
        default:
            return {};
    }
}

Payloads result_of(
    const HistoryEvent& event, const std::string& workflow_id, const std::string& run_id
) {
    if (event.event_type() == enums::EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED) {
        return convert::from_proto(event.workflow_execution_completed_event_attributes().result());
    }
    auto end = ended(event);
    if (!end) {
        throw RpcError{
            RpcCode::Internal,
            "cannot tell how workflow \"" + workflow_id +
                "\" ended: the server closed it with an event of type " +
                std::to_string(event.event_type()) + ", which this version does not know"
        };
    }
    const std::string why = end->cause ? ": " + hourglass::to_text(*end->cause) : "";
    throw WorkflowFailedError{
        workflow_id,
        run_id,
        end->status,
        "workflow \"" + workflow_id + "\"" + (run_id.empty() ? "" : " (run \"" + run_id + "\")") +
            " " + end->how + why,
        std::move(end->cause)
    };
}

}  // namespace hourglass::client
