#include "src/testing/execution.hpp"

#include "hourglass/base/error.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/testing/closing_command.hpp"
#include "src/testing/command_events.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hourglass::testing {
namespace {

/// What a worker sends of a function that returns nothing.
Payloads null_for_nothing(Payloads result) {
    if (result.empty()) {
        result.push_back(null_payload());
    }
    return result;
}

namespace enums = temporal::api::enums::v1;
using temporal::api::history::v1::HistoryEvent;

constexpr const char* kIdentity = "WorkflowDriver";
constexpr std::chrono::seconds kTaskTimeout{10};  // a server's default

/// A run id that is one, and tells by which workflow task it came.
std::string next_run_id(const std::string& run_id, std::int64_t event) {
    const std::string number = std::to_string(event);
    return run_id.substr(0, run_id.size() - std::min(number.size(), run_id.size())) + number;
}

enums::RetryState why_not_retried(const temporal::api::failure::v1::Failure& failure) {
    return failure.application_failure_info().non_retryable()
               ? enums::RETRY_STATE_NON_RETRYABLE_FAILURE
               : enums::RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED;
}

/// Which attempt of an activity an event tells of the end of.
template <class Attributes>
void name_attempt(const OpenOperation& activity, std::int64_t started, Attributes& attributes) {
    attributes.set_scheduled_event_id(activity.begun);
    attributes.set_started_event_id(started);
    attributes.set_identity(kIdentity);
}

/// Which child an event tells of the end of.
template <class Attributes>
void name_child(const OpenOperation& child, Attributes& attributes) {
    attributes.set_initiated_event_id(child.begun);
    attributes.set_started_event_id(child.started);
    attributes.mutable_workflow_execution()->set_workflow_id(child.id);
    attributes.mutable_workflow_execution()->set_run_id(child.run_id);
    attributes.mutable_workflow_type()->set_name(child.name);
}

}  // namespace

Execution::Execution(const Start& start, std::string run_id, EventLog::Time now)
    : workflow_id_{start.workflow_id()},
      run_id_{std::move(run_id)},
      workflow_type_{start.workflow_type().name()},
      task_queue_{start.task_queue().name()},
      log_{now} {
    HistoryEvent& event = log_.append(enums::EVENT_TYPE_WORKFLOW_EXECUTION_STARTED);
    if (start.has_user_metadata()) {
        *event.mutable_user_metadata() = start.user_metadata();
    }
    auto& started = *event.mutable_workflow_execution_started_event_attributes();
    copy_alike(start, started);
    started.set_original_execution_run_id(run_id_);
    started.set_first_execution_run_id(run_id_);
    started.set_attempt(1);
    if (!started.has_workflow_task_timeout()) {
        convert::to_proto(kTaskTimeout, started.mutable_workflow_task_timeout());
    }
    if (start.has_workflow_start_delay()) {
        *started.mutable_first_workflow_task_backoff() = start.workflow_start_delay();
        log_.move_clock(later(now, convert::from_proto(start.workflow_start_delay())));
    }
}

const HistoryEvent* Execution::close_event() const {
    return close_event_ == 0 ? nullptr : &log_.history().events(static_cast<int>(close_event_ - 1));
}

void Execution::require_open() const {
    if (close_event_ != 0) {
        throw Error{"workflow '" + workflow_id_ + "' has closed: nothing happens to it any more"};
    }
}

HistoryEvent& Execution::append(enums::EventType type) {
    require_open();
    return log_.append(type);
}

OpenOperation Execution::take(
    std::vector<OpenOperation>& operations, const char* what, std::string_view id_or_name
) {
    require_open();  // before anything changes
    return take_open(operations, what, id_or_name);
}

void Execution::signal(const std::string& name, Payloads arguments) {
    auto& signaled = *append(enums::EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED)
                          .mutable_workflow_execution_signaled_event_attributes();
    signaled.set_signal_name(name);
    signaled.set_identity(kIdentity);
    convert::to_proto(std::move(arguments), signaled.mutable_input());
}

