#pragma once

#include "hourglass/base/log.hpp"
#include "hourglass/supervision/pid.hpp"
#include "src/activity/timers.hpp"
#include "src/worker/task_lease.hpp"
#include "src/workflow/workflow_run.hpp"

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::worker {

/// Whether a debugger holds this process.
[[nodiscard]] bool debugger_attached();
/// Whether the environment variable TEMPORAL_DEBUG is set to anything.
[[nodiscard]] bool debug_mode();

/// Finds workflow code that does not come to its next await: that sleeps, waits for a lock, does
/// I/O, loops.
///
/// Its workflow task fails with `[TMPRL1101]`, the log names the workflow and where it stands, and
/// the pool gets another thread, so that the other runs go on. The thread itself cannot be ended.
/// Until the code returns, the eviction of its run is not answered, so that Core begins no second
/// evaluation of it; when the worker shuts down, it is, and the log names the workflow again. What
/// the code does after that is dropped with its run.
///
/// @threads any.
class EvaluationWatch : public std::enable_shared_from_this<EvaluationWatch> {
public:
    using Clock = std::chrono::steady_clock;

    struct Options {
        /// Whether time does not count now.
        std::function<bool()> paused = debugger_attached;
        bool enabled = !debug_mode();
    };

    EvaluationWatch(std::shared_ptr<activity::Timers> timers, Options options)
        : timers_{std::move(timers)}, options_{std::move(options)} {}

    /// One evaluation. All of it is borrowed until its Watched has ended, the run until it says
    /// that its code has returned: most evaluations are over before anybody looks at them.
    struct Subject {
        TaskLease& lease;
        const workflow::WorkflowRun& run;
        const workflow::Activation& activation;
    };

private:
    struct Entry;
    using Entries = std::list<Entry>;

public:
    /// The watch over one evaluation, for the code that does it.
    class Watched {
    public:
        Watched() = default;
        Watched(std::shared_ptr<EvaluationWatch> watch, Entries::iterator entry)
            : watch_{std::move(watch)}, entry_{entry} {}
        Watched(Watched&& other) noexcept = default;
        Watched& operator=(Watched&&) = delete;
        Watched(const Watched&) = delete;
        Watched& operator=(const Watched&) = delete;
        /// Answers the run's eviction, if it came meanwhile.
        ~Watched();

        /// The code has returned: its run is not looked at any more.
        /// @returns false if the task was answered meanwhile; destroy the run, then this.
        [[nodiscard]] bool in_time();

    private:
        std::shared_ptr<EvaluationWatch> watch_;
        Entries::iterator entry_;
    };

    /// @returns one that watches nothing if the limit is 0, or if it is switched off.
    [[nodiscard]] Watched watch(const Subject& subject);

    /// Takes an eviction over if the run's code has not returned.
    bool keep_eviction(const std::shared_ptr<TaskLease>& lease, const std::string& run_id);

    /// Looks for those whose time is up; called several times a second while there is one.
    void check(Clock::time_point now);

private:
    using Leases = std::vector<std::shared_ptr<TaskLease>>;

    /// What is kept of an evaluation that is given up.
    struct Kept {
        std::shared_ptr<TaskLease> lease;
        std::string workflow_type = {};
        std::string workflow_id = {};
        std::string run_id = {};
        std::string task_queue = {};
    };
    struct Entry {
        Subject subject;
        std::chrono::milliseconds limit;
        /// The end of the run, whose destructors run: answered by nobody but the evaluation.
        bool eviction;
        Clock::time_point began;
        Clock::time_point deadline;
        supervision::Pid process;
        bool running = true;  ///< its code has not returned
        std::optional<Kept> given_up = {};
        bool told_at_shutdown = false;
        Leases evictions = {};
    };
    struct GivenUp;

    [[nodiscard]] static Kept kept_of(const Subject& subject);
    [[nodiscard]] static std::vector<log::Field> fields_of(const Kept& kept);

    void arm();
    void tick();
    static void give_up(GivenUp found);

    const std::shared_ptr<activity::Timers> timers_;
    const Options options_;
    std::mutex mutex_;
    Entries entries_;
    bool armed_ = false;
    Clock::time_point next_tick_{};
};

}  // namespace hourglass::worker
