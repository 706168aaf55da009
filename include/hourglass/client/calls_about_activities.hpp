#pragma once

// What a client asks the server for about activities, values encoded: what interceptors see and may
// change.

#include "hourglass/client/activity_commands.hpp"
#include "hourglass/client/activity_options.hpp"
#include "hourglass/convert/headers.hpp"
#include "hourglass/convert/payload.hpp"

#include <exception>
#include <string>

namespace hourglass {

/// One standalone activity, or the newest one of an id.
struct StandaloneActivityRef {
    std::string id = {};
    std::string run_id = {};
};

/// Of a standalone activity.
struct StartActivityCall {
    std::string type = {};
    StartActivityOptions options = {};
    Payloads arguments = {};
    Headers headers = {};
};

struct ActivityResultCall {
    StandaloneActivityRef activity = {};
    ActivityResultOptions options = {};
};

struct DescribeActivityCall {
    StandaloneActivityRef activity = {};
};

struct CancelActivityCall {
    StandaloneActivityRef activity = {};
    std::string reason = {};
};

struct TerminateActivityCall {
    StandaloneActivityRef activity = {};
    std::string reason = {};
};

struct DeleteActivityCall {
    StandaloneActivityRef activity = {};
};

struct PauseActivityCall {
    StandaloneActivityRef activity = {};
    std::string reason = {};
};

struct UnpauseActivityCall {
    StandaloneActivityRef activity = {};
    UnpauseActivityOptions options = {};
};

struct ResetActivityCall {
    StandaloneActivityRef activity = {};
    ResetActivityOptions options = {};
};

struct UpdateActivityOptionsCall {
    StandaloneActivityRef activity = {};
    ActivityOptionsUpdate update = {};
    /// Back to the options that it was started with, instead of an update.
    bool restore_original = false;
};

/// One page.
struct ListActivitiesCall {
    std::string query = {};
    int page_size = 0;
    /// Empty: the first page.
    std::string page_token = {};
};

struct CountActivitiesCall {
    std::string query = {};
};

/// An attempt of an activity that somebody else than its worker completes: by its task token, or by
/// the names of what it belongs to.
struct ActivityTaskRef {
    /// Empty: the ids say which.
    std::string task_token = {};
    /// Empty for a standalone activity.
    std::string workflow_id = {};
    /// Empty: of the newest run.
    std::string run_id = {};
    std::string activity_id = {};
};

/// What the server says to a heartbeat.
struct HeartbeatReply {
    bool cancel_requested = false;
    bool paused = false;
    bool reset = false;
};

/// Of an attempt from outside of its worker, as the three below.
struct HeartbeatActivityCall {
    ActivityTaskRef task = {};
    Payloads details = {};
};

struct CompleteActivityCall {
    ActivityTaskRef task = {};
    Payloads result = {};
};

struct FailActivityCall {
    ActivityTaskRef task = {};
    std::exception_ptr error = {};
    Payloads last_heartbeat_details = {};
};

struct ReportActivityCancelledCall {
    ActivityTaskRef task = {};
    Payloads details = {};
};

}  // namespace hourglass
