#pragma once

#include "hourglass/supervision/dynamic_supervisor.hpp"
#include "hourglass/supervision/process.hpp"
#include "src/activity/attempt.hpp"
#include "src/worker/heartbeat_coding.hpp"
#include "src/worker/late_reports.hpp"
#include "src/worker/running_attempts.hpp"
#include "src/worker/task_lease.hpp"

#include "temporal/sdk/core/activity_task/activity_task.pb.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace hourglass::worker {

/// What all attempts of the process share; it outlives every cascade, as they do.
struct ExecutorServices {
    std::shared_ptr<activity::ThreadPool> pool;
    std::shared_ptr<activity::Timers> timers;
    std::shared_ptr<activity::isolation::IdleProcesses> processes;
    std::shared_ptr<RunningAttempts> running;
    std::shared_ptr<const LateReports> late = {};
    std::string namespace_name = {};
    /// Where bodies measure; null: nowhere.
    std::shared_ptr<detail::MetricRecorder> metrics = {};
};

/// One attempt of an activity: runs it, ships its result, ends.
///
/// It is not below the Subsystem, so no cascade stops it. If the worker's registration ended
/// meanwhile (the answer is `worker_not_registered`), the result goes straight to the server by the
/// task token, and so do the heartbeats.
class ActivityExecutor final : public supervision::Process {
public:
    ActivityExecutor(
        std::shared_ptr<TaskLease> lease,
        std::shared_ptr<const coresdk::activity_task::ActivityTask> task,
        ExecutorServices services,
        std::shared_ptr<const void> announced
    );

protected:
    void init() override;
    /// The program ends: the body is told, cancelled after the worker's grace period, and left
    /// behind if it does not return then; the server hears of it.
    void handle_stop(const supervision::ExitReason& reason) override;

private:
    void heartbeat(std::string serialized);
    void send_late_heartbeat();
    void late_heartbeat_answered(LateReports::HeartbeatAnswer answer);
    /// Where the attempt's heartbeats go, encoded if that is asked for.
    [[nodiscard]] std::function<void(std::string)> heartbeats();
    void finished(const coresdk::activity_result::ActivityExecutionResult& result);
    void answer(coresdk::activity_result::ActivityExecutionResult result);
    void cancel(coresdk::activity_task::ActivityCancelReason reason);
    /// Tells the body, and cancels it after the grace period if it is local: with the others Core
    /// does.
    void worker_stops();

    /// Keeps the attempt's place among the RunningAttempts.
    std::shared_ptr<const void> announced_;
    std::shared_ptr<TaskLease> lease_;
    std::shared_ptr<const coresdk::activity_task::ActivityTask> task_;
    ExecutorServices services_;
    /// Only posts: what a body does with it must not hold up the worker's end, nor other bodies.
    struct WorkerStops {
        supervision::Ref<ActivityExecutor> executor;
        void operator()() const;
    };
    /// Tells the body that its worker, or the program, shuts down.
    std::stop_source shutdown_;
    std::optional<std::stop_callback<WorkerStops>> worker_stops_;
    std::shared_ptr<activity::Attempt> attempt_;
    std::optional<std::string> pending_heartbeat_;
    bool heartbeat_under_way_ = false;
    /// Null if nothing is to be done with payloads.
    std::shared_ptr<HeartbeatCoding> heartbeat_coding_;
    /// Why a heartbeat could not be encoded: the attempt fails with it.
    std::optional<std::string> coding_failure_;
};

/// Starts an executor for an attempt, or hands a cancellation to the attempt that it names.
void dispatch_activity(
    std::shared_ptr<TaskLease> lease,
    const supervision::Ref<supervision::DynamicSupervisor>& executors,
    const ExecutorServices& services
);

}  // namespace hourglass::worker
