#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/client/activity_options.hpp"
#include "hourglass/client/calls_about_activities.hpp"
#include "hourglass/client/count.hpp"
#include "hourglass/client/paged.hpp"
#include "hourglass/convert/payload.hpp"

#include <exception>
#include <string>

namespace hourglass::detail {

using ActivityRef = StandaloneActivityRef;
using hourglass::ActivityTaskRef;
using hourglass::HeartbeatReply;

/// What a client's activities are shells of.
/// @threads any.
class ActivityBackend {
public:
    ActivityBackend() = default;
    ActivityBackend(const ActivityBackend&) = delete;
    ActivityBackend& operator=(const ActivityBackend&) = delete;
    virtual ~ActivityBackend() = default;

    virtual Future<HeartbeatReply> heartbeat_activity(ActivityTaskRef task, Payloads details) = 0;
    virtual Future<void> complete_activity(ActivityTaskRef task, Payloads result) = 0;
    virtual Future<void> fail_activity(
        ActivityTaskRef task, std::exception_ptr error, Payloads last_heartbeat_details
    ) = 0;
    virtual Future<void> report_activity_cancelled(ActivityTaskRef task, Payloads details) = 0;

    virtual Future<ActivityRef> start_activity(
        std::string type, StartActivityOptions options, Payloads arguments
    ) = 0;
    virtual Future<Payloads> activity_result(
        ActivityRef activity, ActivityResultOptions options
    ) = 0;
    virtual Future<ActivityDescription> describe_activity(ActivityRef activity) = 0;
    virtual Future<void> cancel_activity(ActivityRef activity, std::string reason) = 0;
    virtual Future<void> terminate_activity(ActivityRef activity, std::string reason) = 0;
    virtual Future<void> remove_activity(ActivityRef activity) = 0;
    virtual Future<void> pause_activity(PauseActivityCall call) = 0;
    virtual Future<void> unpause_activity(UnpauseActivityCall call) = 0;
    virtual Future<void> reset_activity(ResetActivityCall call) = 0;
    virtual Future<ActivityExecutionOptions> update_activity_options(UpdateActivityOptionsCall call
    ) = 0;
    virtual Future<Page<ActivityExecution>> list_activities_page(
        std::string query, int page_size, std::string page_token
    ) = 0;
    virtual Future<Count> count_activities(std::string query) = 0;
};

}  // namespace hourglass::detail
