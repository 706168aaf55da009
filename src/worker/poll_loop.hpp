#pragma once

#include "hourglass/supervision/process.hpp"
#include "src/base/backoff.hpp"
#include "src/base/outage_log.hpp"
#include "src/worker/registration.hpp"
#include "src/worker/worker_link.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace hourglass::worker {

/// Asks Core for tasks of one kind, one poll at a time, and gives each to `dispatch`, which starts
/// a Task for it.
///
/// Ends:
/// - told to stop: asks Core to shut down, goes on until Core has handed out the last task, then
/// `shutdown`;
/// - Core says shut down although nobody asked, or the registration was shut down by a predecessor:
/// the link is told, which gets the worker a new one, then `shutdown: core_shut_down`;
/// - the registration was revoked, or the link is dead: `shutdown: worker_not_registered`. No retry
/// and no restart: whatever revoked it, the end of the BridgeHolder or of the WorkerLink, restarts
/// this loop too;
/// - a stale handle: reported to the bridge's holder, then `stale_handle`.
/// Any other error is an outage of something below: it polls again after a growing wait, for ever,
/// and says so.
class PollLoop final : public supervision::Process {
public:
    using Dispatch = std::function<void(std::shared_ptr<TaskLease>)>;

    struct Options {
        TaskKind kind = TaskKind::Workflow;
        std::shared_ptr<Slot<supervision::Ref<WorkerLink>>> link;
        Dispatch dispatch;
        std::function<void(const std::string&)> report_stale_handle;
    };

    explicit PollLoop(Options options);

protected:
    void init() override;
    void handle_stop(const supervision::ExitReason& reason) override;

private:
    void begin(std::shared_ptr<Registration> registration);
    void poll();
    void polled(PollOutcome outcome);
    void ended();
    void report_registration_ended();
    void retry(const PollOutcome& outcome);

    Options options_;
    std::shared_ptr<Registration> registration_;
    Backoff backoff_;
    OutageLog outage_{"polling fails", "polling works again"};
    std::optional<supervision::TimerRef> next_try_;
    bool stopping_ = false;
    bool drained_ = false;
};

}  // namespace hourglass::worker
