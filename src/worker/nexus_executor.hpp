#pragma once

#include "hourglass/supervision/dynamic_supervisor.hpp"
#include "hourglass/supervision/process.hpp"
#include "src/nexus/request.hpp"
#include "src/worker/running_attempts.hpp"
#include "src/worker/task_lease.hpp"

#include "temporal/sdk/core/nexus/nexus.pb.h"

#include <memory>
#include <optional>
#include <stop_token>

namespace hourglass::worker {

/// What all handlers of Nexus requests in the process share; it outlives every cascade.
struct NexusServices {
    std::shared_ptr<activity::ThreadPool> pool;
    /// Starts and cancels the workflows that operations are, and is the handlers'.
    client::RpcContextPtr client;
    /// Where handlers measure; null: nowhere.
    std::shared_ptr<detail::MetricRecorder> metrics = {};
    std::shared_ptr<RunningNexusRequests> running = std::make_shared<RunningNexusRequests>();
};

/// One request to start or cancel a Nexus operation: has it handled, ships the answer, ends.
///
/// It is not below the Subsystem, so no cascade stops it. If the worker's registration ended
/// meanwhile, whoever asked was told to ask again, and the answer is of no use.
class NexusExecutor final : public supervision::Process {
public:
    NexusExecutor(
        std::shared_ptr<TaskLease> lease,
        std::shared_ptr<const coresdk::nexus::NexusTask> task,
        NexusServices services,
        std::shared_ptr<const void> announced
    );
    /// A crash, too, tells the handler: nobody else would any more.
    ~NexusExecutor() override;
    NexusExecutor(const NexusExecutor&) = delete;
    NexusExecutor& operator=(const NexusExecutor&) = delete;

protected:
    void init() override;
    /// The program ends: the handler is told, cancelled after the worker's grace period, and left
    /// behind if it does not return then.
    void handle_stop(const supervision::ExitReason& reason) override;

private:
    void cancel(coresdk::nexus::NexusTaskCancelReason reason);

    /// Keeps the request's place among the running ones.
    std::shared_ptr<const void> announced_;
    std::shared_ptr<TaskLease> lease_;
    std::shared_ptr<const coresdk::nexus::NexusTask> task_;
    NexusServices services_;
    /// Only posts: what a handler does with it must not hold up the worker's end.
    struct WorkerStops {
        supervision::Ref<NexusExecutor> executor;
        void operator()() const;
    };
    /// Tells the handler that its worker, or the program, shuts down.
    std::stop_source shutdown_;
    std::optional<std::stop_callback<WorkerStops>> worker_stops_;
    std::shared_ptr<nexus::Request> request_;
};

/// Starts an executor for a request, or hands a cancellation to the request that it names.
void dispatch_nexus(
    std::shared_ptr<TaskLease> lease,
    const supervision::Ref<supervision::DynamicSupervisor>& executors,
    const NexusServices& services
);

}  // namespace hourglass::worker
