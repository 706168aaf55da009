#include "src/client/operations.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <utility>

namespace hourglass::client {

namespace {

namespace service = temporal::api::workflowservice::v1;

/// Fetches page after page.
class HistoryFetch : public std::enable_shared_from_this<HistoryFetch> {
public:
    HistoryFetch(RpcContextPtr context, detail::ExecutionRef target)
        : context_{std::move(context)},
          target_{std::move(target)},
          settling_{context_->calls.pool} {}

    [[nodiscard]] Future<WorkflowHistory> future() const { return settling_.future(); }

    void fetch(const std::string& page_token) {
        service::GetWorkflowExecutionHistoryRequest request;
        request.set_namespace_(context_->namespace_name);
        set_execution(target_, request.mutable_execution());
        request.set_next_page_token(page_token);
        // As the server has it: what is kept in files should be as unreadable as it is there.
        CallSpec spec = spec_of(*context_, "GetWorkflowExecutionHistory", request);
        spec.coded_as = nullptr;
        rpc<service::GetWorkflowExecutionHistoryResponse>(
            *context_,
            std::move(spec),
            [self = shared_from_this()](auto response) { self->answered(std::move(response)); }
        );
    }

private:
    void answered(Result<service::GetWorkflowExecutionHistoryResponse, RpcFailure> response) {
        if (!response) {
            settling_.fail(to_exception(
                target_of(*context_, "fetch the history of", target_.workflow_id, target_.run_id),
                response.error()
            ));
            return;
        }
        // Pages of a message with one repeated field are, one after the other, the whole message.
        response->history().AppendToString(&serialized_);
        if (!response->next_page_token().empty()) {
            fetch(response->next_page_token());
            return;
        }
        try {
            settling_.succeed(
                WorkflowHistory{target_.workflow_id, std::move(serialized_), target_.run_id}
            );
        } catch (const Error&) {
            settling_.fail(std::current_exception());
        }
    }

    const RpcContextPtr context_;
    const detail::ExecutionRef target_;
    const Settling<WorkflowHistory> settling_;
    std::string serialized_;
};

}  // namespace

Future<WorkflowHistory> fetch_history(RpcContextPtr context, detail::ExecutionRef target) {
    // A history may be as long as it likes; whoever sets a limit means all of it.
    auto limited = context->options.timeout ? as_one_call(context) : std::move(context);
    const auto history = std::make_shared<HistoryFetch>(std::move(limited), std::move(target));
    history->fetch("");
    return history->future();
}

}  // namespace hourglass::client
