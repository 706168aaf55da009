#pragma once

#include "hourglass/activity/info.hpp"
#include "hourglass/activity/isolation.hpp"
#include "hourglass/base/metric_recorder.hpp"
#include "src/activity/isolation/idle_processes.hpp"
#include "src/activity/isolation/messages.hpp"
#include "src/activity/isolation/process.hpp"
#include "src/activity/outcome.hpp"
#include "src/activity/timers.hpp"

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace hourglass::activity::isolation {

/// What an attempt's body is to the program if the body is in another process.
class IsolatedRun : public std::enable_shared_from_this<IsolatedRun> {
public:
    /// @param order  for the process, except for what `body` says.
    /// @param processes  where the process comes from and goes back to; not null.
    /// @param timers  keep the cancellation grace.
    /// @param metrics  where the body measures; null: nowhere.
    IsolatedRun(
        const Definition::IsolatedBody& body,
        Order order,
        std::shared_ptr<IdleProcesses> processes,
        std::shared_ptr<Timers> timers,
        std::shared_ptr<hourglass::detail::MetricRecorder> metrics
    );

    /// Gives the body others than the task has; before `run`, and for all runs that follow.
    /// @throws ApplicationError if the task cannot be read.
    void replace(const Payloads& arguments, const Headers& headers);

    /// Blocks until the body, or its process, has ended. Once more after that, the body runs once
    /// more.
    /// @param heartbeat  is given the details of each.
    [[nodiscard]] ExecutionResult run(
        const Info& info, const std::function<void(Payloads)>& heartbeat
    );

    /// Tells the body, at once or when it begins; from the first time on it has the grace left.
    /// @threads any.
    void cancel(const CancellationDetails& details);
    /// @threads any.
    void worker_shuts_down();

private:
    void attach(Process& process);
    void detach();
    std::optional<ExecutionResult> read_frames(
        Process& process, const std::function<void(Payloads)>& heartbeat
    );
    [[nodiscard]] std::exception_ptr why_it_ended(Process& process, const std::string& activity);
    /// With the lock held.
    void send_cancellation();
    /// With the lock held. @returns the run whose grace is to be kept, unless it began before.
    [[nodiscard]] std::optional<std::uint64_t> grace_begins();
    void keep_grace(std::uint64_t run);

    const Isolation bounds_;
    Order order_;
    const std::shared_ptr<IdleProcesses> processes_;
    const std::shared_ptr<Timers> timers_;
    const std::shared_ptr<hourglass::detail::MetricRecorder> metrics_;

    std::mutex mutex_;
    /// Set while the body runs.
    Process* process_ = nullptr;
    std::optional<CancellationDetails> cancellation_;
    bool worker_shuts_down_ = false;
    /// Counts the runs: a timer that fires late is of the run before.
    std::uint64_t run_ = 0;
    /// Both of this run.
    bool grace_began_ = false;
    bool grace_is_over_ = false;
    std::optional<Timers::Id> grace_timer_;
};

}  // namespace hourglass::activity::isolation
