#include "src/worker/activity_executor.hpp"

#include "hourglass/base/log.hpp"
#include "hourglass/worker/interceptor.hpp"
#include "src/worker/registration.hpp"

#include <chrono>
#include <utility>

namespace hourglass::worker {
namespace {

using coresdk::activity_result::ActivityExecutionResult;
using coresdk::activity_task::ActivityTask;
using supervision::DynamicSupervisor;
using supervision::ExitReason;
using supervision::Pid;

// How long a cancelled body may take to return once the program ends.
constexpr std::chrono::seconds kAfterCancellation{5};

/// Core numbers local activities anew for each registration: their tokens alone would be confused.
std::string key_of(const TaskLease& lease, const ActivityTask& task) {
    return std::to_string(lease.registration()->id()) + ":" + task.task_token();
}

/// Null if it is none.
std::shared_ptr<const ActivityTask> task_of(const TaskLease& lease) {
    const auto bytes = lease.bytes();
    auto task = std::make_shared<ActivityTask>();
    return task->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ? task : nullptr;
}

void start_executor(
    const std::shared_ptr<TaskLease>& lease,
    const std::shared_ptr<const ActivityTask>& task,
    const supervision::Ref<DynamicSupervisor>& executors,
    const ExecutorServices& services,
    const std::shared_ptr<const void>& announced
) {
    const auto grace = lease->registration()->options().graceful_shutdown_timeout;
    supervision::ChildSpec spec{
        .id = task->start().activity_type(),
        .start =
            [lease, task, services, announced] {
                return std::make_unique<ActivityExecutor>(lease, task, services, announced);
            },
        .restart = supervision::Restart::Temporary,
        .shutdown = grace + 2 * kAfterCancellation,  // it ends by itself before
    };
    executors.cast([spec = std::move(spec)](DynamicSupervisor& supervisor) mutable {
        supervisor.start_child(std::move(spec), {});
    });
}

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
    environment.processes = services_.processes;
    environment.heartbeat = heartbeats();
    environment.task_queue = options.task_queue;
    environment.client_namespace = services_.namespace_name;
    environment.worker_shutdown = shutdown_.get_token();
    environment.metrics = services_.metrics;
    environment.interceptors.assign(options.interceptors.begin(), options.interceptors.end());
    worker_stops_.emplace(registration.shutdown_token(), WorkerStops{ref_to(*this)});
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
    services_.running->started(
        key_of(*lease_, *task_),
        [me = ref_to(*this)](const RunningAttempts::Cancel& cancel) {
            me.cast([cancel](ActivityExecutor& executor) { executor.attempt_->cancel(cancel); });
        }
    );
}

std::function<void(std::string)> ActivityExecutor::heartbeats() {
    // Not the lease: a body that is left behind must not keep it from being answered.
    auto send = [me = ref_to(*this), worker = lease_->registration()](std::string serialized) {
        // Core throttles heartbeats and keeps the last one; only without Core they take the way
        // over the process.
        const auto status = worker->record_heartbeat(serialized);
        if (status != core::Status::Ok && status != core::Status::InvalidArgument) {
            me.cast([serialized = std::move(serialized)](ActivityExecutor& executor) mutable {
                executor.heartbeat(std::move(serialized));
            });
        }
    };
    const auto& coding = lease_->registration()->coding();
    if (!coding) {
        return send;
    }
    heartbeat_coding_ = std::make_shared<HeartbeatCoding>(
        coding,
        coding->context_of(lease_->bytes()),
        std::move(send),
        [me = ref_to(*this)](std::string why) {
            me.cast([why = std::move(why)](ActivityExecutor& executor) {
                executor.coding_failure_ = why;
                // It goes on for nothing.
                executor.cancel(coresdk::activity_task::ActivityCancelReason::CANCELLED);
            });
        }
    );
    return [coded = heartbeat_coding_](std::string serialized) {
        coded->record(std::move(serialized));
    };
}

void ActivityExecutor::finished(const ActivityExecutionResult& result) {
    if (!heartbeat_coding_) {
        answer(result);
        return;
    }
    heartbeat_coding_->when_idle([me = ref_to(*this), result] {
        me.cast([result](ActivityExecutor& executor) { executor.answer(result); });
    });
}

void ActivityExecutor::answer(ActivityExecutionResult result) {
    if (coding_failure_) {
        auto* const failure = result.mutable_failed()->mutable_failure();
        failure->Clear();
        failure->set_message(
            "the details of a heartbeat could not be encoded: " + *coding_failure_
        );
        failure->mutable_application_failure_info()->set_type(kCodingFailed);
    }
    coresdk::ActivityTaskCompletion completion;
    completion.set_task_token(task_->task_token());
    *completion.mutable_result() = std::move(result);
    lease_->answer(completion.SerializeAsString());
    stop();
}

void ActivityExecutor::heartbeat(std::string serialized) {
    lease_->keep_heartbeat(serialized);
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

void ActivityExecutor::WorkerStops::operator()() const {
    executor.cast([](ActivityExecutor& each) { each.worker_stops(); });
}

void ActivityExecutor::worker_stops() {
    shutdown_.request_stop();
    if (!task_->start().is_local()) {
        return;  // Core cancels it
    }
    send_after(lease_->registration()->options().graceful_shutdown_timeout, [this] {
        cancel(coresdk::activity_task::ActivityCancelReason::WORKER_SHUTDOWN);
    });
}

void ActivityExecutor::handle_stop(const ExitReason& /*reason*/) {
    // The worker of an attempt that is still here at the end of the program has had its grace
    // period, unless the attempt outlived the registration: then nobody has told it yet.
    const auto& registration = *lease_->registration();
    const auto grace = registration.shutting_down()
                           ? std::chrono::milliseconds{0}
                           : registration.options().graceful_shutdown_timeout;
    shutdown_.request_stop();
    send_after(grace, [this] {
        cancel(coresdk::activity_task::ActivityCancelReason::WORKER_SHUTDOWN);
        // Ends with `finished`. A body that does not listen is left behind on its thread.
        send_after(kAfterCancellation, [this] {
            log::error(
                "an activity does not end although it was cancelled; it is left behind",
                {{"activity", task_->start().activity_type()},
                 {"task_queue", lease_->registration()->task_queue()}}
            );
            stop(ExitReason::named("cancellation_ignored", task_->start().activity_type()));
        });
    });
}

void dispatch_activity(
    std::shared_ptr<TaskLease> lease,
    const supervision::Ref<DynamicSupervisor>& executors,
    const ExecutorServices& services
) {
    const auto task = task_of(*lease);
    if (!task) {
        log::error(
            "an activity task could not be decoded",
            {{"task_queue", lease->registration()->task_queue()}}
        );
        return;
    }
    if (task->has_cancel()) {
        services.running->cancel(key_of(*lease, *task), task->cancel());
        lease->dismiss();
        return;
    }
    if (task->start().is_local()) {
        lease->mark_local();
        if (lease->registration()->revoked()) {
            // The lease's end answers Core, if Core still waits. Nobody else could take it: the
            // next worker of the run makes it again.
            return;
        }
    }
    // Gone with the executor, or with the request for it if nobody takes that.
    const std::shared_ptr<const void> announced{
        nullptr,
        [running = services.running, key = key_of(*lease, *task)](const void*) {
            running->remove(key);
        }
    };
    services.running->announce(key_of(*lease, *task));
    TaskLease& polled = *lease;
    polled.decode([lease = std::move(lease), task, executors, services, announced] {
        start_executor(
            lease,
            lease->registration()->coding() ? task_of(*lease) : task,
            executors,
            services,
            announced
        );
    });
}

}  // namespace hourglass::worker
