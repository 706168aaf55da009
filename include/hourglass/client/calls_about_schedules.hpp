#pragma once

// What a client asks the server for about schedules: what interceptors see and may change.

#include "hourglass/client/schedule.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace hourglass {

/// The workflow that the schedule starts, its arguments and its headers are in `schedule.action`.
struct CreateScheduleCall {
    std::string id = {};
    Schedule schedule = {};
    CreateScheduleOptions options = {};
};

struct DescribeScheduleCall {
    std::string id = {};
};

/// The updater runs again if somebody else was faster.
struct UpdateScheduleCall {
    std::string id = {};
    ScheduleUpdater updater = {};
};

struct BackfillScheduleCall {
    std::string id = {};
    std::vector<ScheduleBackfill> backfill = {};
};

struct PauseScheduleCall {
    std::string id = {};
    std::string note = {};
};

struct UnpauseScheduleCall {
    std::string id = {};
    std::string note = {};
};

struct TriggerScheduleCall {
    std::string id = {};
    ScheduleOverlapPolicy overlap = ScheduleOverlapPolicy::Unspecified;
};

struct DeleteScheduleCall {
    std::string id = {};
};

struct ScheduleTimesCall {
    std::string id = {};
    std::chrono::system_clock::time_point from = {};
    std::chrono::system_clock::time_point to = {};
};

/// One page.
struct ListSchedulesCall {
    std::string query = {};
    int page_size = 0;
    /// Empty: the first page.
    std::string page_token = {};
};

struct CountSchedulesCall {
    std::string query = {};
};

}  // namespace hourglass
