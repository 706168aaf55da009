#pragma once

#include "src/core/callback.hpp"
#include "src/core/connection.hpp"
#include "src/core/worker_options.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

struct HgWorker;

namespace hourglass::core {

enum class TaskType : std::uint8_t { Workflow, Activity, Nexus };
inline constexpr int kTaskTypes = 3;

/// A worker of Temporal Core: the polls, answers and end of one task queue. Keeps its connection
/// alive. Messages go in and out serialized. All members: any thread.
///
/// Its end in good order: `initiate_shutdown`, poll until every kind answers Shutdown and complete
/// what they give, `finalize_shutdown`. An owner that cannot do that leaves it to a Reaper.
class CoreWorker {
public:
    /// A worker that polls nothing yet. Core takes one worker for each namespace, task queue and
    /// build id of a connection; a further one needs a connection of its own.
    [[nodiscard]] static Result<std::shared_ptr<CoreWorker>, CallError> create(
        std::shared_ptr<Connection> connection, const WorkerOptions& options
    );

    CoreWorker(const CoreWorker&) = delete;
    CoreWorker& operator=(const CoreWorker&) = delete;
    /// One that was not finalized is torn off: its polls end, and what it handed out is left to the
    /// server's timeouts.
    ~CoreWorker();

    /// Asks the server whether the namespace exists; once, before the first poll.
    void validate(VoidCallback callback);

    /// The next coresdk.workflow_activation.WorkflowActivation. Each of these three: one poll at a
    /// time; Shutdown when nothing more comes; every task has to be completed.
    void poll_workflow_activation(BytesCallback callback);
    /// The next coresdk.activity_task.ActivityTask; one that cancels needs no completion.
    void poll_activity_task(BytesCallback callback);
    /// The next coresdk.nexus.NexusTask.
    void poll_nexus_task(BytesCallback callback);

    /// Answers with a coresdk.workflow_completion.WorkflowActivationCompletion.
    void complete_workflow_activation(std::string_view completion, VoidCallback callback);
    /// Answers with a coresdk.ActivityTaskCompletion.
    void complete_activity_task(std::string_view completion, VoidCallback callback);
    /// Answers with a coresdk.nexus.NexusTaskCompletion.
    void complete_nexus_task(std::string_view completion, VoidCallback callback);

    /// Takes a coresdk.ActivityHeartbeat; Core throttles and sends it.
    Status record_activity_heartbeat(std::string_view heartbeat);
    /// An activation that evicts the run follows if it is cached.
    VoidResult request_workflow_eviction(std::string_view run_id);

    /// Refuses the owner's polls from now on: open ones answer Shutdown, and what they would have
    /// brought waits for a Reaper. When this returns no poll's callback runs any more, so the tasks
    /// that the owner has are all it gets. Not to be called by such a callback.
    void refuse_polls();
    /// Ends the polls at the server; any number of times.
    VoidResult initiate_shutdown();
    /// Answers once everything handed out is completed; from then on every call answers Shutdown.
    void finalize_shutdown(VoidCallback callback);
    /// Talks to the server through `connection` from now on.
    VoidResult replace_client(std::shared_ptr<Connection> connection);

private:
    friend class Reaper;
    friend class Replayer;
    struct Lanes;

    CoreWorker(std::shared_ptr<const void> keep_alive, const Bridge& from, HgWorker* handle);

    void poll(TaskType type, BytesCallback callback);
    void begin_poll(TaskType type);
    /// A poll in spite of `refuse_polls`: it gets what the refused ones would have brought.
    void taken_over_poll(TaskType type, BytesCallback callback);

    std::shared_ptr<const void> keep_alive_;  // the connection, or a replayer's runtime
    const Bridge& from_;
    HgWorker* handle_;
    std::shared_ptr<Lanes> lanes_;
};

}  // namespace hourglass::core
