#pragma once

#include "hourglass/base/next.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/workflow/inbound_calls.hpp"
#include "hourglass/workflow/outbound_calls.hpp"
#include "hourglass/workflow/task.hpp"

#include <utility>

namespace hourglass::workflow {

/// Stands around one run of a workflow: what comes to it, and what it asks for. Made for the run by
/// WorkerInterceptor::workflow, so that a member is the run's own; it ends after all coroutines of
/// the run and the workflow's object.
///
/// It is workflow code: deterministic, and made anew from the history like the workflow itself. Of
/// several interceptors the first one is outermost: it sees what comes first, and what leaves last.
/// @threads the one that runs the workflow's task.
class WorkflowInterceptor {
public:
    WorkflowInterceptor() = default;
    WorkflowInterceptor(const WorkflowInterceptor&) = delete;
    WorkflowInterceptor& operator=(const WorkflowInterceptor&) = delete;
    virtual ~WorkflowInterceptor() = default;

    // Inwards. What is not overridden goes on unchanged. An override changes the call, goes on or
    // not, looks at the result or at the exception. Those that return a Task may be coroutines;
    // give the rest a name before it is awaited, for g++ 12's sake:
    //
    //     Task<Payload> rest = next(std::move(call));
    //     Payload result = co_await std::move(rest);

    /// The run method. What it throws ends the workflow, or fails its task, as if the run method
    /// had thrown it; ContinueAsNew, which is no std::exception, must pass.
    virtual Task<Payload> execute(
        ExecuteWorkflowCall call, Next<ExecuteWorkflowCall, Task<Payload>> next
    ) {
        return next(std::move(call));
    }
    /// A signal that has a handler. Arguments that the handler cannot take drop the signal, with an
    /// error in the log, and the rest ends as if it had been handled. What it throws counts as
    /// thrown by the handler.
    virtual Task<void> handle_signal(
        HandleSignalCall call, Next<HandleSignalCall, Task<void>> next
    ) {
        return next(std::move(call));
    }
    /// A query, those that the SDK answers by itself excepted. It may only read the workflow, and
    /// this object may not change with it: a replay has no queries. What it throws is the answer.
    virtual Payload handle_query(HandleQueryCall call, Next<HandleQueryCall, Payload> next) {
        return next(std::move(call));
    }
    /// Before an update is accepted, also of one without a validator. It may only read; what it
    /// throws rejects the update. Not called on replay. Changed arguments are the validator's
    /// alone; the handler's chain begins with those that came.
    virtual void validate_update(HandleUpdateCall call, Next<HandleUpdateCall, void> next) {
        next(std::move(call));
    }
    /// An update that was accepted. Arguments that the handler cannot take fail it. What it throws
    /// fails the update, or the workflow's task, as if the handler had thrown it.
    virtual Task<Payload> handle_update(
        HandleUpdateCall call, Next<HandleUpdateCall, Task<Payload>> next
    ) {
        return next(std::move(call));
    }

    // Outwards. An override changes the call in place, before it is checked and becomes a command.
    // The result travels by the handle that the workflow gets, and not through here. What it throws
    // is thrown where the workflow makes the call, and there is no command. Not called in a
    // cancelled scope, where there is none either, but for the upserts and continue_as_new.

    virtual void schedule_activity(ScheduleActivityCall& /*call*/) {}
    /// Once for all attempts.
    virtual void schedule_local_activity(ScheduleLocalActivityCall& /*call*/) {}
    virtual void start_child(StartChildCall& /*call*/) {}
    virtual void send_signal(SendSignalCall& /*call*/) {}
    virtual void request_cancel(RequestCancelCall& /*call*/) {}
    virtual void start_nexus_operation(StartNexusOperationCall& /*call*/) {}
    virtual void upsert_search_attributes(UpsertSearchAttributesCall& /*call*/) {}
    virtual void upsert_memo(UpsertMemoCall& /*call*/) {}
    /// What it throws takes the place of the end of the run.
    virtual void continue_as_new(ContinueAsNewCall& /*call*/) {}
    /// The time limits of waits, too.
    virtual void start_timer(StartTimerCall& /*call*/) {}
};

}  // namespace hourglass::workflow
