#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/base/next.hpp"
#include "hourglass/client/activity_interceptor.hpp"
#include "hourglass/client/calls.hpp"
#include "hourglass/client/nexus_interceptor.hpp"
#include "hourglass/client/schedule_interceptor.hpp"
#include "hourglass/client/workflow_call_interceptor.hpp"
#include "hourglass/client/workflow_description.hpp"

#include <utility>

namespace hourglass {

/// Stands around the calls of a client: `ClientOptions::interceptors`, the first one outermost.
///
/// Each method gets a call and the rest of the chain; what is not overridden goes on unchanged. It
/// may change the call, answer without going on, go on twice, or look at the answer:
/// `Future<…> sent = next(std::move(call)); sent.on_ready([sent] { … sent.error() … });`.
///
/// The bases have what is not here, by topic. Those of namespaces, task queues, worker deployments
/// and endpoints (admin::…) and raw calls go past it. Each kind of start has a method of its own:
/// `start_workflow` is not called for signal_with_start, update_with_start, schedules, standalone
/// activities or Nexus operations.
///
/// What the call fails with is in the Future of `next`, what another override throws included. Only
/// what comes from outside of Hourglass, such as std::bad_alloc, may `next` itself throw. What an
/// override throws is in the caller's Future, so that the plain twin of the call throws it.
///
/// It must not own a client whose interceptor it is: each would keep the other one for ever.
/// @threads any, several at once. A method runs on the thread that makes the call, and must not
/// wait for the answer there: the call may be one of those that return at once.
class ClientInterceptor : public WorkflowCallInterceptor,
                          public ScheduleCallInterceptor,
                          public ActivityCallInterceptor,
                          public NexusCallInterceptor {
public:
    /// `start`, and the start in `execute`.
    virtual Future<WorkflowRef> start_workflow(
        StartWorkflowCall call, Next<StartWorkflowCall, Future<WorkflowRef>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<WorkflowRef> signal_with_start(
        SignalWithStartCall call, Next<SignalWithStartCall, Future<WorkflowRef>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<StartedWithUpdate> update_with_start(
        UpdateWithStartCall call, Next<UpdateWithStartCall, Future<StartedWithUpdate>> next
    ) {
        return next(std::move(call));
    }

    virtual Future<void> signal_workflow(
        SignalWorkflowCall call, Next<SignalWorkflowCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    /// Gives the result, one payload.
    virtual Future<Payloads> query_workflow(
        QueryWorkflowCall call, Next<QueryWorkflowCall, Future<Payloads>> next
    ) {
        return next(std::move(call));
    }
    /// `update` and `start_update`. Gives the update once it has come to the stage that the options
    /// name; of `update`, whose stage is Completed, with the outcome or failed with it.
    virtual Future<WorkflowUpdateRef> update_workflow(
        UpdateWorkflowCall call, Next<UpdateWorkflowCall, Future<WorkflowUpdateRef>> next
    ) {
        return next(std::move(call));
    }

    virtual Future<void> cancel_workflow(
        CancelWorkflowCall call, Next<CancelWorkflowCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> terminate_workflow(
        TerminateWorkflowCall call, Next<TerminateWorkflowCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<WorkflowDescription> describe_workflow(
        DescribeWorkflowCall call, Next<DescribeWorkflowCall, Future<WorkflowDescription>> next
    ) {
        return next(std::move(call));
    }
};

}  // namespace hourglass
