#pragma once

#include "hourglass/convert/payload.hpp"
#include "hourglass/workflow/errors.hpp"
#include "src/testing/event_log.hpp"
#include "src/testing/open_operations.hpp"
#include "src/testing/served_updates.hpp"

#include "temporal/api/failure/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::testing {

/// One run of a workflow, as a server keeps it: its history, its clock, and what it waits for.
/// Nothing here asks a worker: what happens to the run is recorded, a workflow task made of it, and
/// the answer recorded, which may begin activities and timers or close the run.
///
/// Functions that record what happens throw Error once the run has closed.
/// @threads one at a time.
class Execution {
public:
    using Start = temporal::api::workflowservice::v1::StartWorkflowExecutionRequest;
    using Task = temporal::api::workflowservice::v1::PollWorkflowTaskQueueResponse;
    using Completed = temporal::api::workflowservice::v1::RespondWorkflowTaskCompletedRequest;
    using Failed = temporal::api::workflowservice::v1::RespondWorkflowTaskFailedRequest;
    using Failure = temporal::api::failure::v1::Failure;

    Execution(const Start& start, std::string run_id, EventLog::Time now);

    [[nodiscard]] const std::string& workflow_id() const { return workflow_id_; }
    [[nodiscard]] const std::string& run_id() const { return run_id_; }
    [[nodiscard]] const EventLog& log() const { return log_; }
    /// The event that closed the run; null: it is open.
    [[nodiscard]] const temporal::api::history::v1::HistoryEvent* close_event() const;
    [[nodiscard]] const ServedUpdate& update(const std::string& id) const {
        return updates_.get(id);
    }

    void signal(const std::string& name, Payloads arguments);
    void request_cancel(const std::string& reason);
    void admit_update(const std::string& id, const std::string& name, Payloads arguments);

    // Each ends the open operation of that id, or the first of that type. They throw Error naming
    // what is open if there is none.
    void complete_activity(std::string_view activity, Payloads result);
    void fail_activity(std::string_view activity, Failure failure);
    /// @throws Error also if the workflow has not asked for it.
    void cancel_activity(std::string_view activity, Payloads details);
    void start_child(std::string_view child);
    // One that has not started does so first.
    void complete_child(std::string_view child, Payloads result);
    void fail_child(std::string_view child, Failure failure);
    void cancel_child(std::string_view child, Payloads details);
    void confirm_signal(std::string_view workflow_id_or_signal);
    void confirm_cancel_request(std::string_view workflow_id);

    // refusals.cpp
    /// @throws Error also if the child has started.
    void refuse_child(std::string_view child, workflow::ChildStartFailure why);
    void refuse_signal(std::string_view workflow_id_or_signal, workflow::ExternalFailure why);
    /// @throws Error also for SignalLimitExceeded.
    void refuse_cancel_request(std::string_view workflow_id, workflow::ExternalFailure why);

    /// The timer that is due first; of those that are due at once, the first that was started.
    [[nodiscard]] std::optional<OpenOperation> next_timer() const;
    /// Moves the clock to the moment when it is due.
    void fire_timer(std::string_view id);
    void move_clock(EventLog::Time to) { log_.move_clock(to); }

    /// A workflow task of what has happened so far.
    [[nodiscard]] Task begin_task();
    /// @returns empty; else why the answer is not served here: then the task has failed, nothing
    /// of the answer counts, and the worker has to let go of the run.
    [[nodiscard]] std::string complete_task(const Completed& answer);
    void fail_task(const Failed& answer);
    /// No answer came. One that comes late counts for nothing.
    void time_out_task();
    /// A task that asks, and has no part in the history.
    [[nodiscard]] Task query(const std::string& name, Payloads arguments) const;
    /// Where to hand out the next task: the queue of the worker that has the run in its cache, or
    /// the one that all share.
    [[nodiscard]] const std::string& queue() const;
    /// The next task has the whole history.
    void forget_worker() { sticky_queue_.clear(); }

private:
    /// @throws Error if the run has closed.
    void require_open() const;
    /// Of one of `open_`'s lists.
    [[nodiscard]] OpenOperation take(
        std::vector<OpenOperation>& operations, const char* what, std::string_view id_or_name
    );
    [[nodiscard]] temporal::api::history::v1::HistoryEvent& append(
        temporal::api::enums::v1::EventType type
    );
    std::int64_t start_activity(const OpenOperation& activity);
    /// Of several children of the type, the first that has not started.
    /// @throws Error if it has.
    [[nodiscard]] OpenOperation& child_to_start(std::string_view child);
    [[nodiscard]] OpenOperation end_child(std::string_view child);
    /// Fails the task if the answer has a command that is not served. @returns as `complete_task`.
    [[nodiscard]] std::string refuse_unserved(const Completed& answer);
    [[nodiscard]] Task task() const;

    const std::string workflow_id_;
    const std::string run_id_;
    const std::string workflow_type_;
    const std::string task_queue_;
    EventLog log_;
    OpenOperations open_;
    ServedUpdates updates_;
    std::string sticky_queue_;
    std::int64_t task_started_ = 0;      // the event of the task that is under way
    std::int64_t previous_started_ = 0;  // of the last one that was completed
    std::int64_t close_event_ = 0;
};

}  // namespace hourglass::testing