void Execution::request_cancel(const std::string& reason) {
    auto& requested = *append(enums::EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED)
                           .mutable_workflow_execution_cancel_requested_event_attributes();
    requested.set_cause(reason);
    requested.set_identity(kIdentity);
}

void Execution::admit_update(const std::string& id, const std::string& name, Payloads arguments) {
    if (close_event_ != 0) {
        throw Error{"workflow '" + workflow_id_ + "' has closed: it takes no update any more"};
    }
    temporal::api::update::v1::Request request;
    request.mutable_meta()->set_update_id(id);
    request.mutable_meta()->set_identity(kIdentity);
    request.mutable_input()->set_name(name);
    convert::to_proto(std::move(arguments), request.mutable_input()->mutable_args());
    updates_.admit(std::move(request));
}

std::int64_t Execution::start_activity(const OpenOperation& activity) {
    HistoryEvent& event = append(enums::EVENT_TYPE_ACTIVITY_TASK_STARTED);
    auto& started = *event.mutable_activity_task_started_event_attributes();
    started.set_scheduled_event_id(activity.begun);
    started.set_identity(kIdentity);
    started.set_attempt(1);
    return event.event_id();
}

void Execution::complete_activity(std::string_view activity, Payloads result) {
    const OpenOperation ended = take(open_.activities, "activity", activity);
    const auto started = start_activity(ended);
    auto& completed = *append(enums::EVENT_TYPE_ACTIVITY_TASK_COMPLETED)
                           .mutable_activity_task_completed_event_attributes();
    name_attempt(ended, started, completed);
    convert::to_proto(null_for_nothing(std::move(result)), completed.mutable_result());
}

void Execution::fail_activity(std::string_view activity, Failure failure) {
    const OpenOperation ended = take(open_.activities, "activity", activity);
    const auto started = start_activity(ended);
    auto& failed = *append(enums::EVENT_TYPE_ACTIVITY_TASK_FAILED)
                        .mutable_activity_task_failed_event_attributes();
    name_attempt(ended, started, failed);
    failed.set_retry_state(why_not_retried(failure));
    *failed.mutable_failure() = std::move(failure);
}

void Execution::cancel_activity(std::string_view activity, Payloads details) {
    if (find_open(open_.activities, "activity", activity).cancel_requested == 0) {
        throw Error{
            "the workflow has not asked for the cancellation of activity '" +
            std::string{activity} + "', so that it cannot have been cancelled"
        };
    }
    const OpenOperation ended = take(open_.activities, "activity", activity);
    const auto started = start_activity(ended);
    auto& cancelled = *append(enums::EVENT_TYPE_ACTIVITY_TASK_CANCELED)
                           .mutable_activity_task_canceled_event_attributes();
    name_attempt(ended, started, cancelled);
    cancelled.set_latest_cancel_requested_event_id(ended.cancel_requested);
    convert::to_proto(std::move(details), cancelled.mutable_details());
}

OpenOperation& Execution::child_to_start(std::string_view child) {
    const auto waiting = std::ranges::find_if(open_.children, [child](const OpenOperation& each) {
        return each.started == 0 && (each.id == child || each.name == child);
    });
    OpenOperation& open = waiting != open_.children.end()
                              ? *waiting
                              : find_open(open_.children, "child workflow", child);
    if (open.started != 0) {
        throw Error{"child workflow '" + open.id + "' has started before"};
    }
    return open;
}

void Execution::start_child(std::string_view child) {
    OpenOperation& open = child_to_start(child);
    HistoryEvent& event = append(enums::EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED);
    auto& started = *event.mutable_child_workflow_execution_started_event_attributes();
    open.started = event.event_id();
    open.run_id = next_run_id(run_id_, open.started);
    started.set_initiated_event_id(open.begun);
    started.mutable_workflow_execution()->set_workflow_id(open.id);
    started.mutable_workflow_execution()->set_run_id(open.run_id);
    started.mutable_workflow_type()->set_name(open.name);
}

