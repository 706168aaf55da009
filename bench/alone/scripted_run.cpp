#include "scripted_run.hpp"

#include "hourglass/convert/convert.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_time.hpp"

#include <chrono>
#include <cstdio>
#include <utility>

namespace bench {
namespace {

namespace hg = hourglass;
namespace enums = temporal::api::enums::v1;
using namespace std::chrono_literals;
using temporal::api::history::v1::History;
using temporal::api::history::v1::HistoryEvent;

constexpr std::chrono::system_clock::time_point kBegin{1'800'000'000s};
constexpr std::int64_t kFirstTaskStarted = 3;
constexpr std::int64_t kEventsAnActivity = 6;
constexpr const char* kIdentity = "bench";

HistoryEvent& append(std::int64_t id, enums::EventType type, History& history) {
    HistoryEvent& event = *history.add_events();
    event.set_event_id(id);
    event.set_event_type(type);
    hg::convert::to_proto(kBegin + id * 1ms, event.mutable_event_time());
    return event;
}

/// A workflow task is scheduled and started: two events.
void append_task(const ScriptedRun& run, std::int64_t id, History& history) {
    auto& scheduled = *append(id, enums::EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, history)
                           .mutable_workflow_task_scheduled_event_attributes();
    scheduled.mutable_task_queue()->set_name(run.queue);
    scheduled.set_attempt(1);
    hg::convert::to_proto(10s, scheduled.mutable_start_to_close_timeout());
    auto& started = *append(id + 1, enums::EVENT_TYPE_WORKFLOW_TASK_STARTED, history)
                         .mutable_workflow_task_started_event_attributes();
    started.set_scheduled_event_id(id);
    started.set_identity(kIdentity);
    started.set_history_size_bytes(110 * id);
}

void append_task_completed(std::int64_t id, History& history) {
    auto& completed = *append(id, enums::EVENT_TYPE_WORKFLOW_TASK_COMPLETED, history)
                           .mutable_workflow_task_completed_event_attributes();
    completed.set_scheduled_event_id(id - 2);
    completed.set_started_event_id(id - 1);
    completed.set_identity(kIdentity);
}

void append_start(const ScriptedRun& run, History& history) {
    auto& started = *append(1, enums::EVENT_TYPE_WORKFLOW_EXECUTION_STARTED, history)
                         .mutable_workflow_execution_started_event_attributes();
    started.mutable_workflow_type()->set_name(run.workflow);
    started.mutable_task_queue()->set_name(run.queue);
    hg::convert::to_proto(run.arguments, started.mutable_input());
    hg::convert::to_proto(10s, started.mutable_workflow_task_timeout());
    started.set_original_execution_run_id(run.run_id);
    started.set_first_execution_run_id(run.run_id);
    started.set_workflow_id(run.workflow_id);
    started.set_attempt(1);
    append_task(run, 2, history);
}

/// The event that completes the workflow task which asks for an activity.
constexpr std::int64_t asked_for(std::int64_t activity) {
    return kFirstTaskStarted + 1 + kEventsAnActivity * activity;
}

/// The activity is asked for, runs and answers; the next workflow task starts.
void append_activity(
    const ScriptedRun& run, std::int64_t activity, const std::string& activity_id, History& history
) {
    const std::int64_t asked = asked_for(activity);
    append_task_completed(asked, history);
    auto& scheduled = *append(asked + 1, enums::EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, history)
                           .mutable_activity_task_scheduled_event_attributes();
    scheduled.set_activity_id(activity_id);
    scheduled.mutable_activity_type()->set_name("Echo");
    scheduled.mutable_task_queue()->set_name(run.queue);
    hg::convert::to_proto(hg::encode_arguments(activity), scheduled.mutable_input());
    hg::convert::to_proto(60s, scheduled.mutable_start_to_close_timeout());
    scheduled.set_workflow_task_completed_event_id(asked);
    auto& started = *append(asked + 2, enums::EVENT_TYPE_ACTIVITY_TASK_STARTED, history)
                         .mutable_activity_task_started_event_attributes();
    started.set_scheduled_event_id(asked + 1);
    started.set_identity(kIdentity);
    started.set_attempt(1);
    auto& completed = *append(asked + 3, enums::EVENT_TYPE_ACTIVITY_TASK_COMPLETED, history)
                           .mutable_activity_task_completed_event_attributes();
    completed.set_scheduled_event_id(asked + 1);
    completed.set_started_event_id(asked + 2);
    completed.set_identity(kIdentity);
    hg::convert::to_proto(hg::encode_arguments(activity), completed.mutable_result());
    append_task(run, asked + 4, history);
}

/// As Go names it, which insists on that: by the event that schedules it.
std::string recorded_id(std::int64_t activity) {
    return std::to_string(asked_for(activity) + 1);
}

hg::testing::TaskOffer task(const ScriptedRun& run, std::int64_t previous, std::int64_t started) {
    hg::testing::TaskOffer offer{
        .queue = run.queue, .task = {}, .whole_history = {}, .answered = {}
    };
    offer.task.mutable_workflow_execution()->set_workflow_id(run.workflow_id);
    offer.task.mutable_workflow_execution()->set_run_id(run.run_id);
    offer.task.mutable_workflow_type()->set_name(run.workflow);
    offer.task.mutable_workflow_execution_task_queue()->set_name(run.queue);
    offer.task.set_previous_started_event_id(previous);
    offer.task.set_started_event_id(started);
    offer.task.set_attempt(1);
    const auto now = std::chrono::system_clock::now();
    hg::convert::to_proto(now, offer.task.mutable_scheduled_time());
    hg::convert::to_proto(now, offer.task.mutable_started_time());
    return offer;
}

}  // namespace

ScriptedRun sequential_run(std::int64_t number, const std::string& queue, std::int64_t activities) {
    char run_id[] = "00000000-0000-4000-8000-000000000000";
    std::snprintf(
        run_id,
        sizeof run_id,
        "00000000-0000-4000-8000-%012llx",
        static_cast<unsigned long long>(number)
    );
    return {
        .workflow = "Sequential",
        .workflow_id = queue + "-" + std::to_string(number),
        .run_id = run_id,
        .queue = queue,
        .arguments = hg::encode_arguments(activities)
    };
}

History finished_history(const ScriptedRun& run, std::int64_t activities) {
    History history;
    append_start(run, history);
    for (std::int64_t activity = 0; activity < activities; ++activity) {
        append_activity(run, activity, recorded_id(activity), history);
    }
    const std::int64_t completed = asked_for(activities);
    append_task_completed(completed, history);
    auto& end = *append(completed + 1, enums::EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED, history)
                     .mutable_workflow_execution_completed_event_attributes();
    end.set_workflow_task_completed_event_id(completed);
    const std::int64_t sum = activities * (activities - 1) / 2;
    hg::convert::to_proto(hg::encode_arguments(sum), end.mutable_result());
    return history;
}

hg::testing::TaskOffer first_task(const ScriptedRun& run) {
    auto offer = task(run, 0, kFirstTaskStarted);
    append_start(run, *offer.task.mutable_history());
    return offer;
}

hg::testing::TaskOffer next_task(
    const ScriptedRun& run,
    std::int64_t activity,
    const std::string& activity_id,
    const std::string& sticky_queue
) {
    const std::int64_t previous = asked_for(activity) - 1;
    auto offer = task(run, previous, previous + kEventsAnActivity);
    offer.queue = sticky_queue;
    append_activity(run, activity, activity_id, *offer.task.mutable_history());
    return offer;
}

}  // namespace bench
