#include "src/client/schedule_proto.hpp"

#include "hourglass/base/error.hpp"
#include "src/client/checks.hpp"
#include "src/client/describe.hpp"
#include "src/client/schedule_spec_proto.hpp"
#include "src/client/start_request.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_retry.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/proto_versioning.hpp"
#include "src/convert/utf8.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace hourglass::client {

namespace {

namespace proto = temporal::api::schedule::v1;
namespace enums = temporal::api::enums::v1;
using convert::if_set;
using std::chrono::milliseconds;
using NewExecution = temporal::api::workflow::v1::NewWorkflowExecutionInfo;

/// What was not changed is the server's, and stays whatever it is.
void check(
    const std::string& whose, const ScheduledWorkflow& action, const ScheduledWorkflow* then
) {
    using W = ScheduledWorkflow;
    const std::pair<const char*, const std::string&> texts[] = {
        {"ScheduledWorkflow::id", action.id},
        {"ScheduledWorkflow::type", action.type},
        {"ScheduledWorkflow::task_queue", action.task_queue}
    };
    for (const auto& [name, text] : texts) {
        if (text.empty() || !convert::is_utf8(text)) {
            throw ConfigurationError{
                whose + ": " + name + (text.empty() ? " is empty" : " is not valid UTF-8") +
                "; make the action with hourglass::scheduled<&Workflow::run>({.id = …}, …)"
            };
        }
    }
    const std::pair<const char*, std::optional<milliseconds> W::*> timeouts[] = {
        {"ScheduledWorkflow::execution_timeout", &W::execution_timeout},
        {"ScheduledWorkflow::run_timeout", &W::run_timeout},
        {"ScheduledWorkflow::task_timeout", &W::task_timeout}
    };
    for (const auto& [name, field] : timeouts) {
        if (changed(action, then, field)) {
            check_positive(whose, name, action.*field);
        }
    }
    if (action.retry_policy && changed(action, then, &W::retry_policy)) {
        validate(*action.retry_policy);
    }
    if (changed(action, then, &W::priority)) {
        validate(action.priority);
    }
    if (action.versioning_override && changed(action, then, &W::versioning_override)) {
        validate(*action.versioning_override);
    }
}

/// Writes a duration that was changed, or clears it.
template <class Clear, class Mutable>
void put(const std::optional<milliseconds>& value, Clear clear, Mutable field) {
    clear();
    if (value) {
        convert::to_proto(*value, field());
    }
}

void write_changes(
    const std::string& whose,
    const ScheduledWorkflow& now,
    const ScheduledWorkflow* then,
    NewExecution* into
) {
    using W = ScheduledWorkflow;
    if (then != nullptr && now == *then) {
        return;
    }
    check(whose, now, then);
    if (changed(now, then, &W::id)) {
        into->set_workflow_id(now.id);
    }
    if (changed(now, then, &W::type)) {
        into->mutable_workflow_type()->set_name(now.type);
    }
    if (changed(now, then, &W::task_queue)) {
        into->mutable_task_queue()->set_name(now.task_queue);
    }
    if (changed(now, then, &W::arguments)) {
        convert::to_proto(now.arguments, into->mutable_input());
    }
    if (changed(now, then, &W::execution_timeout)) {
        put(
            now.execution_timeout,
            [&] { into->clear_workflow_execution_timeout(); },
            [&] { return into->mutable_workflow_execution_timeout(); }
        );
    }
    if (changed(now, then, &W::run_timeout)) {
        put(
            now.run_timeout,
            [&] { into->clear_workflow_run_timeout(); },
            [&] { return into->mutable_workflow_run_timeout(); }
        );
    }
    if (changed(now, then, &W::task_timeout)) {
        put(
            now.task_timeout,
            [&] { into->clear_workflow_task_timeout(); },
            [&] { return into->mutable_workflow_task_timeout(); }
        );
    }
    if (changed(now, then, &W::retry_policy)) {
        into->clear_retry_policy();
        if (now.retry_policy) {
            convert::to_proto(*now.retry_policy, into->mutable_retry_policy());
        }
    }
    if (changed(now, then, &W::memo)) {
        into->clear_memo();
        if (!now.memo.empty()) {
            convert::to_proto(now.memo, into->mutable_memo()->mutable_fields());
        }
    }
    if (changed(now, then, &W::search_attributes)) {
        into->clear_search_attributes();
        if (!now.search_attributes.empty()) {
            convert::to_proto(
                now.search_attributes.values(),
                into->mutable_search_attributes()->mutable_indexed_fields()
            );
        }
    }
    if (changed(now, then, &W::headers)) {
        into->clear_header();
        if (!now.headers.empty()) {
            convert::to_proto(now.headers, into->mutable_header()->mutable_fields());
        }
    }
    const bool fresh = then == nullptr;
    if (fresh ? !now.static_summary.empty() : changed(now, then, &W::static_summary)) {
        into->mutable_user_metadata()->clear_summary();
        set_metadata(now.static_summary, "", into->mutable_user_metadata());
    }
    if (fresh ? !now.static_details.empty() : changed(now, then, &W::static_details)) {
        into->mutable_user_metadata()->clear_details();
        set_metadata("", now.static_details, into->mutable_user_metadata());
    }
    if (changed(now, then, &W::priority)) {
        into->clear_priority();
        if (now.priority != Priority{}) {
            convert::to_proto(now.priority, into->mutable_priority());
        }
    }
    if (changed(now, then, &W::versioning_override)) {
        into->clear_versioning_override();
        if (now.versioning_override) {
            convert::to_proto(*now.versioning_override, into->mutable_versioning_override());
        }
    }
}

void write_changes(
    const std::string& whose,
    const SchedulePolicy& now,
    const SchedulePolicy* then,
    proto::SchedulePolicies* into
) {
    if (now.catchup_window && changed(now, then, &SchedulePolicy::catchup_window) &&
        *now.catchup_window < std::chrono::seconds{10}) {
        throw ConfigurationError{
            whose + ": SchedulePolicy::catchup_window is " +
            std::to_string(now.catchup_window->count()) +
            " ms; it must be at least 10 s, or not set"
        };
    }
    if (changed(now, then, &SchedulePolicy::overlap)) {
        into->set_overlap_policy(static_cast<enums::ScheduleOverlapPolicy>(now.overlap));
    }
    if (changed(now, then, &SchedulePolicy::catchup_window)) {
        put(
            now.catchup_window,
            [&] { into->clear_catchup_window(); },
            [&] { return into->mutable_catchup_window(); }
        );
    }
    if (changed(now, then, &SchedulePolicy::pause_on_failure)) {
        into->set_pause_on_failure(now.pause_on_failure);
    }
    if (changed(now, then, &SchedulePolicy::keep_original_workflow_id)) {
        into->set_keep_original_workflow_id(now.keep_original_workflow_id);
    }
}

void write_changes(
    const std::string& whose,
    const ScheduleState& now,
    const ScheduleState* then,
    proto::ScheduleState* into
) {
    if (changed(now, then, &ScheduleState::note)) {
        into->set_notes(convert::valid_utf8(now.note));
    }
    if (changed(now, then, &ScheduleState::paused)) {
        into->set_paused(now.paused);
    }
    if (changed(now, then, &ScheduleState::remaining_actions)) {
        if (now.remaining_actions.value_or(0) < 0) {
            throw ConfigurationError{
                whose + ": ScheduleState::remaining_actions is " +
                std::to_string(*now.remaining_actions) + "; it must be at least 0, or not set"
            };
        }
        into->set_limited_actions(now.remaining_actions.has_value());
        into->set_remaining_actions(now.remaining_actions.value_or(0));
    }
}

ScheduledWorkflow to_action(const NewExecution& from) {
    ScheduledWorkflow action;
    action.id = from.workflow_id();
    action.type = from.workflow_type().name();
    action.task_queue = from.task_queue().name();
    action.arguments = convert::from_proto(from.input());
    action.execution_timeout =
        timeout_of(from.has_workflow_execution_timeout(), from.workflow_execution_timeout());
    action.run_timeout = timeout_of(from.has_workflow_run_timeout(), from.workflow_run_timeout());
    action.task_timeout =
        timeout_of(from.has_workflow_task_timeout(), from.workflow_task_timeout());
    if (from.has_retry_policy()) {
        action.retry_policy = convert::from_proto(from.retry_policy());
    }
    action.memo = convert::from_proto(from.memo().fields());
    action.search_attributes =
        SearchAttributes{convert::from_proto(from.search_attributes().indexed_fields())};
    action.headers = convert::from_proto(from.header().fields());
    if (from.user_metadata().has_summary()) {
        action.static_summary = text_of(from.user_metadata().summary());
    }
    if (from.user_metadata().has_details()) {
        action.static_details = text_of(from.user_metadata().details());
    }
    action.priority = convert::from_proto(from.priority());
    action.versioning_override = convert::from_proto(from.versioning_override());
    return action;
}

template <class Results>
std::vector<ScheduleActionResult> to_results(const Results& protos) {
    std::vector<ScheduleActionResult> results;
    for (const auto& each : protos) {
        results.push_back(
            {.scheduled_at = convert::from_proto(each.schedule_time()),
             .started_at = convert::from_proto(each.actual_time()),
             .workflow_id = each.start_workflow_result().workflow_id(),
             .first_execution_run_id = each.start_workflow_result().run_id(),
             .status = static_cast<WorkflowStatus>(each.start_workflow_status())}
        );
    }
    return results;
}

template <class Times>
std::vector<std::chrono::system_clock::time_point> to_times(const Times& protos) {
    std::vector<std::chrono::system_clock::time_point> times;
    for (const auto& each : protos) {
        times.push_back(convert::from_proto(each));
    }
    return times;
}

}  // namespace

