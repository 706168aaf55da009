#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/base/next.hpp"
#include "hourglass/client/calls_about_workflows.hpp"
#include "hourglass/client/count.hpp"
#include "hourglass/client/paged.hpp"
#include "hourglass/convert/payload.hpp"

#include <string>
#include <utility>

namespace hourglass {

/// The part of ClientInterceptor that stands around results, lists and administration of workflows.
class WorkflowCallInterceptor {
public:
    WorkflowCallInterceptor() = default;
    WorkflowCallInterceptor(const WorkflowCallInterceptor&) = delete;
    WorkflowCallInterceptor& operator=(const WorkflowCallInterceptor&) = delete;
    virtual ~WorkflowCallInterceptor() = default;

    /// The whole wait, over all runs. Gives the result, one payload or none.
    virtual Future<Payloads> workflow_result(
        WorkflowResultCall call, Next<WorkflowResultCall, Future<Payloads>> next
    ) {
        return next(std::move(call));
    }
    /// `result` of an UpdateHandle, but not the wait in `update`: that is update_workflow's.
    virtual Future<Payloads> update_result(
        UpdateResultCall call, Next<UpdateResultCall, Future<Payloads>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<WorkflowHistory> fetch_workflow_history(
        FetchWorkflowHistoryCall call, Next<FetchWorkflowHistoryCall, Future<WorkflowHistory>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> pause_workflow(
        PauseWorkflowCall call, Next<PauseWorkflowCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> unpause_workflow(
        UnpauseWorkflowCall call, Next<UnpauseWorkflowCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    /// Gives the new run's id.
    virtual Future<std::string> reset_workflow(
        ResetWorkflowCall call, Next<ResetWorkflowCall, Future<std::string>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<ExecutionOptions> update_workflow_options(
        UpdateWorkflowOptionsCall call,
        Next<UpdateWorkflowOptionsCall, Future<ExecutionOptions>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> delete_workflow(
        DeleteWorkflowCall call, Next<DeleteWorkflowCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    /// Each page.
    virtual Future<Page<WorkflowExecution>> list_workflows(
        ListWorkflowsCall call, Next<ListWorkflowsCall, Future<Page<WorkflowExecution>>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<Count> count_workflows(
        CountWorkflowsCall call, Next<CountWorkflowsCall, Future<Count>> next
    ) {
        return next(std::move(call));
    }
};

}  // namespace hourglass
