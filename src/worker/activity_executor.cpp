#include "src/worker/activity_executor.hpp"

#include "hourglass/base/log.hpp"
#include "src/worker/registration.hpp"

#include <utility>

namespace hourglass::worker {
namespace {

using coresdk::activity_result::ActivityExecutionResult;
using coresdk::activity_task::ActivityTask;
using supervision::DynamicSupervisor;
using supervision::ExitReason;
using supervision::Pid;

}  // namespace

ActivityExecutor::ActivityExecutor(
    std::shared_ptr<TaskLease> lease,
    std::shared_ptr<const ActivityTask> task,
    ExecutorServices services,
    std::shared_ptr<const void> announced
)
    : announced_{std::move(announced)},
      lease_{std::move(lease)},
      task_{std::move(task)},
      services_{std::move(services)} {}

void ActivityExecutor::init() {
    trap_exit(true);
    const auto& registration = *lease_->registration();
    const auto& options = registration.options();
    activity::Environment environment;
    environment.pool = services_.pool;
    environment.timers = services_.timers;
    environment.heartbeat = [me = ref_to(*this), lease = lease_](std::string serialized) {
        // Core throttles heartbeats and keeps the last one; only without Core they take the way
        // over the process.
        if (lease->registration()->record_heartbeat(serialized) == core::Status::Shutdown) {
            me.cast([serialized = std::move(serialized)](ActivityExecutor& executor) mutable {
                executor.heartbeat(std::move(serialized));
            });
        }
    };
    environment.task_queue = options.task_queue;
    environment.client_namespace = services_.namespace_name;
    environment.worker_shutdown = registration.shutdown_token();
    attempt_ = activity::Attempt::start(
        task_->start(),
        task_->task_token(),
        registration.activities(),
        options.objects,
        std::move(environment),
        [me = ref_to(*this)](ActivityExecutionResult result) {
            me.cast([result = std::move(result)](ActivityExecutor& executor) {
                executor.finished(result);
            });
        }
    );
    services_.running->started(task_->task_token(), attempt_);
}

void ActivityExecutor::finished(const ActivityExecutionResult& result) {
    coresdk::ActivityTaskCompletion completion;
    completion.set_task_token(task_->task_token());
    *completion.mutable_result() = result;
    const auto& type = task_->start().activity_type();
    if (!lease_->answer(completion.SerializeAsString())) {
        log::warn(
            "worker_not_registered: an activity outlived its worker's registration; its result "
            "goes to the server by "
            "its task token",
            {{"activity", type}, {"task_queue", lease_->registration()->task_queue()}}
        );
        services_.late->report(task_->task_token(), type, result);
    }
    stop();
}

void ActivityExecutor::heartbeat(std::string serialized) {
    pending_heartbeat_ = std::move(serialized);
    if (!heartbeat_under_way_) {
        send_late_heartbeat();
    }
}

void ActivityExecutor::send_late_heartbeat() {
    coresdk::ActivityHeartbeat heartbeat;
    heartbeat.ParseFromString(*std::exchange(pending_heartbeat_, std::nullopt));
    heartbeat_under_way_ = true;
    services_.late->heartbeat(heartbeat, [me = ref_to(*this)](LateReports::HeartbeatAnswer answer) {
        me.cast([answer](ActivityExecutor& executor) { executor.late_heartbeat_answered(answer); });
    });
}

void ActivityExecutor::late_heartbeat_answered(LateReports::HeartbeatAnswer answer) {
    heartbeat_under_way_ = false;
    if (answer.gone) {
        cancel(coresdk::activity_task::ActivityCancelReason::NOT_FOUND);
    } else if (answer.cancel_requested) {
        cancel(coresdk::activity_task::ActivityCancelReason::CANCELLED);
    }
    if (pending_heartbeat_) {
        send_late_heartbeat();
    }
}

void ActivityExecutor::cancel(coresdk::activity_task::ActivityCancelReason reason) {
    coresdk::activity_task::Cancel cancel;
    cancel.set_reason(reason);
    attempt_->cancel(cancel);
}

void ActivityExecutor::handle_stop(const ExitReason& /*reason*/) {
    // Ends with `finished`, or is killed by the supervisor when its time is up.
    cancel(coresdk::activity_task::ActivityCancelReason::WORKER_SHUTDOWN);
}

void dispatch_activity(
    std::shared_ptr<TaskLease> lease,
    const supervision::Ref<DynamicSupervisor>& executors,
    const ExecutorServices& services
) {
    const auto bytes = lease->bytes();
    const auto task = std::make_shared<ActivityTask>();
    if (!task->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        log::error(
            "an activity task could not be decoded",
            {{"task_queue", lease->registration()->task_queue()}}
        );
        return;
    }
    if (task->has_cancel()) {
        services.running->cancel(task->task_token(), task->cancel());
        lease->dismiss();
        return;
    }
    // Gone with the executor, or with the request for it if nobody takes that.
    const std::shared_ptr<const void> announced{
        nullptr,
        [running = services.running, token = task->task_token()](const void*) {
            running->remove(token);
        }
    };
    services.running->announce(task->task_token());
    supervision::ChildSpec spec{
        .id = task->start().activity_type(),
        .start =
            [lease = std::move(lease), task, services, announced] {
                return std::make_unique<ActivityExecutor>(lease, task, services, announced);
            },
        .restart = supervision::Restart::Temporary,
    };
    executors.cast([spec = std::move(spec)](DynamicSupervisor& supervisor) mutable {
        supervisor.start_child(std::move(spec), {});
    });
}

}  // namespace hourglass::worker
