#include "src/worker/task_lease.hpp"

#include "hourglass/base/log.hpp"
#include "src/client/callback_pool.hpp"
#include "src/core/reaper_answers.hpp"
#include "src/worker/registration.hpp"
#include "src/worker/task_coding.hpp"
#include "src/workflow/workflow_run.hpp"

#include "temporal/sdk/core/activity_task/activity_task.pb.h"
#include "temporal/sdk/core/core_interface.pb.h"
#include "temporal/sdk/core/nexus/nexus.pb.h"
#include "temporal/sdk/core/workflow_activation/workflow_activation.pb.h"
#include "temporal/sdk/core/workflow_completion/workflow_completion.pb.h"

#include <exception>
#include <utility>

namespace hourglass::worker {
namespace {

/// The type of the failure of a task that ends without an answer of its own.
const char* lost(TaskKind kind) {
    return kind == TaskKind::Workflow ? "WorkflowTaskLost" : "ActivityAttemptLost";
}

coresdk::workflow_activation::WorkflowActivation activation_in(const core::OwnedBytes& bytes) {
    const auto view = bytes.view();
    coresdk::workflow_activation::WorkflowActivation activation;
    activation.ParseFromArray(view.data(), static_cast<int>(view.size()));
    return activation;
}

/// @param key  as `TaskLease::key()` gives it.
/// @param type  of the failure; Nexus's errors have types of their own.
std::string failed_task(
    TaskKind kind, const std::string& key, const std::string& why, const char* type
) {
    switch (kind) {
        case TaskKind::Workflow:
            return core::failed_activation(key, why, type);
        case TaskKind::Activity:
            return core::failed_activity(key, why, type);
        case TaskKind::Nexus:
            break;
    }
    return core::failed_nexus(key, why, "INTERNAL");
}

void complete(
    core::CoreWorker& worker,
    TaskKind kind,
    std::string_view completion,
    core::VoidCallback callback
) {
    switch (kind) {
        case TaskKind::Workflow:
            worker.complete_workflow_activation(completion, std::move(callback));
            break;
        case TaskKind::Activity:
            worker.complete_activity_task(completion, std::move(callback));
            break;
        case TaskKind::Nexus:
            worker.complete_nexus_task(completion, std::move(callback));
            break;
    }
}

void report_late(
    const Registration& registration,
    const std::string& serialized_completion,
    const std::string& serialized_heartbeat
) {
    coresdk::ActivityTaskCompletion completion;
    completion.ParseFromString(serialized_completion);
    coresdk::ActivityHeartbeat last_heartbeat;
    last_heartbeat.ParseFromString(serialized_heartbeat);
    log::warn(
        "worker_not_registered: an activity outlived its worker's registration; its result goes to "
        "the server by its task token",
        {{"task_queue", registration.task_queue()}}
    );
    if (const auto& reports = registration.late().reports) {
        reports->report(
            completion.task_token(), registration.task_queue(), completion.result(), last_heartbeat
        );
    }
}

/// @param lease  null: the answer was the lease's own, and what says that it was lost would be
/// refused as well.
void not_taken(
    const std::shared_ptr<const TaskLease>& lease,
    TaskKind kind,
    bool local,
    core::CoreWorker& worker,
    const Registration& registration,
    const std::string& completion,
    const core::CallError& error
) {
    using core::Status;
    log::error(
        "Core did not take the answer to a task",
        {{"kind", text_of(kind)},
         {"task_queue", registration.task_queue()},
         {"reason", error.message}}
    );
    if (error.status == Status::InvalidArgument) {
        // A text that is not UTF-8, say. Core waits for an answer that it can read: without one the
        // run is stuck, the attempt hangs, and the worker never ends. Only a Nexus answer that it
        // can read and finds malformed has ended the task at Core: it takes no second one, and the
        // server asks again when the request has timed out.
        if (!lease) {
            return;
        }
        complete(
            worker,
            kind,
            failed_task(
                kind, lease->key(), "Core did not take the answer: " + error.message, lost(kind)
            ),
            [](const core::VoidResult& /*ignored*/) {}
        );
        return;
    }
    const bool worker_is_gone = error.status == Status::StaleHandle ||
                                error.status == Status::Shutdown || error.status == Status::Panic;
    if (!worker_is_gone || local) {
        return;
    }
    if (kind == TaskKind::Activity) {
        report_late(registration, completion, {});  // Core knows its heartbeats
    } else if (kind == TaskKind::Workflow) {
        registration.discarded_workflow_task();
    }  // who asked for a Nexus operation asks again
}

}  // namespace

TaskLease::TaskLease(
    std::shared_ptr<Registration> registration, TaskKind kind, core::OwnedBytes bytes
)
    : registration_{std::move(registration)}, kind_{kind}, bytes_{std::move(bytes)} {}

TaskLease::~TaskLease() {
    if (!answered_) {
        fail_unanswered(
            "the process that held this task ended without answering it; the server hands it out "
            "again"
        );
    }
}

std::string TaskLease::key() const {
    if (kind_ == TaskKind::Workflow) {
        return activation_in(bytes_).run_id();
    }
    const auto view = bytes_.view();
    if (kind_ == TaskKind::Nexus) {
        coresdk::nexus::NexusTask task;
        task.ParseFromArray(view.data(), static_cast<int>(view.size()));
        return task.task().task_token();
    }
    coresdk::activity_task::ActivityTask task;
    task.ParseFromArray(view.data(), static_cast<int>(view.size()));
    return task.has_start() ? task.task_token() : std::string{};
}

void TaskLease::dismiss() {
    answered_ = true;
    registration_->settle(this);
}

void TaskLease::decode(std::function<void()> then) {
    const auto& coding = registration_->coding();
    if (!coding) {
        then();
        return;
    }
    coding->run([self = shared_from_this(), then = std::move(then)] {
        try {
            self->decode_now();
        } catch (const std::exception& error) {
            self->fail_coding("the payloads of a task could not be decoded", error.what());
            return;
        }
        then();
    });
}

void TaskLease::decode_now() {
    if (const auto& coding = registration_->coding()) {
        switch (kind_) {
            case TaskKind::Workflow:
                decoded_ = coding->decode_activation(bytes_.view());
                break;
            case TaskKind::Activity:
                decoded_ = coding->decode_activity_task(bytes_.view());
                break;
            case TaskKind::Nexus:
                decoded_ = coding->decode_nexus_task(bytes_.view());
                break;
        }
    }
}

bool TaskLease::answer(std::string serialized_completion, Look look) {
    const auto& coding = registration_->coding();
    if (!coding) {
        if (look) {
            look(serialized_completion);
        }
        return send(std::move(serialized_completion));
    }
    const bool in_time = !registration_->revoked();
    coding->run([self = shared_from_this(),
                 completion = std::move(serialized_completion),
                 look = std::move(look)] { self->encode_and_send(completion, look); });
    return in_time;
}

void TaskLease::encode_and_send(const std::string& serialized_completion, const Look& look) {
    std::string encoded;
    try {
        auto& coding = *registration_->coding();
        switch (kind_) {
            case TaskKind::Workflow:
                encoded = coding.encode_activation_completion(serialized_completion);
                break;
            case TaskKind::Activity:
                encoded = coding.encode_activity_completion(bytes_.view(), serialized_completion);
                break;
            case TaskKind::Nexus:
                encoded = coding.encode_nexus_completion(serialized_completion);
                break;
        }
    } catch (const std::exception& error) {
        fail_coding("the payloads of an answer to a task could not be encoded", error.what());
        return;
    }
    if (look) {
        look(encoded);
    }
    send(std::move(encoded));
}

void TaskLease::fail_coding(const char* what, const std::string& why) {
    log::warn(
        std::string{what} + "; the task fails, and is tried again",
        {{"task_queue", registration_->task_queue()}, {"kind", text_of(kind_)}, {"reason", why}}
    );
    const std::string text = std::string{what} + ": " + why;
    send(failed_task(kind_, key(), text, kCodingFailed));
}

bool TaskLease::send(std::string serialized_completion) {
    answered_ = true;
    const auto worker = registration_->settle(this);
    if (!worker) {
        if (kind_ == TaskKind::Activity && !local_) {
            report_late(*registration_, serialized_completion, heartbeat_);
        } else if (kind_ == TaskKind::Nexus) {
            log::warn(
                "worker_not_registered: the answer to a Nexus request came when its worker's "
                "registration had ended; who asked was told to ask again",
                {{"task_queue", registration_->task_queue()}}
            );
        }
        return false;
    }
    const auto completion = std::make_shared<const std::string>(std::move(serialized_completion));
    // It knows what the task is, if its answer cannot be read. Null in its destructor.
    const std::shared_ptr<const TaskLease> lease = weak_from_this().lock();
    auto done =
        [lease, kind = kind_, local = local_, worker, registration = registration_, completion](
            core::VoidResult result
        ) {
            if (!result) {
                // On a thread of Core, which may not run the user's log sink.
                client::CallbackPool::shared().post([lease,
                                                     kind,
                                                     local,
                                                     worker,
                                                     registration,
                                                     completion,
                                                     error = std::move(result.error())] {
                    not_taken(lease, kind, local, *worker, *registration, *completion, error);
                });
            }
        };
    complete(*worker, kind_, *completion, std::move(done));
    return true;
}

void TaskLease::fail_unanswered(std::string_view why) noexcept {
    try {
        std::string id = key();
        if (id.empty()) {
            dismiss();
            return;
        }
        log::warn(
            std::string{why},
            {{"task_queue", registration_->task_queue()}, {"kind", text_of(kind_)}}
        );
        if (kind_ == TaskKind::Activity) {
            send(core::failed_activity(id, std::string{why}, lost(kind_)));
            return;
        }
        if (kind_ == TaskKind::Nexus) {
            send(core::unavailable_nexus(id, std::string{why}));
            return;
        }
        if (const auto& forget = registration_->late().forget_run) {
            forget(registration_->id(), id);
        }
        // An eviction is no workflow task that could fail: Core would complain.
        send(
            workflow::is_eviction(activation_in(bytes_))
                ? core::empty_completion(id)
                : core::failed_activation(id, std::string{why}, lost(kind_))
        );
    } catch (const std::exception& error) {
        registration_->settle(this);
        log::error("a lost task could not be answered", {{"reason", error.what()}});
    }
}

}  // namespace hourglass::worker
