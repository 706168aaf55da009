#pragma once

#include "hourglass/worker/worker_options.hpp"
#include "src/core/core_worker.hpp"
#include "src/worker/late_reports.hpp"
#include "src/worker/task_lease.hpp"
#include "src/workflow/workflow_run.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_set>
#include <vector>

namespace hourglass::worker {

class TaskCoding;

/// How a poll ended: with a task, because the worker is shutting down, or with an error.
struct PollOutcome {
    std::shared_ptr<TaskLease> task = {};
    core::Status status = core::Status::Ok;
    std::string message = {};
};
using PollCallback = std::function<void(PollOutcome)>;

/// What becomes of work that its process or its registration did not bring to its end.
struct LateWork {
    /// Runs an attempt that Core handed out at the end and has forgotten by now.
    std::function<void(std::shared_ptr<TaskLease>)> run;
    /// Where the results of attempts go that Core does not take any more.
    std::shared_ptr<const LateReports> reports;
    /// Drops the cached run of an activation that nobody answered: if that was the one that evicts
    /// the run, no other will.
    std::function<void(std::uint64_t registration_id, const std::string& run_id)> forget_run{};
};

/// What a revoked registration leaves behind: all that Core handed out and nobody answered yet.
struct Leftovers {
    std::shared_ptr<core::CoreWorker> worker;
    std::vector<std::string> run_ids;
    std::vector<std::string> task_tokens;
    std::vector<std::string> nexus_tokens;
    std::vector<std::shared_ptr<TaskLease>> undelivered;

    /// What the tasks of a kind are known by.
    [[nodiscard]] std::vector<std::string>& of(TaskKind kind) {
        switch (kind) {
            case TaskKind::Workflow:
                return run_ids;
            case TaskKind::Activity:
                return task_tokens;
            case TaskKind::Nexus:
                break;
        }
        return nexus_tokens;
    }
};

/// One registration of a task queue with Core: from BridgeHolder's `register` until it is revoked,
/// by its worker's end or by the holder's. Everybody who talks to Core's worker does it through
/// here, so that after the revocation nobody does, and each task that was handed out is answered
/// exactly once.
///
/// @threads any; the lock is a leaf, no callback runs under it.
class Registration : public std::enable_shared_from_this<Registration> {
public:
    Registration(
        std::uint64_t id,
        std::shared_ptr<const WorkerOptions> options,
        std::shared_ptr<core::CoreWorker> worker,
        LateWork late,
        std::shared_ptr<TaskCoding> coding = nullptr
    );

    [[nodiscard]] std::uint64_t id() const { return id_; }
    [[nodiscard]] const WorkerOptions& options() const { return *options_; }
    [[nodiscard]] const std::shared_ptr<const WorkerOptions>& shared_options() const {
        return options_;
    }
    /// What all of its workflow runs have in common; `make` is asked the first time.
    template <class Make>
    [[nodiscard]] const workflow::SharedRunOptions& run_options(Make make) {
        std::call_once(run_options_made_, [&] {
            run_options_ = std::make_shared<const workflow::RunOptions>(make());
        });
        return run_options_;
    }
    /// The activities that the options name, or the process's catalog.
    [[nodiscard]] const activity::Definitions& activities() const { return activities_; }
    /// Set when the worker begins to shut down.
    [[nodiscard]] std::stop_token shutdown_token() const { return shutdown_.get_token(); }
    [[nodiscard]] const std::string& task_queue() const { return options_->task_queue; }
    /// From the beginning of the revocation.
    [[nodiscard]] bool revoked() const;
    /// Counts a workflow task that ended when nobody could take its answer any more.
    void discarded_workflow_task() const;
    /// Tasks that Core handed out and nobody answered yet.
    [[nodiscard]] std::size_t outstanding() const;

    /// Asks for the next task; `callback` runs once, at once or on a thread of Core, and may only
    /// post. One poll of a kind is under way at Core at a time: a second call, by the successor of
    /// a poller that died, takes the place of the first, whose callback answers Shutdown.
    void poll(TaskKind kind, PollCallback callback);
    /// Begins Core's next poll of a kind before anybody waits for it; what it brings, a failure,
    /// too, is for the next `poll`. On a thread of Core, as a callback of `poll` is, this wakes no
    /// thread.
    void poll_ahead(TaskKind kind);
    /// Gives back a task that could not be delivered to its poller; the next poll gets it.
    void keep(std::shared_ptr<TaskLease> task);

    /// @returns Shutdown if the registration was revoked.
    core::Status record_heartbeat(std::string serialized_heartbeat);

    /// Lets Core drop the run from its cache: an activation that evicts it comes if it is there.
    void evict(const std::string& run_id);

    /// Core's worker talks to the server over this connection from its next call on.
    /// @returns Shutdown if the registration was revoked.
    [[nodiscard]] core::VoidResult replace_connection(std::shared_ptr<core::Connection> connection);

    /// Begins the end: Core stops polling; tasks that it has already are still handed out and
    /// answered.
    void initiate_shutdown();
    [[nodiscard]] bool shutting_down() const { return shutdown_.stop_requested(); }

    /// Ends the registration for everybody and hands over what is outstanding; empty the second
    /// time.
    [[nodiscard]] std::optional<Leftovers> revoke();
    [[nodiscard]] const LateWork& late() const { return late_; }
    /// What is done with the payloads of its tasks; null: nothing.
    [[nodiscard]] const std::shared_ptr<TaskCoding>& coding() const { return coding_; }

private:
    friend class TaskLease;
    /// Takes the lease out of the outstanding ones; null if the registration was revoked before.
    std::shared_ptr<core::CoreWorker> settle(TaskLease* lease);
    void begin_poll(core::CoreWorker& worker, TaskKind kind);
    void delivered(TaskKind kind, core::BytesResult result);
    /// Null once revoked.
    [[nodiscard]] std::shared_ptr<core::CoreWorker> worker() const;

    struct Lane {
        PollCallback waiting;
        bool polling = false;
        std::deque<std::shared_ptr<TaskLease>> kept;
        std::optional<PollOutcome> failed;  // of a poll that nobody waited for
    };
    Lane& lane(TaskKind kind) { return lanes_[static_cast<std::size_t>(kind)]; }

    const std::uint64_t id_;
    const std::shared_ptr<const WorkerOptions> options_;
    const activity::Definitions activities_;
    const LateWork late_;
    const std::shared_ptr<TaskCoding> coding_;
    std::once_flag run_options_made_;
    workflow::SharedRunOptions run_options_;
    std::stop_source shutdown_;
    mutable std::mutex mutex_;
    bool revoked_ = false;
    std::shared_ptr<core::CoreWorker> worker_;  // null once revoked, and what it left is taken
    std::unordered_set<TaskLease*> outstanding_;
    std::array<Lane, kTaskKinds> lanes_;
};

}  // namespace hourglass::worker
