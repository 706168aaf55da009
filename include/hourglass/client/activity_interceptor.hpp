#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/base/next.hpp"
#include "hourglass/client/calls_about_activities.hpp"
#include "hourglass/client/count.hpp"
#include "hourglass/client/paged.hpp"
#include "hourglass/convert/payload.hpp"

#include <utility>

namespace hourglass {

/// The part of ClientInterceptor that stands around standalone activities, and attempts that are
/// completed from outside of their worker.
class ActivityCallInterceptor {
public:
    ActivityCallInterceptor() = default;
    ActivityCallInterceptor(const ActivityCallInterceptor&) = delete;
    ActivityCallInterceptor& operator=(const ActivityCallInterceptor&) = delete;
    virtual ~ActivityCallInterceptor() = default;

    /// Of a standalone activity.
    virtual Future<StandaloneActivityRef> start_activity(
        StartActivityCall call, Next<StartActivityCall, Future<StandaloneActivityRef>> next
    ) {
        return next(std::move(call));
    }
    /// The whole wait. Gives the result, one payload or none.
    virtual Future<Payloads> activity_result(
        ActivityResultCall call, Next<ActivityResultCall, Future<Payloads>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<ActivityDescription> describe_activity(
        DescribeActivityCall call, Next<DescribeActivityCall, Future<ActivityDescription>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> cancel_activity(
        CancelActivityCall call, Next<CancelActivityCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> terminate_activity(
        TerminateActivityCall call, Next<TerminateActivityCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> delete_activity(
        DeleteActivityCall call, Next<DeleteActivityCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> pause_activity(
        PauseActivityCall call, Next<PauseActivityCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> unpause_activity(
        UnpauseActivityCall call, Next<UnpauseActivityCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> reset_activity(
        ResetActivityCall call, Next<ResetActivityCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    /// `update_options` and `restore_original_options`.
    virtual Future<ActivityExecutionOptions> update_activity_options(
        UpdateActivityOptionsCall call,
        Next<UpdateActivityOptionsCall, Future<ActivityExecutionOptions>> next
    ) {
        return next(std::move(call));
    }
    /// Each page.
    virtual Future<Page<ActivityExecution>> list_activities(
        ListActivitiesCall call, Next<ListActivitiesCall, Future<Page<ActivityExecution>>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<Count> count_activities(
        CountActivitiesCall call, Next<CountActivitiesCall, Future<Count>> next
    ) {
        return next(std::move(call));
    }
    /// `heartbeat` of an AsyncActivityHandle, as those below.
    virtual Future<HeartbeatReply> heartbeat_activity(
        HeartbeatActivityCall call, Next<HeartbeatActivityCall, Future<HeartbeatReply>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> complete_activity(
        CompleteActivityCall call, Next<CompleteActivityCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> fail_activity(
        FailActivityCall call, Next<FailActivityCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> report_activity_cancelled(
        ReportActivityCancelledCall call, Next<ReportActivityCancelledCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
};

}  // namespace hourglass
