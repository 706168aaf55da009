// How a process ends: by itself, or declared dead by others.
#include "src/supervision/cell.hpp"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <utility>

namespace hourglass::supervision::detail {

Cell::KillOutcome Cell::kill_now(const ExitReason& reason) {
    Remains remains;
    bool running = false;
    bool schedule = false;
    {
        const std::lock_guard lock{mutex_};
        if (closed_) {
            return KillOutcome::WasDead;
        }
        close_locked(reason, remains);
        running = turn_ == Turn::Running;
        abandoned_ = running;
        thread_is_lost_ = running;
        schedule = turn_ == Turn::Idle;
        if (schedule) {
            turn_ = Turn::Scheduled;
        }
        attention_.store(true, std::memory_order_release);
    }
    if (running) {
        runtime_->thread_lost();
    } else if (schedule) {
        runtime_->enqueue(shared_from_this());  // a turn that finds it closed buries it
    }
    announce(std::move(remains));
    return running ? KillOutcome::Abandoned : KillOutcome::Killed;
}

void Cell::end_now() {
    kill_now();
    {
        const std::lock_guard lock{mutex_};
        if (turn_ == Turn::Running) {
            return;  // left behind on its thread, which buries it when the handler returns
        }
        turn_ = Turn::Running;
    }
    const CurrentCell current{this};
    bury();
}

void Cell::finish(const ExitReason& reason) {
    if (started_ && reason.kind() != ExitReason::Kind::Killed) {
        process_->terminate(reason);
    }
    Remains remains;
    const bool closed = close(reason, remains);
    // The process goes first: whoever hears of its end may count on its resources being released.
    // Not so after `kill_now`: a process that did not end in its time may never let go of them.
    bury();
    if (closed) {
        announce(std::move(remains));
    }
}

bool Cell::close(const ExitReason& reason, Remains& remains) {
    const std::lock_guard lock{mutex_};
    if (closed_) {
        return false;
    }
    close_locked(reason, remains);
    return true;
}

void Cell::close_locked(const ExitReason& reason, Remains& remains) {
    closed_ = true;
    reason_ = reason;
    exit_signal_.reset();
    remains.reason = reason;
    remains.started = started_;
    remains.ignored = ignored_ && reason.is_normal();
    remains.on_started = std::move(on_started_);
    remains.on_exited = std::move(on_exited_);
    remains.inbox.swap(inbox_);
    remains.outbox.swap(outbox_);
    outbox_next_ = 0;
    remains.watches.swap(watches_);
    remains.links.swap(links_);
    remains.children.swap(children_);
    remains.in_flight = std::move(in_flight_);
}

void Cell::announce(Remains remains) {
    const Pid me = pid();
    runtime_->release(*this);
    // The supervisor first: whoever ends because this one is gone must not be seen to end before
    // it. As the first of several it would be restarted alone, find nobody, and end again and
    // again.
    if (!remains.started && remains.on_started) {
        remains.on_started(
            me,
            {remains.ignored ? StartOutcome::Kind::Ignored : StartOutcome::Kind::Failed,
             remains.reason}
        );
    } else if (remains.started && remains.on_exited) {
        remains.on_exited(me, remains.reason);
    }
    if (const auto& parent = CellAccess::cell(parent_)) {
        parent->disown(*this);
    }
    {
        // From now on it answers at once that it is dead. Those who came since it was closed are
        // told with the others.
        const std::lock_guard lock{mutex_};
        announced_ = true;
        std::ranges::move(inbox_, std::back_inserter(remains.inbox));
        inbox_.clear();
        remains.watches.merge(watches_);
        remains.links.merge(links_);
    }
    if (remains.in_flight) {
        remains.in_flight->exited(remains.reason);
    }
    // Calls that wait in the mailbox are answered by the loss of their Reply.
    remains.outbox.clear();
    remains.inbox.clear();
    for (auto& [watch, told] : remains.watches) {
        told(remains.reason);
    }
    for (const auto& [other, address] : remains.links) {
        other->signal_exit(me, remains.reason, ExitOrigin::Link);
    }
    for (const auto& [id, child] : remains.children) {
        CellAccess::cell(child)->signal_exit(me, remains.reason, ExitOrigin::Parent);
    }
}

void Cell::bury() {
    std::unique_ptr<Process> process;
    bool thread_was_lost = false;
    {
        const std::lock_guard lock{mutex_};
        process = std::move(process_);
        thread_was_lost = std::exchange(thread_is_lost_, false);
    }
    factory_ = nullptr;
    first_message_ = nullptr;
    process.reset();
    for (const auto& [timer, then] : timers_) {
        runtime_->cancel_timer(timer);
    }
    timers_.clear();
    for (const auto& [monitor, other] : monitors_) {
        if (const auto& cell = CellAccess::cell(other)) {
            cell->unwatch(monitor.id);
        }
    }
    monitors_.clear();
    if (thread_was_lost) {
        runtime_->thread_regained();
    }
}

}  // namespace hourglass::supervision::detail
