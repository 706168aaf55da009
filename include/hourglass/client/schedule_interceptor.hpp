#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/base/next.hpp"
#include "hourglass/client/calls_about_schedules.hpp"
#include "hourglass/client/count.hpp"
#include "hourglass/client/paged.hpp"

#include <chrono>
#include <utility>
#include <vector>

namespace hourglass {

/// The part of ClientInterceptor that stands around schedules.
class ScheduleCallInterceptor {
public:
    ScheduleCallInterceptor() = default;
    ScheduleCallInterceptor(const ScheduleCallInterceptor&) = delete;
    ScheduleCallInterceptor& operator=(const ScheduleCallInterceptor&) = delete;
    virtual ~ScheduleCallInterceptor() = default;

    virtual Future<void> create_schedule(
        CreateScheduleCall call, Next<CreateScheduleCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    /// Not called for the reads of an update.
    virtual Future<ScheduleDescription> describe_schedule(
        DescribeScheduleCall call, Next<DescribeScheduleCall, Future<ScheduleDescription>> next
    ) {
        return next(std::move(call));
    }
    /// The whole of it: reading, the updater and sending back, as often as it takes.
    virtual Future<void> update_schedule(
        UpdateScheduleCall call, Next<UpdateScheduleCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> backfill_schedule(
        BackfillScheduleCall call, Next<BackfillScheduleCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> pause_schedule(
        PauseScheduleCall call, Next<PauseScheduleCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> unpause_schedule(
        UnpauseScheduleCall call, Next<UnpauseScheduleCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> trigger_schedule(
        TriggerScheduleCall call, Next<TriggerScheduleCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> delete_schedule(
        DeleteScheduleCall call, Next<DeleteScheduleCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    /// `matching_times`.
    virtual Future<std::vector<std::chrono::system_clock::time_point>> schedule_times(
        ScheduleTimesCall call,
        Next<ScheduleTimesCall, Future<std::vector<std::chrono::system_clock::time_point>>> next
    ) {
        return next(std::move(call));
    }
    /// Each page.
    virtual Future<Page<ScheduleListEntry>> list_schedules(
        ListSchedulesCall call, Next<ListSchedulesCall, Future<Page<ScheduleListEntry>>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<Count> count_schedules(
        CountSchedulesCall call, Next<CountSchedulesCall, Future<Count>> next
    ) {
        return next(std::move(call));
    }
};

}  // namespace hourglass
