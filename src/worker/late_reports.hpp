#pragma once

#include "src/client/call.hpp"

#include "temporal/sdk/core/activity_result/activity_result.pb.h"
#include "temporal/sdk/core/core_interface.pb.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace hourglass::worker {

/// What became of work that was done when its worker's registration had ended.
enum class LateCompletion : std::uint8_t {
    ActivityReported,       ///< by its task token
    ActivityUnknown,        ///< the server does not know the attempt (any more)
    ActivityGivenUp,        ///< it could not be reported
    WorkflowTaskDiscarded,  ///< the server hands the task out again
};

/// Reports attempts straight to the server by their task token, past Core: for those that outlived
/// the registration of their worker. What was computed is not thrown away.
/// @threads any; nothing here blocks but `wait_until_sent`.
class LateReports {
public:
    /// Counts; called on any thread, it must be quick.
    using Count = std::function<void(LateCompletion)>;

    LateReports(
        client::CallSettings calls, std::string namespace_name, std::string identity, Count count
    );

    /// Tries until the server has answered, at most `client::kAnswersKeptFor`. The outcome is
    /// logged: reported; unknown to the server (the attempt timed out or its workflow is closed),
    /// which ends the matter; or given up.
    /// @param last_heartbeat  the newest of the attempt: one that fails leaves it to the next.
    void report(
        const std::string& task_token,
        const std::string& task_queue,
        const coresdk::activity_result::ActivityExecutionResult& result,
        const coresdk::ActivityHeartbeat& last_heartbeat = {}
    ) const;

    /// Counts a workflow task whose answer nobody takes; there is nothing to report.
    void discarded_workflow_task() const { count_(LateCompletion::WorkflowTaskDiscarded); }

    /// Waits until each report that was begun has been answered or given up.
    /// @returns false if that takes longer than `timeout`: the rest goes on by itself, as long as
    /// the program does.
    bool wait_until_sent(std::chrono::milliseconds timeout) const;

    /// What the server says to a heartbeat; `gone` if it does not know the attempt (any more).
    struct HeartbeatAnswer {
        bool cancel_requested = false;
        bool gone = false;
    };
    /// `done` runs once, on a foreign thread, and may only post.
    void heartbeat(
        const coresdk::ActivityHeartbeat& heartbeat, std::function<void(HeartbeatAnswer)> done
    ) const;

private:
    /// The reports that are under way.
    struct Open {
        std::mutex mutex;
        std::condition_variable changed;
        int count = 0;
    };

    client::CallSettings calls_;
    std::string namespace_name_;
    std::string identity_;
    Count count_;
    std::shared_ptr<Open> open_ = std::make_shared<Open>();
};

}  // namespace hourglass::worker
