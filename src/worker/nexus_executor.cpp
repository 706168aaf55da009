#include "src/worker/nexus_executor.hpp"

#include "hourglass/base/log.hpp"
#include "hourglass/worker/interceptor.hpp"
#include "src/convert/proto_time.hpp"
#include "src/worker/registration.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace hourglass::worker {
namespace {

using coresdk::nexus::NexusTask;
using coresdk::nexus::NexusTaskCancelReason;
using supervision::DynamicSupervisor;
using supervision::ExitReason;

// How long a cancelled handler may take to return once the program ends.
constexpr std::chrono::seconds kAfterCancellation{5};

/// Null if it is none.
std::shared_ptr<const NexusTask> task_of(const TaskLease& lease) {
    const auto bytes = lease.bytes();
    auto task = std::make_shared<NexusTask>();
    return task->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ? task : nullptr;
}

std::string operation_of(const NexusTask& task) {
    const auto& request = task.task().request();
    return request.has_cancel_operation() ? "cancel " + request.cancel_operation().operation()
                                          : request.start_operation().operation();
}

std::chrono::nanoseconds until(std::chrono::system_clock::time_point deadline) {
    // No server lets a request wait that long; the clock's arithmetic has its ends.
    constexpr std::chrono::hours kLongest{24 * 365};
    const auto now = std::chrono::system_clock::now();
    return std::clamp(deadline, now, now + kLongest) - now;
}

void start_executor(
    const std::shared_ptr<TaskLease>& lease,
    const std::shared_ptr<const NexusTask>& task,
    const supervision::Ref<DynamicSupervisor>& executors,
    const NexusServices& services,
    const std::shared_ptr<const void>& announced
) {
    const auto grace = lease->registration()->options().graceful_shutdown_timeout;
    supervision::ChildSpec spec{
        .id = operation_of(*task),
        .start =
            [lease, task, services, announced] {
                return std::make_unique<NexusExecutor>(lease, task, services, announced);
            },
        .restart = supervision::Restart::Temporary,
        .shutdown = grace + 2 * kAfterCancellation,  // it ends by itself before
    };
    executors.cast([spec = std::move(spec)](DynamicSupervisor& supervisor) mutable {
        supervisor.start_child(std::move(spec), {});
    });
}

}  // namespace

NexusExecutor::NexusExecutor(
    std::shared_ptr<TaskLease> lease,
    std::shared_ptr<const NexusTask> task,
    NexusServices services,
    std::shared_ptr<const void> announced
)
    : announced_{std::move(announced)},
      lease_{std::move(lease)},
      task_{std::move(task)},
      services_{std::move(services)} {}

NexusExecutor::~NexusExecutor() {
    if (request_ && !request_->ended()) {
        request_->cancel(nexus::CancellationReason::WorkerShutdown);
    }
}

void NexusExecutor::init() {
    trap_exit(true);
    const auto& registration = *lease_->registration();
    const auto& interceptors = registration.options().interceptors;
    worker_stops_.emplace(registration.shutdown_token(), WorkerStops{ref_to(*this)});
    request_ = nexus::Request::start(
        task_,
        std::shared_ptr<const nexus::Services>{
            lease_->registration(), &registration.options().nexus_services
        },
        {.pool = services_.pool,
         .client = services_.client,
         .task_queue = registration.task_queue(),
         .worker_shutdown = shutdown_.get_token(),
         .metrics = services_.metrics,
         .interceptors = {interceptors.begin(), interceptors.end()}},
        [me = ref_to(*this)](nexus::Request::Completion completion) {
            me.cast([answer = completion.SerializeAsString()](NexusExecutor& executor) {
                executor.lease_->answer(answer);
                executor.stop();
            });
        }
    );
    services_.running->started(
        task_->task().task_token(),
        [me = ref_to(*this)](const RunningNexusRequests::Cancel& cancel) {
            me.cast([reason = cancel.reason()](NexusExecutor& executor) { executor.cancel(reason); }
            );
        }
    );
    if (task_->has_request_deadline()) {
        // Core says so too, but no more once the registration has ended: a handler that waits for
        // its cancellation would keep its thread until the end of the program.
        send_after(until(convert::from_proto(task_->request_deadline())), [this] {
            cancel(coresdk::nexus::TIMED_OUT);
        });
    }
}

void NexusExecutor::cancel(NexusTaskCancelReason reason) {
    request_->cancel(
        reason == coresdk::nexus::WORKER_SHUTDOWN ? nexus::CancellationReason::WorkerShutdown
                                                  : nexus::CancellationReason::TimedOut
    );
}

void NexusExecutor::WorkerStops::operator()() const {
    executor.cast([](NexusExecutor& each) { each.shutdown_.request_stop(); });
}

void NexusExecutor::handle_stop(const ExitReason& /*reason*/) {
    // The worker of a request that is still here at the end of the program has had its grace
    // period. If the request outlived the registration nobody takes its answer: nothing is worth
    // waiting for.
    const auto& registration = *lease_->registration();
    const auto grace = registration.shutting_down() || registration.revoked()
                           ? std::chrono::milliseconds{0}
                           : registration.options().graceful_shutdown_timeout;
    shutdown_.request_stop();
    send_after(grace, [this] {
        cancel(coresdk::nexus::WORKER_SHUTDOWN);
        // Ends with the answer. A handler that does not listen is left behind on its thread.
        send_after(kAfterCancellation, [this] {
            log::error(
                "the handler of a Nexus operation does not end although it was cancelled; it is "
                "left behind",
                {{"operation", operation_of(*task_)},
                 {"task_queue", lease_->registration()->task_queue()}}
            );
            stop(ExitReason::named("cancellation_ignored", operation_of(*task_)));
        });
    });
}

void dispatch_nexus(
    std::shared_ptr<TaskLease> lease,
    const supervision::Ref<DynamicSupervisor>& executors,
    const NexusServices& services
) {
    const auto task = task_of(*lease);
    if (!task) {
        log::error(
            "a Nexus task could not be decoded",
            {{"task_queue", lease->registration()->task_queue()}}
        );
        return;
    }
    if (task->has_cancel_task()) {
        services.running->cancel(task->cancel_task().task_token(), task->cancel_task());
        lease->dismiss();
        return;
    }
    const std::string token = task->task().task_token();
    // Gone with the executor, or with the request for it if nobody takes that.
    const std::shared_ptr<const void> announced{
        nullptr, [running = services.running, token](const void*) { running->remove(token); }
    };
    services.running->announce(token);
    TaskLease& polled = *lease;
    polled.decode([lease = std::move(lease), task, executors, services, announced] {
        const auto decoded = lease->registration()->coding() ? task_of(*lease) : task;
        if (!decoded) {
            log::error(
                "a Nexus task could not be read once it was decoded",
                {{"task_queue", lease->registration()->task_queue()}}
            );
            return;  // the lease answers
        }
        start_executor(lease, decoded, executors, services, announced);
    });
}

}  // namespace hourglass::worker
