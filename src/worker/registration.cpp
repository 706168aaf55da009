#include "src/worker/registration.hpp"

#include "src/worker/activities_of.hpp"
#include "src/worker/late_reports.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hourglass::worker {

Registration::Registration(
    std::uint64_t id,
    std::shared_ptr<const WorkerOptions> options,
    std::shared_ptr<core::CoreWorker> worker,
    LateWork late,
    std::shared_ptr<TaskCoding> coding
)
    : id_{id},
      options_{std::move(options)},
      activities_{activities_of(*options_)},
      late_{std::move(late)},
      coding_{std::move(coding)},
      worker_{std::move(worker)} {}

bool Registration::revoked() const {
    const std::lock_guard lock{mutex_};
    return revoked_;
}

void Registration::discarded_workflow_task() const {
    if (late_.reports) {  // a replay has none
        late_.reports->discarded_workflow_task();
    }
}

std::size_t Registration::outstanding() const {
    const std::lock_guard lock{mutex_};
    return outstanding_.size();
}

void Registration::poll(TaskKind kind, PollCallback callback) {
    std::shared_ptr<core::CoreWorker> worker;
    PollOutcome at_once{.status = core::Status::Shutdown, .message = "worker_not_registered"};
    {
        const std::lock_guard lock{mutex_};
        auto& [waiting, polling, tasks, failed] = lane(kind);
        if (!tasks.empty()) {
            at_once = {.task = std::move(tasks.front())};
            tasks.pop_front();
        } else if (worker_ && failed) {
            at_once = *std::exchange(failed, std::nullopt);
        } else if (worker_) {
            std::swap(waiting, callback);
            at_once.message = "another poller has taken over";
            if (!std::exchange(polling, true)) {
                worker = worker_;
            }
        }
    }
    if (callback) {
        callback(std::move(at_once));
    }
    if (worker) {
        begin_poll(*worker, kind);
    }
}

void Registration::poll_ahead(TaskKind kind) {
    std::shared_ptr<core::CoreWorker> worker;
    {
        const std::lock_guard lock{mutex_};
        Lane& its = lane(kind);
        // At most one ahead: what is not taken yet holds a slot.
        if (worker_ && its.kept.empty() && !its.failed && !std::exchange(its.polling, true)) {
            worker = worker_;
        }
    }
    if (worker) {
        begin_poll(*worker, kind);
    }
}

void Registration::begin_poll(core::CoreWorker& worker, TaskKind kind) {
    auto deliver = [self = shared_from_this(), kind](core::BytesResult result) {
        self->delivered(kind, std::move(result));
    };
    switch (kind) {
        case TaskKind::Workflow:
            worker.poll_workflow_activation(std::move(deliver));
            break;
        case TaskKind::Activity:
            worker.poll_activity_task(std::move(deliver));
            break;
        case TaskKind::Nexus:
            worker.poll_nexus_task(std::move(deliver));
            break;
    }
}

void Registration::delivered(TaskKind kind, core::BytesResult result) {
    PollOutcome outcome;
    if (result) {
        outcome.task = std::make_shared<TaskLease>(shared_from_this(), kind, std::move(*result));
    } else {
        outcome.status = result.error().status;
        outcome.message = result.error().message;
    }
    PollCallback waiting;
    {
        const std::lock_guard lock{mutex_};
        Lane& its = lane(kind);
        its.polling = false;
        waiting = std::move(its.waiting);
        its.waiting = nullptr;
        if (outcome.task) {
            // Not revoked: a revocation waits for this callback, and lets no later one bring a
            // task.
            outstanding_.insert(outcome.task.get());
        }
        if (!waiting && outcome.task) {
            // Under the same lock, so that what Core hands out next cannot pass it.
            its.kept.push_back(std::move(outcome.task));
        } else if (!waiting) {
            its.failed = std::move(outcome);
        }
    }
    if (waiting) {
        waiting(std::move(outcome));
    }
}

void Registration::keep(std::shared_ptr<TaskLease> task) {
    bool revoked = false;
    PollCallback waiting;
    {
        const std::lock_guard lock{mutex_};
        Lane& its = lane(task->kind());
        if (!worker_) {
            revoked = true;
        } else if (its.waiting) {
            // The Core poll goes on; what it brings meets the next callback, or is kept.
            waiting = std::move(its.waiting);
            its.waiting = nullptr;
        } else {
            // It was handed out before any that is kept: a cancellation of it may be among them.
            its.kept.push_front(std::move(task));
            return;
        }
    }
    if (waiting) {
        waiting({.task = std::move(task)});
    } else if (revoked && task->kind() == TaskKind::Activity) {
        late_.run(std::move(task));
    }  // anything else was outstanding at the revocation: the reaper answers it
}

std::shared_ptr<core::CoreWorker> Registration::worker() const {
    const std::lock_guard lock{mutex_};
    return worker_;
}

core::Status Registration::record_heartbeat(std::string serialized_heartbeat) {
    const auto worker = this->worker();
    if (!worker) {
        return core::Status::Shutdown;
    }
    return worker->record_activity_heartbeat(std::move(serialized_heartbeat));
}

core::VoidResult Registration::replace_connection(std::shared_ptr<core::Connection> connection) {
    const auto worker = this->worker();
    if (!worker) {
        return failure(core::CallError{
            .status = core::Status::Shutdown, .message = "the registration has ended"
        });
    }
    return worker->replace_client(std::move(connection));
}

void Registration::evict(const std::string& run_id) {
    const auto worker = this->worker();
    if (worker) {  // else its runs are gone anyway
        static_cast<void>(worker->request_workflow_eviction(run_id));
    }
}

void Registration::initiate_shutdown() {
    const auto worker = this->worker();
    // First: a poller whose poll ends now must not take that for Core's own doing. It only posts.
    shutdown_.request_stop();
    if (worker) {
        worker->initiate_shutdown();
    }
}

std::optional<Leftovers> Registration::revoke() {
    std::shared_ptr<core::CoreWorker> worker;
    {
        const std::lock_guard lock{mutex_};
        // First: a poller whose poll ends now must not take that for Core's own doing.
        revoked_ = true;
        worker = worker_;
    }
    if (worker) {
        // Before anything is counted, so that no poll brings a task that nobody answers to Core.
        worker->refuse_polls();
    }
    Leftovers left;
    const std::lock_guard lock{mutex_};
    if (!worker_) {
        return std::nullopt;
    }
    left.worker = std::move(worker_);
    for (Lane& each : lanes_) {
        std::move(each.kept.begin(), each.kept.end(), std::back_inserter(left.undelivered));
        each.kept.clear();
    }
    // A lease leaves the set under this lock before it ends, so every pointer here is alive.
    for (const TaskLease* task : outstanding_) {
        std::string key = task->key();
        if (key.empty()) {
            continue;  // the cancellation of another task: Core expects no answer
        }
        left.of(task->kind()).push_back(std::move(key));
    }
    outstanding_.clear();
    return left;
}

std::shared_ptr<core::CoreWorker> Registration::settle(TaskLease* lease) {
    const std::lock_guard lock{mutex_};
    outstanding_.erase(lease);
    return worker_;
}

}  // namespace hourglass::worker
