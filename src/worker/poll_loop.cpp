#include "src/worker/poll_loop.hpp"

#include "hourglass/base/log.hpp"

#include <utility>

namespace hourglass::worker {
namespace {

using supervision::ExitReason;

/// A polled task on its way to its loop. If the loop ends before it reads the message, the task
/// goes back to the registration, for the next loop.
class InTransit {
public:
    explicit InTransit(PollOutcome outcome) : outcome_{std::move(outcome)} {}
    InTransit(InTransit&&) noexcept = default;
    InTransit& operator=(InTransit&&) = delete;
    InTransit(const InTransit&) = delete;
    InTransit& operator=(const InTransit&) = delete;
    ~InTransit() {
        if (auto task = std::move(outcome_.task)) {
            const auto registration = task->registration();
            registration->keep(std::move(task));
        }
    }

    PollOutcome arrive() { return std::move(outcome_); }

private:
    PollOutcome outcome_;
};

}  // namespace

PollLoop::PollLoop(Options options) : options_{std::move(options)} {}

void PollLoop::init() {
    trap_exit(true);
    // No timeout: either the link registers, or it ends and this loop with it.
    request_async<std::shared_ptr<Registration>>(
        options_.link->get(),
        [](WorkerLink& link, supervision::Reply<std::shared_ptr<Registration>> reply) {
            link.when_registered(std::move(reply));
        },
        [this](supervision::Answer<std::shared_ptr<Registration>> answer) {
            if (answer) {
                begin(std::move(answer).value());
            } else {
                stop(ExitReason::named("worker_not_registered", answer.error_text()));
            }
        },
        supervision::kInfinity
    );
}

void PollLoop::begin(std::shared_ptr<Registration> registration) {
    registration_ = std::move(registration);
    if (stopping_) {
        registration_->initiate_shutdown();
    }
    poll();
}

void PollLoop::poll() {
    registration_->poll(options_.kind, [me = ref_to(*this)](PollOutcome outcome) {
        me.cast([transit = InTransit{std::move(outcome)}](PollLoop& loop) mutable {
            loop.polled(transit.arrive());
        });
    });
}

void PollLoop::polled(PollOutcome outcome) {
    if (outcome.task) {
        if (failing_) {
            failing_ = false;
            backoff_.reset();
            log::info(
                "polling works again",
                {{"task_queue", registration_->task_queue()}, {"kind", text_of(options_.kind)}}
            );
        }
        // First the next poll, so that Core is never without one while the task is handed over.
        poll();
        options_.dispatch(std::move(outcome.task));
        return;
    }
    switch (outcome.status) {
        case core::Status::Shutdown:
            ended();
            return;
        case core::Status::StaleHandle:
            options_.report_stale_handle(outcome.message);
            stop(ExitReason::named("stale_handle", outcome.message));
            return;
        default:
            retry(outcome);
    }
}

void PollLoop::ended() {
    if (stopping_) {
        stop(ExitReason::shutdown());
    } else if (registration_->revoked()) {
        stop(ExitReason::shutdown("worker_not_registered"));
    } else if (registration_->shutting_down()) {
        stop(ExitReason::normal());  // the other loop was told to stop first
    } else {
        stop(ExitReason::named("core_shut_down", registration_->task_queue()));
    }
}

void PollLoop::retry(const PollOutcome& outcome) {
    const auto wait = backoff_.next();
    if (!std::exchange(failing_, true)) {
        log::warn(
            "polling fails; trying again until it works",
            {{"task_queue", registration_->task_queue()},
             {"kind", text_of(options_.kind)},
             {"reason", outcome.message}}
        );
    }
    send_after(wait, [this] { poll(); });
}

void PollLoop::handle_stop(const ExitReason& reason) {
    stopping_ = true;
    if (!registration_ || registration_->revoked()) {
        stop(reason);
        return;
    }
    registration_->initiate_shutdown();
}

}  // namespace hourglass::worker
