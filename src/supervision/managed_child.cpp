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

void ManagedChild::begin_stop(Cell& supervisor) {
    state = ChildState::Stopping;
    const Shutdown how = spec.effective_shutdown();
    const auto limit = how.is_brutal() ? kKillGrace : how.limit();
    if (limit != kInfinity) {
        // Not a message to the supervisor: stuck handlers may keep every thread that could run it.
        stop_timer = supervisor.runtime().add_timer(limit, [pid = pid] {
            CellAccess::cell(pid)->kill_now();
        });
    }
    CellAccess::cell(pid)->signal_exit(
        supervisor.pid(),
        how.is_brutal() ? ExitReason::kill() : ExitReason::shutdown(),
        how.is_brutal() ? ExitOrigin::Plain : ExitOrigin::Parent
    );
}

void ManagedChild::ended(Cell& supervisor, ExitReason reason) {
    if (stop_timer != 0) {
        supervisor.runtime().cancel_timer(std::exchange(stop_timer, 0));
    }
    last_was_abandoned = CellAccess::cell(pid)->was_abandoned();
    if (last_was_abandoned) {
        ++abandoned;
    }
    last_exit = std::move(reason);
    last_pid = std::exchange(pid, {});
    state = ChildState::Undefined;
}

}  // namespace hourglass::supervision::detail
