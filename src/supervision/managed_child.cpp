#include "src/supervision/managed_child.hpp"

namespace hourglass::supervision::detail {

ChildReport ManagedChild::report(Clock::time_point now) const {
    ChildReport report;
    report.id = spec.id;
    report.pid = pid;
    report.type = spec.type;
    report.restart = spec.restart;
    report.state = state;
    report.restarts = restarts();
    report.abandoned = abandoned;
    report.last_exit = last_exit;
    if (state == ChildState::Running || state == ChildState::Stopping) {
        report.uptime = now - started_at;
    }
    report.mailbox_length = pid.mailbox_length();
    return report;
}

void ManagedChild::begin_stop(Cell& supervisor, const ChildEvents& events) {
    state = ChildState::Stopping;
    const Shutdown how = spec.effective_shutdown();
    const auto limit = how.is_brutal() ? kKillGrace : how.limit();
    if (limit != kInfinity) {
        // `this` lives until the process has ended, which cancels the timer.
        stop_timer = supervisor.send_after(limit, [this, &events] {
            auto told = event(ExitReason::killed());
            if (CellAccess::cell(pid)->kill_now() == Cell::KillOutcome::Abandoned) {
                ++abandoned;
                events.abandoned(std::move(told));
            }
        });
    }
    CellAccess::cell(pid)->signal_exit(
        supervisor.pid(),
        how.is_brutal() ? ExitReason::kill() : ExitReason::shutdown(),
        how.is_brutal() ? ExitOrigin::Plain : ExitOrigin::Parent
    );
}

void ManagedChild::ended(Cell& supervisor, ExitReason reason) {
    if (stop_timer.id != 0) {
        supervisor.cancel_timer(std::exchange(stop_timer, {}));
    }
    last_exit = std::move(reason);
    last_pid = std::exchange(pid, {});
    state = ChildState::Undefined;
}

}  // namespace hourglass::supervision::detail