OpenOperation Execution::end_child(std::string_view child) {
    if (find_open(open_.children, "child workflow", child).started == 0) {
        start_child(child);
    }
    return take(open_.children, "child workflow", child);
}

void Execution::complete_child(std::string_view child, Payloads result) {
    const OpenOperation ended = end_child(child);
    auto& completed = *append(enums::EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED)
                           .mutable_child_workflow_execution_completed_event_attributes();
    name_child(ended, completed);
    convert::to_proto(null_for_nothing(std::move(result)), completed.mutable_result());
}

void Execution::fail_child(std::string_view child, Failure failure) {
    const OpenOperation ended = end_child(child);
    auto& failed = *append(enums::EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_FAILED)
                        .mutable_child_workflow_execution_failed_event_attributes();
    name_child(ended, failed);
    failed.set_retry_state(why_not_retried(failure));
    *failed.mutable_failure() = std::move(failure);
}

void Execution::cancel_child(std::string_view child, Payloads details) {
    const OpenOperation ended = end_child(child);
    auto& cancelled = *append(enums::EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_CANCELED)
                           .mutable_child_workflow_execution_canceled_event_attributes();
    name_child(ended, cancelled);
    convert::to_proto(std::move(details), cancelled.mutable_details());
}

void Execution::confirm_signal(std::string_view workflow_id_or_signal) {
    const OpenOperation sent = take(open_.signals, "signal to", workflow_id_or_signal);
    auto& signaled = *append(enums::EVENT_TYPE_EXTERNAL_WORKFLOW_EXECUTION_SIGNALED)
                          .mutable_external_workflow_execution_signaled_event_attributes();
    signaled.set_initiated_event_id(sent.begun);
    signaled.mutable_workflow_execution()->set_workflow_id(sent.id);
}

void Execution::confirm_cancel_request(std::string_view workflow_id) {
    const OpenOperation sent = take(open_.cancellations, "request to cancel workflow", workflow_id);
    auto& requested = *append(enums::EVENT_TYPE_EXTERNAL_WORKFLOW_EXECUTION_CANCEL_REQUESTED)
                           .mutable_external_workflow_execution_cancel_requested_event_attributes();
    requested.set_initiated_event_id(sent.begun);
    requested.mutable_workflow_execution()->set_workflow_id(sent.id);
}

std::optional<OpenOperation> Execution::next_timer() const {
    const auto next = std::min_element(
        open_.timers.begin(),
        open_.timers.end(),
        [](const OpenOperation& one, const OpenOperation& other) {
            return one.fires_at < other.fires_at;
        }
    );
    return next == open_.timers.end() ? std::nullopt : std::optional{*next};
}

void Execution::fire_timer(std::string_view id) {
    const OpenOperation fired = take(open_.timers, "timer", id);
    log_.move_clock(fired.fires_at);
    auto& event = *append(enums::EVENT_TYPE_TIMER_FIRED).mutable_timer_fired_event_attributes();
    event.set_timer_id(fired.id);
    event.set_started_event_id(fired.begun);
}

const std::string& Execution::queue() const {
    return sticky_queue_.empty() ? task_queue_ : sticky_queue_;
}

Execution::Task Execution::task() const {
    Task task;
    task.mutable_workflow_execution()->set_workflow_id(workflow_id_);
    task.mutable_workflow_execution()->set_run_id(run_id_);
    task.mutable_workflow_type()->set_name(workflow_type_);
    task.mutable_workflow_execution_task_queue()->set_name(task_queue_);
    task.set_previous_started_event_id(previous_started_);
    task.set_attempt(1);
    task.mutable_history();
    convert::to_proto(log_.now(), task.mutable_scheduled_time());
    convert::to_proto(log_.now(), task.mutable_started_time());
    return task;
}

