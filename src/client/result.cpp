#include "src/client/operations.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <utility>

namespace hourglass::client {

namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using HistoryEvent = temporal::api::history::v1::HistoryEvent;

/// Asks for the event that closes a run, then goes on with the run that follows it, if there is
/// one.
class ResultWait : public std::enable_shared_from_this<ResultWait> {
public:
    ResultWait(RpcContextPtr context, detail::ExecutionRef target, ResultOptions options)
        : context_{std::move(context)},
          workflow_id_{std::move(target.workflow_id)},
          run_id_{
              target.result_run_id.empty() ? std::move(target.run_id)
                                           : std::move(target.result_run_id)
          },
          options_{options},
          deadline_{options_.timeout},
          settling_{context_->calls.pool} {}

    [[nodiscard]] Future<Payloads> future() const { return settling_.future(); }

    void poll() {
        service::GetWorkflowExecutionHistoryRequest request;
        request.set_namespace_(context_->namespace_name);
        request.mutable_execution()->set_workflow_id(workflow_id_);
        request.mutable_execution()->set_run_id(run_id_);
        request.set_next_page_token(page_token_);
        request.set_wait_new_event(true);
        request.set_history_event_filter_type(enums::HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT);
        request.set_skip_archival(true);
        CallSpec spec = spec_of(*context_, "GetWorkflowExecutionHistory", request);
        spec.long_poll = true;
        spec.timeout = deadline_.left();
        rpc<service::GetWorkflowExecutionHistoryResponse>(
            *context_,
            std::move(spec),
            [self = shared_from_this()](auto response) { self->answered(std::move(response)); }
        );
    }

private:
    void answered(Result<service::GetWorkflowExecutionHistoryResponse, RpcFailure> response) {
        if (!response) {
            settling_.fail(error_of(response.error()));
            return;
        }
        if (response->history().events().empty()) {
            // The server ended the poll: the run goes on.
            page_token_ = response->next_page_token();
            poll();
            return;
        }
        const auto& events = response->history().events();
        closed_with(events.Get(events.size() - 1));
    }

    std::exception_ptr error_of(const RpcFailure& failed) const {
        if (failed.code == RpcCode::DeadlineExceeded && options_.timeout) {
            return std::make_exception_ptr(WaitTimeoutError{
                "workflow \"" + workflow_id_ + "\" has not ended within " +
                std::to_string(options_.timeout->count()) +
                " ms; it goes on, and its result can be asked for again"
            });
        }
        return to_exception(
            target_of(*context_, "wait for the result of", workflow_id_, run_id_), failed
        );
    }

    void closed_with(const HistoryEvent& event) {
        switch (event.event_type()) {
            case enums::EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED: {
                const auto& completed = event.workflow_execution_completed_event_attributes();
                if (!follow(completed.new_execution_run_id())) {
                    settling_.succeed(convert::from_proto(completed.result()));
                }
                break;
            }
            case enums::EVENT_TYPE_WORKFLOW_EXECUTION_FAILED: {
                const auto& failed = event.workflow_execution_failed_event_attributes();
                if (!follow(failed.new_execution_run_id())) {
                    fail(WorkflowStatus::Failed, "failed", convert::to_cause(failed.failure()));
                }
                break;
            }
            case enums::EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED: {
                const auto& canceled = event.workflow_execution_canceled_event_attributes();
                CancelledErrorOptions options;
                options.details = convert::from_proto(canceled.details());
                fail(
                    WorkflowStatus::Canceled,
                    "was cancelled",
                    std::make_shared<CancelledError>("cancelled", std::move(options))
                );
                break;
            }
            case enums::EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED: {
                const auto& terminated = event.workflow_execution_terminated_event_attributes();
                fail(
                    WorkflowStatus::Terminated,
                    "was terminated",
                    std::make_shared<TerminatedError>(
                        terminated.reason().empty() ? "terminated" : terminated.reason(),
                        terminated.identity()
                    )
                );
                break;
            }
            case enums::EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT: {
                const auto& timed_out = event.workflow_execution_timed_out_event_attributes();
                if (!follow(timed_out.new_execution_run_id())) {
                    fail(
                        WorkflowStatus::TimedOut,
                        "timed out",
                        std::make_shared<TimeoutError>(
                            "the run or execution timeout has passed", TimeoutType::StartToClose
                        )
                    );
                }
                break;
            }
            case enums::EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW: {
                const auto& continued =
                    event.workflow_execution_continued_as_new_event_attributes();
                if (!follow(continued.new_execution_run_id())) {
                    fail(
                        WorkflowStatus::ContinuedAsNew,
                        "continued as new, as run \"" + continued.new_execution_run_id() + "\"",
                        nullptr
                    );
                }
                break;
            }
            default:
                settling_.fail(std::make_exception_ptr(RpcError{
                    RpcCode::Internal,
                    "cannot tell how workflow \"" + workflow_id_ +
                        "\" ended: the server closed it with an event of type " +
                        std::to_string(event.event_type()) + ", which this version does not know"
                }));
        }
    }

    bool follow(const std::string& next_run) {
        if (next_run.empty() || !options_.follow_runs) {
            return false;
        }
        run_id_ = next_run;
        page_token_.clear();
        poll();
        return true;
    }

    void fail(WorkflowStatus status, const std::string& how, FailureCause cause) {
        const std::string why = cause ? ": " + hourglass::to_text(*cause) : "";
        settling_.fail(std::make_exception_ptr(WorkflowFailedError{
            workflow_id_,
            run_id_,
            status,
            "workflow \"" + workflow_id_ + "\"" +
                (run_id_.empty() ? "" : " (run \"" + run_id_ + "\")") + " " + how + why,
            std::move(cause)
        }));
    }

    const RpcContextPtr context_;
    const std::string workflow_id_;
    std::string run_id_;
    std::string page_token_;
    const ResultOptions options_;
    const Deadline deadline_;
    const Settling<Payloads> settling_;
};

}  // namespace

Future<Payloads> wait_for_result(
    RpcContextPtr context, detail::ExecutionRef target, ResultOptions options
) {
    options.timeout = limit_of(*context, options.timeout);
    const auto wait = std::make_shared<ResultWait>(std::move(context), std::move(target), options);
    wait->poll();
    return wait->future();
}

}  // namespace hourglass::client
