#include "src/worker/poll_loop.hpp"

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
                stop(ExitReason::shutdown("worker_not_registered: " + answer.error_text()));
            }
        },
        supervision::kInfinity
    );
}

void PollLoop::begin(std::shared_ptr<Registration> registration) {
    registration_ = std::move(registration);
    if (registration_->shutting_down()) {
        // By a predecessor that was told to stop, with the supervisor of the loops alone: this
        // registration hands out nothing any more.
        report_registration_ended();
    } else {
        poll();
    }
}

void PollLoop::poll() {
    registration_->poll(
        options_.kind,
        [me = ref_to(*this),
         from = std::weak_ptr{registration_},
         kind = options_.kind](PollOutcome outcome) {
            const bool more = outcome.task != nullptr;
            me.cast([transit = InTransit{std::move(outcome)}](PollLoop& loop) mutable {
                loop.polled(transit.arrive());
            });
            const auto registration = from.lock();
            // From here, mostly a thread of Core, nobody is woken for it.
            if (more && registration) {
                registration->poll_ahead(kind);
            }
        }
    );
}

void PollLoop::polled(PollOutcome outcome) {
    if (outcome.task) {
        backoff_.reset();
        outage_.works(
            {{"task_queue", registration_->task_queue()}, {"kind", text_of(options_.kind)}}
        );
        // First, so that Core is not without a poll while the task is handed over, where none is
        // under way since this one was answered.
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
    } else if (!registration_->shutting_down()) {
        report_registration_ended();
    } else {
        drained_ = true;  // the other loop was told to stop before this one, which is told next
    }
}

void PollLoop::report_registration_ended() {
    options_.link->get().cast([ended = registration_](WorkerLink& link) {
        link.registration_ended(ended.get());
    });
    stop(ExitReason::shutdown("core_shut_down"));
}

void PollLoop::retry(const PollOutcome& outcome) {
    const auto wait = backoff_.next();
    outage_.failed(
        outcome.message,
        wait,
        {{"task_queue", registration_->task_queue()}, {"kind", text_of(options_.kind)}}
    );
    next_try_ = send_after(wait, [this] {
        next_try_.reset();
        poll();
    });
}

void PollLoop::handle_stop(const ExitReason& reason) {
    stopping_ = true;
    if (!registration_ || registration_->revoked() || drained_) {
        stop(reason);
        return;
    }
    registration_->initiate_shutdown();
    if (next_try_) {
        // The end comes as a poll's answer, and none is under way.
        cancel_timer(*std::exchange(next_try_, std::nullopt));
        poll();
    }
}

}  // namespace hourglass::worker
