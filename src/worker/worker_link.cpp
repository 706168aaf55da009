#include "src/worker/worker_link.hpp"

#include "hourglass/base/log.hpp"

#include <utility>

namespace hourglass::worker {

using supervision::Answer;
using supervision::ExitReason;
using supervision::Reply;

WorkerLink::WorkerLink(
    WorkerOptions options,
    std::shared_ptr<BridgeAccess> bridge,
    supervision::Ref<supervision::Registry> registry,
    std::shared_ptr<Slot<supervision::Ref<WorkerLink>>> slot
)
    : options_{std::move(options)},
      bridge_{std::move(bridge)},
      registry_{std::move(registry)},
      slot_{std::move(slot)} {}

void WorkerLink::init() {
    trap_exit(true);
    slot_->set(ref_to(*this));
    defer_init();
    monitor(registry_.pid());
    request(
        registry_,
        [name = options_.task_queue, me = self()](supervision::Registry& registry) {
            registry.remove(name);
            return registry.add(name, me);
        },
        [this](Answer<bool> answer) { named(std::move(answer)); }
    );
}

void WorkerLink::named(Answer<bool> answer) {
    if (!answer) {
        stop(ExitReason::named("no_registry", answer.error_text()));
    } else {
        init_done();
        register_with_bridge();
    }
}

void WorkerLink::register_with_bridge() {
    when_ready(bridge_->register_worker(options_, self()), [this](Answer<RegisterResult> answer) {
        registered(std::move(answer));
    });
}

void WorkerLink::registered(Answer<RegisterResult> answer) {
    if (!answer) {
        try_again(answer.error_text());
        return;
    }
    RegisterResult result = std::move(answer).value();
    if (!result && result.error().status == core::Status::StaleHandle) {
        bridge_->report_stale_handle(result.error().message);
        return;  // the cascade that follows ends this process
    }
    if (!result) {
        try_again(result.error().message);
        return;
    }
    registration_ = *std::move(result);
    backoff_.reset();
    outage_.works({{"task_queue", options_.task_queue}});
    log::info("the worker is registered", {{"task_queue", options_.task_queue}});
    for (auto& reply : waiting_) {
        reply.send(registration_);
    }
    waiting_.clear();
}

void WorkerLink::when_registered(Reply<std::shared_ptr<Registration>> reply) {
    if (registration_) {
        reply.send(registration_);
    } else {
        waiting_.push_back(std::move(reply));
    }
}

void WorkerLink::registration_ended(const Registration* registration) {
    if (registration == registration_.get()) {
        stop(ExitReason::named("core_shut_down", options_.task_queue));
    }
}

void WorkerLink::handle_down(
    supervision::MonitorRef /*monitor*/,
    const supervision::Pid& /*process*/,
    const ExitReason& reason
) {
    stop(ExitReason::named("registry_gone").caused_by(reason));
}

void WorkerLink::handle_stop(const ExitReason& reason) {
    if (!registration_ || registration_->revoked()) {
        stop(reason);
        return;
    }
    when_ready(bridge_->unregister_worker(registration_), [this, reason](Answer<void> answer) {
        if (!answer) {
            log::debug("unregistering ended early", {{"reason", answer.error_text()}});
        }
        stop(reason);
    });
}

void WorkerLink::try_again(const std::string& why) {
    const auto wait = backoff_.next();
    outage_.failed(why, wait, {{"task_queue", options_.task_queue}});
    send_after(wait, [this] { register_with_bridge(); });
}

}  // namespace hourglass::worker
