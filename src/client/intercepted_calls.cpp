// The calls about workflows, each through the interceptors.

#include "hourglass/client/future_ops.hpp"
#include "src/client/backend.hpp"
#include "src/client/operations.hpp"
#include "src/client/through.hpp"

#include <utility>

namespace hourglass::client {

Future<detail::ExecutionRef> RpcBackend::start(StartWorkflowCall call) {
    return through(0, &ClientInterceptor::start_workflow, &RpcBackend::send, std::move(call));
}

Future<detail::ExecutionRef> RpcBackend::signal_with_start(SignalWithStartCall call) {
    return through(0, &ClientInterceptor::signal_with_start, &RpcBackend::send, std::move(call));
}

Future<StartedWithUpdate> RpcBackend::update_with_start(UpdateWithStartCall call) {
    return through(0, &ClientInterceptor::update_with_start, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::signal(SignalWorkflowCall call) {
    return through(0, &ClientInterceptor::signal_workflow, &RpcBackend::send, std::move(call));
}

Future<Payloads> RpcBackend::query(QueryWorkflowCall call) {
    return through(0, &ClientInterceptor::query_workflow, &RpcBackend::send, std::move(call));
}

Future<detail::UpdateRef> RpcBackend::start_update(UpdateWorkflowCall call) {
    return through(0, &ClientInterceptor::update_workflow, &RpcBackend::send, std::move(call));
}

Future<Payloads> RpcBackend::update(UpdateWorkflowCall call) {
    if (context_->interceptors.empty()) {
        return outcome_of(std::move(call));
    }
    const Deadline deadline{limit_of(*context_, call.options.timeout)};
    auto sent = through(
        0, &ClientInterceptor::update_workflow, &RpcBackend::send_and_wait, std::move(call)
    );
    // An interceptor may give another update than one that has ended. The wait for that one has
    // what its caller's timeout has left, and not one of its own.
    return detail::chain(std::move(sent), [context = context_, deadline](detail::UpdateRef update) {
        UpdateResultCall wait{.update = std::move(update), .options = {.timeout = deadline.left()}};
        return RpcBackend{context}.send(std::move(wait));
    });
}

Future<detail::UpdateRef> RpcBackend::send_and_wait(UpdateWorkflowCall call) {
    if (call.options.id.empty()) {
        call.options.id = new_uuid();
    }
    detail::UpdateRef update{.workflow = call.workflow, .id = call.options.id};
    return detail::map(outcome_of(std::move(call)), [update = std::move(update)](Payloads outcome) {
        Promise<Payloads> known;
        known.set_value(std::move(outcome));
        detail::UpdateRef ended = update;
        ended.outcome = known.future();
        return ended;
    });
}

Future<void> RpcBackend::cancel(detail::ExecutionRef target, std::string reason) {
    CancelWorkflowCall call{.workflow = std::move(target), .reason = std::move(reason)};
    return through(0, &ClientInterceptor::cancel_workflow, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::terminate(
    detail::ExecutionRef target, std::string reason, Payloads details
) {
    TerminateWorkflowCall call{
        .workflow = std::move(target), .reason = std::move(reason), .details = std::move(details)
    };
    return through(0, &ClientInterceptor::terminate_workflow, &RpcBackend::send, std::move(call));
}

Future<WorkflowDescription> RpcBackend::describe(detail::ExecutionRef target) {
    DescribeWorkflowCall call{.workflow = std::move(target)};
    return through(0, &ClientInterceptor::describe_workflow, &RpcBackend::send, std::move(call));
}

Future<Payloads> RpcBackend::update_result(detail::UpdateRef update, UpdateResultOptions options) {
    UpdateResultCall call{.update = std::move(update), .options = options};
    return through(0, &ClientInterceptor::update_result, &RpcBackend::send, std::move(call));
}

Future<Payloads> RpcBackend::result(detail::ExecutionRef target, ResultOptions options) {
    WorkflowResultCall call{.workflow = std::move(target), .options = options};
    return through(0, &ClientInterceptor::workflow_result, &RpcBackend::send, std::move(call));
}

Future<WorkflowHistory> RpcBackend::history(detail::ExecutionRef target) {
    FetchWorkflowHistoryCall call{.workflow = std::move(target)};
    return through(
        0, &ClientInterceptor::fetch_workflow_history, &RpcBackend::send, std::move(call)
    );
}

Future<Page<WorkflowExecution>> RpcBackend::list_page(
    std::string query, int page_size, std::string page_token
) {
    ListWorkflowsCall call{
        .query = std::move(query), .page_size = page_size, .page_token = std::move(page_token)
    };
    return through(0, &ClientInterceptor::list_workflows, &RpcBackend::send, std::move(call));
}

Future<Count> RpcBackend::count(std::string query) {
    CountWorkflowsCall call{.query = std::move(query)};
    return through(0, &ClientInterceptor::count_workflows, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::pause(detail::ExecutionRef target, std::string reason) {
    PauseWorkflowCall call{.workflow = std::move(target), .reason = std::move(reason)};
    return through(0, &ClientInterceptor::pause_workflow, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::unpause(detail::ExecutionRef target, std::string reason) {
    UnpauseWorkflowCall call{.workflow = std::move(target), .reason = std::move(reason)};
    return through(0, &ClientInterceptor::unpause_workflow, &RpcBackend::send, std::move(call));
}

Future<std::string> RpcBackend::reset(detail::ExecutionRef target, ResetOptions options) {
    ResetWorkflowCall call{.workflow = std::move(target), .options = std::move(options)};
    return through(0, &ClientInterceptor::reset_workflow, &RpcBackend::send, std::move(call));
}

Future<ExecutionOptions> RpcBackend::update_options(
    detail::ExecutionRef target, ExecutionOptionsUpdate update
) {
    UpdateWorkflowOptionsCall call{.workflow = std::move(target), .update = std::move(update)};
    return through(
        0, &ClientInterceptor::update_workflow_options, &RpcBackend::send, std::move(call)
    );
}

Future<void> RpcBackend::remove(detail::ExecutionRef target) {
    DeleteWorkflowCall call{.workflow = std::move(target)};
    return through(0, &ClientInterceptor::delete_workflow, &RpcBackend::send, std::move(call));
}

}  // namespace hourglass::client
