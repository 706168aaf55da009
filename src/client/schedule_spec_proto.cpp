#include "src/client/schedule_spec_proto.hpp"

#include "hourglass/base/error.hpp"
#include "src/convert/cron.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/utf8.hpp"

#include <array>
#include <chrono>
#include <string_view>
#include <vector>

namespace hourglass::client {

namespace {

namespace schedule = temporal::api::schedule::v1;
using convert::if_set;
using std::chrono::milliseconds;
using Ranges = google::protobuf::RepeatedPtrField<schedule::Range>;

[[noreturn]] void reject(const std::string& whose, const std::string& why) {
    throw ConfigurationError{whose + ": " + why};
}

/// A field of calendars, here and there, and the numbers it may have.
struct CalendarField {
    std::string_view name;
    std::vector<ScheduleRange> ScheduleCalendar::* ranges;
    Ranges* (schedule::StructuredCalendarSpec::*write)();
    const Ranges& (schedule::StructuredCalendarSpec::*read)() const;
    int lowest;
    int highest;
};

using Structured = schedule::StructuredCalendarSpec;
constexpr std::array kFields{
    CalendarField{
        "second", &ScheduleCalendar::second, &Structured::mutable_second, &Structured::second, 0, 59
    },
    CalendarField{
        "minute", &ScheduleCalendar::minute, &Structured::mutable_minute, &Structured::minute, 0, 59
    },
    CalendarField{
        "hour", &ScheduleCalendar::hour, &Structured::mutable_hour, &Structured::hour, 0, 23
    },
    CalendarField{
        "day_of_month",
        &ScheduleCalendar::day_of_month,
        &Structured::mutable_day_of_month,
        &Structured::day_of_month,
        1,
        31
    },
    CalendarField{
        "month", &ScheduleCalendar::month, &Structured::mutable_month, &Structured::month, 1, 12
    },
    CalendarField{
        "year", &ScheduleCalendar::year, &Structured::mutable_year, &Structured::year, 2000, 2100
    },
    CalendarField{
        "day_of_week",
        &ScheduleCalendar::day_of_week,
        &Structured::mutable_day_of_week,
        &Structured::day_of_week,
        0,
        6
    },
};

void check(const std::string& whose, const CalendarField& field, const ScheduleRange& range) {
    const bool last_fits =
        range.end == 0 || (range.end >= range.start && range.end <= field.highest);
    if (range.start < field.lowest || range.start > field.highest || !last_fits || range.step < 0) {
        reject(
            whose,
            "ScheduleCalendar::" + std::string{field.name} + " has the range {" +
                std::to_string(range.start) + ", " + std::to_string(range.end) + ", " +
                std::to_string(range.step) + "}; its numbers go from " +
                std::to_string(field.lowest) + " to " + std::to_string(field.highest) +
                ", the last one is not smaller than the first (or 0 for that one alone), and the "
                "step is at least 0"
        );
    }
}

void write(const std::string& whose, const ScheduleCalendar& calendar, Structured* proto) {
    for (const auto& field : kFields) {
        for (const auto& range : calendar.*field.ranges) {
            check(whose, field, range);
            auto& written = *(proto->*field.write)()->Add();
            written.set_start(range.start);
            written.set_end(range.end);
            written.set_step(range.step);
        }
    }
    proto->set_comment(convert::valid_utf8(calendar.comment));
}

ScheduleCalendar read(const Structured& proto) {
    ScheduleCalendar calendar;
    for (const auto& field : kFields) {
        auto& ranges = calendar.*field.ranges;
        ranges.clear();
        for (const auto& range : (proto.*field.read)()) {
            ranges.push_back({.start = range.start(), .end = range.end(), .step = range.step()});
        }
    }
    calendar.comment = proto.comment();
    return calendar;
}

bool has_parts_of_a_second(milliseconds time) {
    return time % std::chrono::seconds{1} != milliseconds{0};
}

void write(const std::string& whose, const ScheduleInterval& interval, schedule::IntervalSpec* to) {
    if (interval.every < std::chrono::seconds{1}) {
        reject(
            whose,
            "ScheduleInterval::every is " + std::to_string(interval.every.count()) +
                " ms; it must be at least 1 s"
        );
    }
    if (interval.offset < milliseconds{0} || interval.offset >= interval.every) {
        reject(
            whose,
            "ScheduleInterval::offset is " + std::to_string(interval.offset.count()) +
                " ms; it must be at least 0 and less than `every`, " +
                std::to_string(interval.every.count()) + " ms"
        );
    }
    if (has_parts_of_a_second(interval.every) || has_parts_of_a_second(interval.offset)) {
        reject(
            whose,
            "ScheduleInterval has every = " + std::to_string(interval.every.count()) +
                " ms and offset = " + std::to_string(interval.offset.count()) +
                " ms; both must be whole seconds: the server would leave the rest out"
        );
    }
    convert::to_proto(interval.every, to->mutable_interval());
    if (interval.offset > milliseconds{0}) {
        convert::to_proto(interval.offset, to->mutable_phase());
    }
}

milliseconds to_ms(const google::protobuf::Duration& proto) {
    return std::chrono::duration_cast<milliseconds>(convert::from_proto(proto));
}

void check(const std::string& whose, const ScheduleSpec& spec) {
    if (spec.start_at && spec.end_at && *spec.end_at < *spec.start_at) {
        reject(whose, "ScheduleSpec::end_at lies before start_at; change one of them");
    }
    if (spec.jitter && *spec.jitter <= milliseconds{0}) {
        reject(
            whose,
            "ScheduleSpec::jitter is " + std::to_string(spec.jitter->count()) +
                " ms; it must be greater than 0, or not set"
        );
    }
    for (const auto& cron : spec.cron_expressions) {
        convert::check_cron(
            whose + ": one of ScheduleSpec::cron_expressions", cron, convert::CronOf::Schedule
        );
    }
    if (!convert::is_utf8(spec.time_zone_name)) {
        reject(whose, "ScheduleSpec::time_zone_name is not valid UTF-8");
    }
}

}  // namespace

void write_changes(
    const std::string& whose,
    const ScheduleSpec& now,
    const ScheduleSpec* then,
    schedule::ScheduleSpec* proto
) {
    if (then != nullptr && now == *then) {
        return;
    }
    check(whose, now);
    if (changed(now, then, &ScheduleSpec::calendars)) {
        proto->clear_structured_calendar();
        for (const auto& calendar : now.calendars) {
            write(whose, calendar, proto->add_structured_calendar());
        }
    }
    if (changed(now, then, &ScheduleSpec::intervals)) {
        proto->clear_interval();
        for (const auto& interval : now.intervals) {
            write(whose, interval, proto->add_interval());
        }
    }
    if (changed(now, then, &ScheduleSpec::cron_expressions)) {
        proto->mutable_cron_string()->Assign(
            now.cron_expressions.begin(), now.cron_expressions.end()
        );
    }
    if (changed(now, then, &ScheduleSpec::skip)) {
        proto->clear_exclude_structured_calendar();
        for (const auto& calendar : now.skip) {
            write(whose, calendar, proto->add_exclude_structured_calendar());
        }
    }
    if (changed(now, then, &ScheduleSpec::start_at)) {
        proto->clear_start_time();
        if (now.start_at) {
            convert::to_proto(*now.start_at, proto->mutable_start_time());
        }
    }
    if (changed(now, then, &ScheduleSpec::end_at)) {
        proto->clear_end_time();
        if (now.end_at) {
            convert::to_proto(*now.end_at, proto->mutable_end_time());
        }
    }
    if (changed(now, then, &ScheduleSpec::jitter)) {
        proto->clear_jitter();
        if (now.jitter) {
            convert::to_proto(*now.jitter, proto->mutable_jitter());
        }
    }
    if (changed(now, then, &ScheduleSpec::time_zone_name)) {
        proto->set_timezone_name(now.time_zone_name);
        proto->clear_timezone_data();  // the old zone's
    }
}

ScheduleSpec to_spec(const schedule::ScheduleSpec& proto) {
    ScheduleSpec spec;
    for (const auto& calendar : proto.structured_calendar()) {
        spec.calendars.push_back(read(calendar));
    }
    for (const auto& interval : proto.interval()) {
        spec.intervals.push_back(
            {.every = to_ms(interval.interval()), .offset = to_ms(interval.phase())}
        );
    }
    spec.cron_expressions.assign(proto.cron_string().begin(), proto.cron_string().end());
    for (const auto& calendar : proto.exclude_structured_calendar()) {
        spec.skip.push_back(read(calendar));
    }
    spec.start_at = if_set(proto.has_start_time(), proto.start_time());
    spec.end_at = if_set(proto.has_end_time(), proto.end_time());
    if (proto.has_jitter() && to_ms(proto.jitter()) > milliseconds{0}) {
        spec.jitter = to_ms(proto.jitter());
    }
    spec.time_zone_name = proto.timezone_name();
    return spec;
}

}  // namespace hourglass::client
