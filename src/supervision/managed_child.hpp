#pragma once

#include "hourglass/supervision/child_spec.hpp"
#include "hourglass/supervision/report.hpp"
#include "src/supervision/cell.hpp"
#include "src/supervision/child_events.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace hourglass::supervision::detail {

/// How long a killed child may take to end when it is in the middle of a handler, before it is
/// abandoned.
inline constexpr std::chrono::milliseconds kKillGrace{100};

/// What a supervisor keeps for one child: its specification and, if it runs, its process.
struct ManagedChild {
    explicit ManagedChild(ChildSpec given) : spec{std::move(given)} {}

    ChildSpec spec;
    Pid pid = {};
    Pid last_pid = {};
    ChildState state = ChildState::Undefined;
    /// Names the present process among those this child has had: what a late message refers to. 0
    /// once its end is dealt with.
    std::uint64_t launch = 0;
    std::size_t starts = 0;
    std::size_t abandoned = 0;
    bool last_was_abandoned = false;
    std::optional<ExitReason> last_exit = {};
    Clock::time_point started_at = {};
    std::uint64_t stop_timer = 0;

    [[nodiscard]] std::size_t restarts() const noexcept { return starts == 0 ? 0 : starts - 1; }
    [[nodiscard]] bool has_process() const noexcept { return static_cast<bool>(pid); }

    [[nodiscard]] ChildEvent event(ExitReason reason = {}) const {
        return {
            .child = pid ? pid : last_pid,
            .child_id = spec.id,
            .reason = std::move(reason),
            .restarts = restarts(),
            .abandoned = last_was_abandoned,
        };
    }

    [[nodiscard]] ChildReport report(Clock::time_point now) const;

    /// Starts the process. `told(launch, StartOutcome)` and `ended(launch, ExitReason)` run in the
    /// supervisor.
    template <class Told, class Ended>
    void start(Cell& supervisor, const std::string& supervisor_name, Told told, Ended ended) {
        launch = Runtime::next_token();
        state = ChildState::Starting;
        last_was_abandoned = false;
        const Pid parent = supervisor.pid();
        SpawnOptions options{
            .parent = parent,
            .name = supervisor_name.empty() ? spec.id : supervisor_name + "/" + spec.id,
        };
        options.on_started =
            [parent, told, launch_id = launch](const Pid&, const StartOutcome& outcome) {
                post(parent, [told, launch_id, outcome](Process&) { told(launch_id, outcome); });
            };
        options.on_exited =
            [parent, ended, launch_id = launch](const Pid&, const ExitReason& reason) {
                post(parent, [ended, launch_id, reason](Process&) { ended(launch_id, reason); });
            };
        const auto cell = supervisor.runtime().make_cell(
            [make = spec.start] { return make(); }, std::move(options)
        );
        pid = cell->pid();
        cell->launch();
    }

    void started(Clock::time_point now) {
        state = ChildState::Running;
        started_at = now;
        ++starts;
    }

    /// Asks the process to end as the specification says; it is killed, if need be abandoned, when
    /// its time is over.
    void begin_stop(Cell& supervisor);

    /// The process is gone; ChildEvents is still to hear of it.
    void ended(Cell& supervisor, ExitReason reason);
};

}  // namespace hourglass::supervision::detail
