#include "src/client/schedule_seen.hpp"

namespace hourglass::client {

namespace {

enum class Written { AsSent, InAnotherWay };

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
        if (of(sent) == of(was) || of(now) == of(sent)) {
            return true;
        }
        return written == Written::InAnotherWay && of(now) != of(was);
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

bool shows_spec(const Look& look) {
    using S = ScheduleSpec;
    const auto shows = [&](auto field, Written written) {
        return look(&Schedule::spec, field, written);
    };
    // Cron expressions become calendars and intervals, perhaps the very ones that were there.
    const bool has_cron = !look.sent.spec.cron_expressions.empty();
    const bool times = has_cron || (shows(&S::calendars, Written::InAnotherWay) &&
                                    shows(&S::intervals, Written::InAnotherWay));
    return times && shows(&S::skip, Written::InAnotherWay) &&
           shows(&S::start_at, Written::AsSent) && shows(&S::end_at, Written::AsSent) &&
           shows(&S::jitter, Written::AsSent) && shows(&S::time_zone_name, Written::AsSent);
}

bool shows_rest(const Look& look) {
    using P = SchedulePolicy;
    using S = ScheduleState;
    return look(&Schedule::policy, &P::overlap, Written::InAnotherWay) &&
           look(&Schedule::policy, &P::catchup_window, Written::InAnotherWay) &&
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