proto::Schedule to_proto(const std::string& id, const Schedule& schedule) {
    const std::string whose = "schedule \"" + id + "\" is not usable";
    proto::Schedule into;
    std::optional<Schedule> then;
    if (schedule.origin.serialized) {
        if (!into.ParseFromString(*schedule.origin.serialized)) {
            throw ConfigurationError{
                whose +
                ": Schedule::origin is no temporal.api.schedule.v1.Schedule; leave it as "
                "the description had it"
            };
        }
        then = to_schedule(into);
    }
    const Schedule* old = then ? &*then : nullptr;
    // An action that was not touched may be of a kind that this version does not know.
    if (old == nullptr || schedule.action != old->action) {
        write_changes(
            whose,
            schedule.action,
            old != nullptr ? &old->action : nullptr,
            into.mutable_action()->mutable_start_workflow()
        );
    }
    write_changes(whose, schedule.spec, old != nullptr ? &old->spec : nullptr, into.mutable_spec());
    write_changes(
        whose, schedule.policy, old != nullptr ? &old->policy : nullptr, into.mutable_policies()
    );
    write_changes(
        whose, schedule.state, old != nullptr ? &old->state : nullptr, into.mutable_state()
    );
    return into;
}

Schedule to_schedule(const proto::Schedule& from) {
    Schedule schedule;
    schedule.action = to_action(from.action().start_workflow());
    schedule.spec = to_spec(from.spec());
    const auto& policies = from.policies();
    schedule.policy = {
        .overlap = static_cast<ScheduleOverlapPolicy>(policies.overlap_policy()),
        .catchup_window = timeout_of(policies.has_catchup_window(), policies.catchup_window()),
        .pause_on_failure = policies.pause_on_failure(),
        .keep_original_workflow_id = policies.keep_original_workflow_id()
    };
    schedule.state = {.note = from.state().notes(), .paused = from.state().paused()};
    if (from.state().limited_actions()) {
        schedule.state.remaining_actions = from.state().remaining_actions();
    }
    schedule.origin.serialized = std::make_shared<const std::string>(from.SerializeAsString());
    return schedule;
}