Execution::Task Execution::begin_task() {
    HistoryEvent& scheduled = append(enums::EVENT_TYPE_WORKFLOW_TASK_SCHEDULED);
    const auto scheduled_id = scheduled.event_id();
    auto& schedule = *scheduled.mutable_workflow_task_scheduled_event_attributes();
    schedule.mutable_task_queue()->set_name(queue());
    schedule.set_attempt(1);
    convert::to_proto(kTaskTimeout, schedule.mutable_start_to_close_timeout());
    const auto bytes = static_cast<std::int64_t>(log_.history().ByteSizeLong());
    HistoryEvent& event = append(enums::EVENT_TYPE_WORKFLOW_TASK_STARTED);
    auto& started = *event.mutable_workflow_task_started_event_attributes();
    started.set_scheduled_event_id(scheduled_id);
    started.set_identity(kIdentity);
    started.set_history_size_bytes(bytes);
    task_started_ = event.event_id();

    Task given = task();
    given.set_started_event_id(task_started_);
    // Whoever has the run in its cache knows the events up to its last task.
    const auto first = sticky_queue_.empty() ? 0 : static_cast<int>(previous_started_);
    for (int i = first; i < log_.history().events_size(); ++i) {
        *given.mutable_history()->add_events() = log_.history().events(i);
    }
    *given.mutable_messages() = updates_.messages_for(task_started_);
    return given;
}

std::string Execution::complete_task(const Completed& answer) {
    if (std::string unserved = refuse_unserved(answer); !unserved.empty()) {
        return unserved;
    }
    HistoryEvent& event = append(enums::EVENT_TYPE_WORKFLOW_TASK_COMPLETED);
    const auto completed_id = event.event_id();
    auto& completed = *event.mutable_workflow_task_completed_event_attributes();
    copy_alike(answer, completed);
    completed.set_scheduled_event_id(task_started_ - 1);
    completed.set_started_event_id(task_started_);
    previous_started_ = std::exchange(task_started_, 0);
    sticky_queue_ = answer.sticky_attributes().worker_task_queue().name();

    std::vector<const temporal::api::protocol::v1::Message*> messages;
    for (const auto& message : answer.messages()) {
        messages.push_back(&message);
    }
    for (const auto& command : answer.commands()) {
        if (HistoryEvent* const left = append_event_of(command, completed_id, log_)) {
            if (left->has_workflow_execution_continued_as_new_event_attributes()) {
                left->mutable_workflow_execution_continued_as_new_event_attributes()
                    ->set_new_execution_run_id(next_run_id(run_id_, left->event_id()));
            }
            open_.follow(*left);
            if (is_of_closing_command(left->event_type())) {
                close_event_ = left->event_id();
            }
            continue;
        }
        // The place among the commands says when the update's message counts.
        const auto& id = command.protocol_message_command_attributes().message_id();
        std::erase_if(messages, [&](const auto* message) {
            if (message->id() != id) {
                return false;
            }
            updates_.answer(*message, log_);
            return true;
        });
    }
    for (const auto* message : messages) {  // rejections: they leave nothing in the history
        updates_.answer(*message, log_);
    }
    return {};
}

void Execution::fail_task(const Failed& answer) {
    auto& failed = *append(enums::EVENT_TYPE_WORKFLOW_TASK_FAILED)
                        .mutable_workflow_task_failed_event_attributes();
    copy_alike(answer, failed);
    failed.set_scheduled_event_id(task_started_ - 1);
    failed.set_started_event_id(task_started_);
    task_started_ = 0;
    forget_worker();  // it has let go of the run
}

void Execution::time_out_task() {
    auto& timed_out = *append(enums::EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT)
                           .mutable_workflow_task_timed_out_event_attributes();
    timed_out.set_scheduled_event_id(task_started_ - 1);
    timed_out.set_started_event_id(task_started_);
    timed_out.set_timeout_type(enums::TIMEOUT_TYPE_START_TO_CLOSE);
    task_started_ = 0;
    forget_worker();
}

Execution::Task Execution::query(const std::string& name, Payloads arguments) const {
    Task asked = task();
    asked.mutable_query()->set_query_type(name);
    convert::to_proto(std::move(arguments), asked.mutable_query()->mutable_query_args());
    return asked;
}

}  // namespace hourglass::testing
