#pragma once

#include "src/core/core_worker.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hourglass::core {

/// A worker whose owner died, and what it left behind.
struct ReapOrder {
    std::shared_ptr<CoreWorker> worker;
    /// Runs whose activation was handed out and not completed: their workflow tasks fail.
    std::vector<std::string> run_ids = {};
    /// Activity attempts that were handed out and not completed: Core forgets them, and whoever
    /// runs them reports their results to the server by these tokens.
    std::vector<std::string> task_tokens = {};
    /// Nexus requests that were handed out and not completed: their callers ask again.
    std::vector<std::string> nexus_tokens = {};
    /// Gets each activity task that starts an attempt and that the worker's polls still bring, a
    /// serialized coresdk.activity_task.ActivityTask. Core has forgotten it: run it and report by
    /// its token. Unset: such an attempt fails, and the server tries again.
    /// @threads Core's; it may only post.
    std::function<void(OwnedBytes)> on_activity = {};
    /// Why the workflow tasks fail.
    std::string reason = "the worker that held this task is gone";
};

/// Ends workers whose owner died: shuts down, polls on until Core has nothing more, answers all
/// that comes and all that was left, finalizes and drops. Never blocks, and keeps the worker,
/// connection and runtime alive until it is done. Polls that the owner left open answer Shutdown.
class Reaper {
public:
    /// @param done  runs once, whatever happens; on a thread of Core, it may only post.
    /// @threads any.
    static void reap(ReapOrder order, UniqueFunction<void()> done);

private:
    class Job;
};

}  // namespace hourglass::core