ScheduleDescription to_description(
    const std::string& id,
    const temporal::api::workflowservice::v1::DescribeScheduleResponse& response
) {
    ScheduleDescription description;
    description.id = id;
    description.schedule = to_schedule(response.schedule());
    description.memo = convert::from_proto(response.memo().fields());
    description.search_attributes =
        SearchAttributes{convert::from_proto(response.search_attributes().indexed_fields())};
    const auto& info = response.info();
    description.actions = info.action_count();
    description.actions_missed_catchup_window = info.missed_catchup_window();
    description.actions_skipped_for_overlap = info.overlap_skipped();
    description.actions_dropped_from_buffer = info.buffer_dropped();
    description.buffered_actions = info.buffer_size();
    for (const auto& running : info.running_workflows()) {
        description.running.push_back(
            {.workflow_id = running.workflow_id(), .first_execution_run_id = running.run_id()}
        );
    }
    description.recent_actions = to_results(info.recent_actions());
    description.next_action_times = to_times(info.future_action_times());
    description.created_at = convert::from_proto(info.create_time());
    description.updated_at = if_set(info.has_update_time(), info.update_time());
    description.conflict_token = response.conflict_token();
    return description;
}

ScheduleListEntry to_entry(const proto::ScheduleListEntry& from) {
    ScheduleListEntry entry;
    entry.id = from.schedule_id();
    entry.workflow_type = from.info().workflow_type().name();
    entry.spec = to_spec(from.info().spec());
    entry.note = from.info().notes();
    entry.paused = from.info().paused();
    entry.memo = convert::from_proto(from.memo().fields());
    entry.search_attributes =
        SearchAttributes{convert::from_proto(from.search_attributes().indexed_fields())};
    entry.recent_actions = to_results(from.info().recent_actions());
    entry.next_action_times = to_times(from.info().future_action_times());
    return entry;
}

}  // namespace hourglass::client
