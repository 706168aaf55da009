// What a process does in its own turn: links, monitors, timers.
#include "src/supervision/cell.hpp"

namespace hourglass::supervision::detail {

void Cell::request_stop(ExitReason reason) {
    if (!stop_) {
        stop_ = std::move(reason);
    }
}

void Cell::set_trap_exit(bool on) {
    const std::lock_guard lock{mutex_};
    trap_exit_ = on;
}

bool Cell::set_in_flight(std::shared_ptr<PendingCall> call) {
    const std::lock_guard lock{mutex_};
    if (closed_) {
        return false;
    }
    in_flight_.swap(call);
    return true;
}

void Cell::link(const Pid& other) {
    const auto& cell = CellAccess::cell(other);
    if (cell.get() == this || other == parent_) {
        return;
    }
    {
        const std::lock_guard lock{mutex_};
        if (closed_) {
            return;
        }
        links_.emplace(cell.get(), other);
    }
    bool linked = false;
    if (cell) {
        const std::lock_guard lock{cell->mutex_};
        linked = !cell->announced_;
        if (linked) {
            cell->links_.emplace(this, pid());
        }
    }
    if (!linked) {
        signal_exit(other, ExitReason::no_process(), ExitOrigin::Link);
    }
}

void Cell::unlink(const Pid& other) {
    const auto& cell = CellAccess::cell(other);
    {
        const std::lock_guard lock{mutex_};
        links_.erase(cell.get());
    }
    if (cell) {
        const std::lock_guard lock{cell->mutex_};
        cell->links_.erase(this);
    }
}

MonitorRef Cell::monitor(const Pid& other) {
    const MonitorRef monitor{Runtime::next_token()};
    monitors_.emplace(monitor, other);
    const auto tell = [this, me = pid(), monitor, other](const ExitReason& reason) {
        // `this` lives as long as its mailbox takes the message.
        post([this, monitor, other, reason](Process& process) {
            down(process, monitor, other, reason);
        });
    };
    const auto& cell = CellAccess::cell(other);
    if (!cell || !cell->watch(monitor.id, tell)) {
        tell(ExitReason::no_process());
    }
    return monitor;
}

void Cell::down(Process& process, MonitorRef monitor, const Pid& other, const ExitReason& reason) {
    if (monitors_.erase(monitor) != 0) {
        process.handle_down(monitor, other, reason);
    }
}

bool Cell::demonitor(MonitorRef monitor) {
    const auto found = monitors_.find(monitor);
    if (found == monitors_.end()) {
        return false;
    }
    const Pid other = std::move(found->second);
    monitors_.erase(found);
    if (const auto& cell = CellAccess::cell(other)) {
        cell->unwatch(monitor.id);
    }
    return true;
}

TimerRef Cell::send_after(std::chrono::nanoseconds delay, UniqueFunction<void()> then) {
    const TimerRef timer{Runtime::next_token()};
    timers_.emplace(timer.id, std::move(then));
    runtime_->add_timer(timer.id, delay, [weak = weak_from_this(), id = timer.id] {
        if (const auto cell = weak.lock()) {
            cell->post([cell = cell.get(), id](Process&) { cell->fire(id); });
        }
    });
    return timer;
}

bool Cell::cancel_timer(TimerRef timer) {
    runtime_->cancel_timer(timer.id);
    return timers_.erase(timer.id) != 0;
}

void Cell::fire(std::uint64_t timer) {
    const auto found = timers_.find(timer);
    if (found == timers_.end()) {
        return;  // cancelled while its message waited
    }
    auto then = std::move(found->second);
    timers_.erase(found);
    then();
}

}  // namespace hourglass::supervision::detail
