#include "hourglass/convert/serialization_context.hpp"
#include "src/client/close_event.hpp"
#include "src/client/operations.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <exception>
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
        // Without it the server shows each run that another one follows as continued as new, for
        // clients that know no other way to find the next one: its own outcome would be lost.
        std::string& features = spec.metadata["supported-features"];
        features += features.empty() ? "follows-next-run-id" : ",follows-next-run-id";
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
        if (follow(following_run(event))) {
            return;
        }
        const detail::GivenContext whose{
            {.workflow_namespace = context_->namespace_name, .workflow_id = workflow_id_}
        };
        const detail::ConversionScope scope{&whose};
        try {
            settling_.succeed(result_of(event, workflow_id_, run_id_));
        } catch (const Error&) {  // that is an outcome, too
            settling_.fail(std::current_exception());
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
