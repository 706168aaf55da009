#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hourglass {

/// Numbers of a calendar's field: `{9}` is 9, `{9, 17}` is 9 to 17, `{0, 59, 15}` is 0, 15, 30, 45.
struct ScheduleRange {
    int start = 0;
    /// Included, >= start; 0 is `start`, too.
    int end = 0;
    /// 0 is 1.
    int step = 0;

    bool operator==(const ScheduleRange&) const = default;
};

/// Points in time that match in each field; by default midnight of every day. A field without
/// ranges matches nothing, but `year`, which then matches every year.
struct ScheduleCalendar {
    /// 0 to 59.
    std::vector<ScheduleRange> second = {{0}};
    std::vector<ScheduleRange> minute = {{0}};
    /// 0 to 23.
    std::vector<ScheduleRange> hour = {{0}};
    /// 1 to 31.
    std::vector<ScheduleRange> day_of_month = {{1, 31}};
    /// 1 to 12.
    std::vector<ScheduleRange> month = {{1, 12}};
    std::vector<ScheduleRange> year = {};
    /// 0 to 6, from Sunday.
    std::vector<ScheduleRange> day_of_week = {{0, 6}};
    /// For people.
    std::string comment = {};

    bool operator==(const ScheduleCalendar&) const = default;
};

/// Points in time at equal distances, counted from 1970 in UTC.
struct ScheduleInterval {
    /// At least 1 s; whole seconds.
    std::chrono::milliseconds every{0};
    /// Moves them all, less than `every`; whole seconds.
    std::chrono::milliseconds offset{0};

    bool operator==(const ScheduleInterval&) const = default;
};

/// When a schedule acts: at the points in time of all calendars, intervals and cron strings, but
/// those of `skip`.
struct ScheduleSpec {
    std::vector<ScheduleCalendar> calendars = {};
    std::vector<ScheduleInterval> intervals = {};
    /// "0 12 * * MON-FRI", "@every 1h", "CRON_TZ=Europe/Berlin 0 12 * * *"; the server turns them
    /// into calendars and intervals, so a described schedule has none.
    std::vector<std::string> cron_expressions = {};
    std::vector<ScheduleCalendar> skip = {};
    /// Nothing before it.
    std::optional<std::chrono::system_clock::time_point> start_at = {};
    /// Nothing after it.
    std::optional<std::chrono::system_clock::time_point> end_at = {};
    /// Each action is late by a random time up to this.
    std::optional<std::chrono::milliseconds> jitter = {};
    /// Of calendars and cron strings: "Europe/Berlin"; UTC if empty.
    std::string time_zone_name = {};

    bool operator==(const ScheduleSpec&) const = default;
};

/// What happens when an action is due while the workflow of an earlier one runs; the server's
/// numbers.
enum class ScheduleOverlapPolicy : std::uint8_t {
    /// As the schedule's policy says; for a schedule itself the server's default, Skip.
    Unspecified = 0,
    Skip = 1,
    /// One more starts when it has ended, however many were due.
    BufferOne = 2,
    BufferAll = 3,
    CancelOther = 4,
    TerminateOther = 5,
    AllowAll = 6,
};

/// How a schedule acts.
struct SchedulePolicy {
    ScheduleOverlapPolicy overlap = ScheduleOverlapPolicy::Unspecified;
    /// An action that was missed, in an outage of the server for instance, is made up for until
    /// then; at least 10 s. The server's default is a year.
    std::optional<std::chrono::milliseconds> catchup_window = {};
    /// Pauses the schedule when a workflow of it fails or times out.
    bool pause_on_failure = false;
    /// Gives the workflows the action's id as it is, without the time behind it.
    bool keep_original_workflow_id = false;

    bool operator==(const SchedulePolicy&) const = default;
};

/// What changes about a schedule without a change of what it does.
struct ScheduleState {
    /// For people; pausing writes its reason here.
    std::string note = {};
    bool paused = false;
    /// Actions that are left; each taken one counts it down, and at 0 there are no more. None: no
    /// limit.
    std::optional<std::int64_t> remaining_actions = {};

    bool operator==(const ScheduleState&) const = default;
};

}  // namespace hourglass
