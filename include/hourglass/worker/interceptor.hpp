#pragma once

#include "hourglass/activity/interceptor.hpp"
#include "hourglass/nexus/interceptor.hpp"
#include "hourglass/workflow/info.hpp"
#include "hourglass/workflow/interceptor.hpp"

#include <memory>

namespace hourglass {

/// Stands around what a worker runs: `WorkerOptions::interceptors`, the first one outermost. One
/// object for all activities and Nexus requests, and one made for each run of a workflow.
///
/// One that is in ClientOptions::interceptors of an Application, because it is a ClientInterceptor
/// as well, stands around the application's workers without being named there again.
/// @threads any, several at once.
class WorkerInterceptor : public activity::ActivityInterceptor, public nexus::OperationInterceptor {
public:
    /// What stands around one run, made before the workflow's object; null: nothing does.
    /// @param info  complete but for what changes from task to task.
    /// @throws what it likes: it counts as thrown by the workflow's constructor.
    /// @threads one that runs workflows; the result is that run's alone. It runs again when the run
    /// is replayed, and may neither block nor know what differs then.
    virtual std::unique_ptr<workflow::WorkflowInterceptor> workflow(
        const workflow::WorkflowInfo& /*info*/
    ) {
        return nullptr;
    }
};

}  // namespace hourglass
