#include "src/client/schedule_seen.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::client {

namespace {

enum class Written { AsSent, InAnotherWay };

// What servers write out that may be left unset. Whoever sends once more what is there already,
// unset as before, changes nothing: no description would ever show it as it was sent.

ScheduleCalendar written_out(ScheduleCalendar calendar) {
    for (auto* const ranges :
         {&calendar.second,
          &calendar.minute,
          &calendar.hour,
          &calendar.day_of_month,
          &calendar.month,
          &calendar.year,
          &calendar.day_of_week}) {
        for (auto& range : *ranges) {
            range.end = std::max(range.start, range.end);
            range.step = std::max(1, range.step);
        }
    }
    return calendar;
}

RetryPolicy written_out(RetryPolicy policy) {
    using std::chrono::nanoseconds;
    const nanoseconds first = policy.initial_interval.value_or(std::chrono::seconds{1});
    policy.initial_interval = first;
    policy.backoff_coefficient = policy.backoff_coefficient.value_or(2);
    if (!policy.maximum_interval) {
        policy.maximum_interval =
            first > nanoseconds::max() / 100 ? nanoseconds::max() : 100 * first;
    }
    policy.maximum_attempts = policy.maximum_attempts.value_or(0);
    return policy;
}

ScheduleOverlapPolicy written_out(ScheduleOverlapPolicy policy) {
    return policy == ScheduleOverlapPolicy::Unspecified ? ScheduleOverlapPolicy::Skip : policy;
}

/// What is there twice counts once.
template <class Times>
std::vector<Times> each_once(const std::vector<Times>& all) {
    std::vector<Times> once;
    for (const auto& each : all) {
        if (std::ranges::find(once, each) == once.end()) {
            once.push_back(each);
        }
    }
    return once;
}

template <class Field>
bool same(const Field& one, const Field& other) {
    return one == other;
}
bool same(const std::vector<ScheduleInterval>& one, const std::vector<ScheduleInterval>& other) {
    return each_once(one) == each_once(other);
}
bool same(const std::vector<ScheduleCalendar>& one, const std::vector<ScheduleCalendar>& other) {
    const auto written = [](const std::vector<ScheduleCalendar>& all) {
        std::vector<ScheduleCalendar> calendars;
        for (const auto& each : all) {
            calendars.push_back(written_out(each));
        }
        return each_once(calendars);
    };
    return written(one) == written(other);
}
bool same(const ScheduleOverlapPolicy& one, const ScheduleOverlapPolicy& other) {
    return written_out(one) == written_out(other);
}
bool same(const std::optional<RetryPolicy>& one, const std::optional<RetryPolicy>& other) {
    return one && other ? written_out(*one) == written_out(*other) : one == other;
}
/// The server writes the type of a search attribute beside its value.
bool same(const SearchAttributes& one, const SearchAttributes& other) {
    return std::ranges::equal(one.values(), other.values(), [](const auto& a, const auto& b) {
        return a.first == b.first && a.second.data == b.second.data;
    });
}

/// Compares one field of one part of the three.
struct Look {
    const Schedule& was;
    const Schedule& sent;
    const Schedule& now;

    template <class Part, class Field>
    bool operator()(Part Schedule::* part, Field Part::* field, Written written) const {
        const auto of = [&](const Schedule& schedule) -> const Field& {
            return (schedule.*part).*field;
        };
        if (same(of(sent), of(was)) || same(of(now), of(sent))) {
            return true;
        }
        return written == Written::InAnotherWay && !same(of(now), of(was));
    }
};

bool shows_action(const Look& look) {
    using W = ScheduledWorkflow;
    const auto shows = [&](auto field) { return look(&Schedule::action, field, Written::AsSent); };
    return shows(&W::id) && shows(&W::task_queue) && shows(&W::execution_timeout) &&
           shows(&W::run_timeout) && shows(&W::task_timeout) && shows(&W::memo) &&
           shows(&W::search_attributes) && shows(&W::static_summary) && shows(&W::static_details) &&
           shows(&W::priority) && shows(&W::versioning_override) && shows(&W::headers) &&
           shows(&W::type) && shows(&W::arguments) &&
           // The server's defaults may be filled in.
           look(&Schedule::action, &W::retry_policy, Written::InAnotherWay);
}

bool names_a_zone(const std::vector<std::string>& cron_expressions) {
    return std::ranges::any_of(cron_expressions, [](const std::string& cron) {
        return cron.find("TZ=") != std::string::npos;
    });
}

bool shows_spec(const Look& look) {
    using S = ScheduleSpec;
    const auto shows = [&](auto field, Written written) {
        return look(&Schedule::spec, field, written);
    };
    // Cron expressions become calendars and intervals, perhaps the very ones that were there.
    const bool has_cron = !look.sent.spec.cron_expressions.empty();
    const bool times = has_cron || (shows(&S::calendars, Written::InAnotherWay) &&
                                    shows(&S::intervals, Written::InAnotherWay));
    // A zone in one of them becomes that of the schedule.
    const bool zone =
        names_a_zone(look.sent.spec.cron_expressions) || shows(&S::time_zone_name, Written::AsSent);
    return times && zone && shows(&S::skip, Written::InAnotherWay) &&
           shows(&S::start_at, Written::AsSent) && shows(&S::end_at, Written::AsSent) &&
           shows(&S::jitter, Written::AsSent);
}

bool shows_catchup_window(const Look& look) {
    const auto of = [](const Schedule& schedule) {
        return schedule.policy.catchup_window.value_or(std::chrono::hours{24} * 365);
    };
    return of(look.sent) == of(look.was) || of(look.now) == of(look.sent) ||
           of(look.now) != of(look.was);
}

bool shows_rest(const Look& look) {
    using P = SchedulePolicy;
    using S = ScheduleState;
    return look(&Schedule::policy, &P::overlap, Written::InAnotherWay) &&
           shows_catchup_window(look) &&
           look(&Schedule::policy, &P::pause_on_failure, Written::AsSent) &&
           look(&Schedule::policy, &P::keep_original_workflow_id, Written::AsSent) &&
           look(&Schedule::state, &S::note, Written::AsSent) &&
           look(&Schedule::state, &S::paused, Written::AsSent) &&
           // Each action counts it down.
           look(&Schedule::state, &S::remaining_actions, Written::InAnotherWay);
}

}  // namespace

bool shows_change(const Schedule& was, const Schedule& sent, const Schedule& now) {
    const Look look{was, sent, now};
    return shows_action(look) && shows_spec(look) && shows_rest(look);
}

}  // namespace hourglass::client
