#pragma once

#include "src/client/call.hpp"

#include "temporal/sdk/core/activity_result/activity_result.pb.h"
#include "temporal/sdk/core/core_interface.pb.h"

#include <functional>
#include <memory>
#include <string>

namespace hourglass::worker {

/// Reports attempts straight to the server by their task token, past Core: for those that outlived
/// the registration of their worker. What was computed is not thrown away.
/// @threads any; nothing here blocks.
class LateReports {
public:
    LateReports(client::CallSettings calls, std::string namespace_name, std::string identity);

    /// Tries until the server has answered, at most `kReportFor`. The outcome is logged: reported;
    /// unknown to the server (the attempt timed out or its workflow is closed), which ends the
    /// matter; or given up.
    void report(
        const std::string& task_token,
        const std::string& activity,
        const coresdk::activity_result::ActivityExecutionResult& result
    ) const;

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
    client::CallSettings calls_;
    std::string namespace_name_;
    std::string identity_;
};

}  // namespace hourglass::worker
