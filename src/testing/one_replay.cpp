#include "src/testing/one_replay.hpp"

#include "src/client/enum_names.hpp"
#include "src/testing/closing_command.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace hourglass::testing {
namespace {

namespace enums = temporal::api::enums::v1;
using coresdk::workflow_activation::RemoveFromCache;
using temporal::api::history::v1::HistoryEvent;

constexpr std::string_view kKeepTheOldWay =
    "an execution that began with the older code would stop at this point once this program is its "
    "worker. Let the code take the recorded way for executions that began before the change, with "
    "hourglass::workflow::patched(), or give the new code a workflow type, a task queue or a "
    "deployment version of its own until they have ended. If the workflow did not change, look for "
    "what differs from run to run: the clock, random numbers, the order of a map, global state, "
    "threads";

/// What Core's texts about nondeterminism begin with.
constexpr std::string_view kNondeterminism = "[TMPRL1100]";

/// The event that Core's text names as "HistoryEvent(id: 7, TimerStarted)" or "HistoryEvent {
/// event_id: 7, …"; Core has no field for it.
std::optional<std::int64_t> event_named_in(std::string_view text) {
    for (const std::string_view mark : {"HistoryEvent(id: ", "HistoryEvent { event_id: "}) {
        const auto at = text.find(mark);
        if (at == std::string_view::npos) {
            continue;
        }
        const std::string_view number = text.substr(at + mark.size());
        std::int64_t id = 0;
        const auto read = std::from_chars(number.data(), number.data() + number.size(), id);
        if (read.ec == std::errc{}) {
            return id;
        }
    }
    return std::nullopt;
}

/// Core's text shows its own structure around the message: the message alone, if it is there.
std::string message_in(const std::string& text) {
    constexpr std::string_view kBegin = "message: \"";
    const auto begin = text.find(kBegin);
    if (begin == std::string::npos) {
        return text;
    }
    std::string message;
    for (std::size_t at = begin + kBegin.size(); at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) {
            ++at;
        }
        message += text[at];
    }
    return message;
}

bool is_of_workflow_task(const HistoryEvent& event) {
    switch (event.event_type()) {
        case enums::EVENT_TYPE_WORKFLOW_TASK_SCHEDULED:
        case enums::EVENT_TYPE_WORKFLOW_TASK_STARTED:
        case enums::EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
        case enums::EVENT_TYPE_WORKFLOW_TASK_FAILED:
        case enums::EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT:
            return true;
        default:
            return false;
    }
}

/// Core prints some events with all that is in them, users' payloads too. That is not for a report.
void leave_event_out(std::string& text, std::optional<std::int64_t> event) {
    const auto at = text.find("HistoryEvent { ");
    if (event && at != std::string::npos) {
        text.replace(at, std::string::npos, "event " + std::to_string(*event));
    }
}

std::int64_t event_of(const Difference& difference) {
    return difference.in_history ? difference.in_history->event_id : difference.task_completed_id;
}

std::optional<Difference> earlier(std::optional<Difference> one, std::optional<Difference> other) {
    if (!one || (other && event_of(*other) < event_of(*one))) {
        return other;
    }
    return one;
}

}  // namespace

void OneReplay::see(
    const workflow::Activation& activation,
    const workflow::Completion& completion,
    const std::vector<workflow::CommandPlace>& places
) {
    if (workflow::is_eviction(activation)) {
        over_ = true;
        eviction_ = activation.jobs(0).remove_from_cache();
        return;
    }
    if (completion.has_failed()) {
        failed_ = completion;
        failed_at_ = activation.history_length();
        return;
    }
    answered_at_ = activation.history_length();
    follow_local_activities(activation, completion);
    // The task began with the history's event so far, and the next event completed it.
    const std::int64_t completed_by = activation.history_length() + 1;
    const auto& commands = completion.successful().commands();
    add_steps(commands, places, code_[completed_by]);
    unordered_code_.add(commands, places, completed_by);
}

void OneReplay::follow_local_activities(
    const workflow::Activation& activation, const workflow::Completion& completion
) {
    for (const auto& job : activation.jobs()) {
        if (job.has_resolve_activity()) {
            local_activities_.erase(job.resolve_activity().seq());
        }
    }
    for (const auto& command : completion.successful().commands()) {
        if (command.has_schedule_local_activity()) {
            local_activities_.insert(command.schedule_local_activity().seq());
        }
    }
}

bool OneReplay::at_running_local_activity() const {
    // While a local activity runs, the server's events are those of workflow tasks that only keep
    // the execution alive. With any other event Core may go on.
    return waits_for_local_activity() && std::all_of(
                                             history_.events().begin(),
                                             history_.events().end(),
                                             [this](const HistoryEvent& event) {
                                                 return event.event_id() <= answered_at_ ||
                                                        is_of_workflow_task(event);
                                             }
                                         );
}

std::optional<ReplayFailure> OneReplay::verdict() const {
    if (failed_) {
        return task_failure();
    }
    if (!over_) {
        return difference_at_the_end();
    }
    const auto reason = eviction_.reason();
    std::string message = message_in(eviction_.message());
    // Core does not always give the reason that it names in the text.
    if (reason == RemoveFromCache::NONDETERMINISM || message.starts_with(kNondeterminism)) {
        return nondeterminism(std::move(message), difference());
    }
    // How a replay that went well ends.
    if (reason != RemoveFromCache::LANG_REQUESTED &&
        reason != RemoveFromCache::WORKFLOW_EXECUTION_ENDING) {
        // Core takes a request to cancel that was not recorded for an event that cannot be.
        if (const auto found = difference()) {
            auto failure = nondeterminism("Core gave the history up: " + message, found);
            failure.advice += ". If the history may not be whole: download it again";
            return failure;
        }
        return ReplayFailure{
            .problem = ReplayProblem::NotReplayed,
            .event_id = event_named_in(message),
            .message = "Core gave the history up: " + message,
            .advice = "look whether the history is whole: download it again"
        };
    }
    return difference_at_the_end();
}

std::optional<Difference> OneReplay::difference() const {
    const UnorderedSteps recorded{history_};
    const auto local = UnorderedSteps::first_local_difference(recorded, unordered_code_);
    auto found = earlier(
        first_difference(steps_of(history_), code_),
        UnorderedSteps::first_difference(recorded, unordered_code_, 0)
    );
    if (local && local->in_history) {
        return earlier(std::move(found), local);
    }
    // One that nobody recorded may be sound and still have been running: it is named where the code
    // asked for nothing else in its task.
    if (local && found && !found->in_code && local->task_completed_id == found->task_completed_id) {
        found->in_code = local->in_code;
    }
    return found;
}

std::optional<Difference> OneReplay::unnoticed_difference() const {
    const Steps recorded = steps_of(history_);
    if (auto found = first_difference(recorded, code_)) {
        return found;
    }
    if (recorded.empty()) {
        return std::nullopt;
    }
    const auto& [last, steps] = *recorded.rbegin();
    if (!steps.empty() && is_of_closing_command(steps.back().type)) {
        return std::nullopt;  // Core compared all
    }
    return UnorderedSteps::first_difference(UnorderedSteps{history_}, unordered_code_, last);
}

std::optional<ReplayFailure> OneReplay::difference_at_the_end() const {
    // Core compares when the next command is recorded; if none is, it does not notice.
    if (const auto found = unnoticed_difference()) {
        return nondeterminism("the code made other commands than the last recorded ones", found);
    }
    return std::nullopt;
}

ReplayFailure OneReplay::nondeterminism(
    std::string message, const std::optional<Difference>& difference
) const {
    const auto event = event_named_in(message);
    leave_event_out(message, event);
    ReplayFailure failure{
        .problem = ReplayProblem::Nondeterminism,
        .event_id = event,
        .message = std::move(message),
        .advice = std::string{kKeepTheOldWay}
    };
    if (difference) {
        if (difference->in_history) {
            failure.event_id = difference->in_history->event_id;
            failure.in_history = difference->in_history->text();
        } else {
            failure.event_id = difference->task_completed_id;
            failure.in_history = "no such command in the workflow task that this event completes";
        }
        failure.in_code =
            difference->in_code ? difference->in_code->text() : std::string{"no such command"};
        failure.in_code_at =
            difference->in_code ? workflow::text_of(difference->in_code->place) : std::string{};
    } else if (failure.event_id) {
        failure.in_history = describe_event(*failure.event_id);
    }
    return failure;
}

ReplayFailure OneReplay::task_failure() const {
    const auto& failure = failed_->failed().failure();
    if (failure.application_failure_info().type() == "UnknownWorkflowType") {
        return {
            .problem = ReplayProblem::UnknownWorkflowType,
            .message = failure.message(),
            .advice = "link the definition into this program, or leave the history out"
        };
    }
    return {
        .problem = ReplayProblem::WorkflowTaskFailed,
        .event_id = failed_at_,
        .in_history = describe_event(failed_at_),
        .message = failure.message(),
        .advice =
            "a workflow task that fails is tried again until the code is mended, and the workflow "
            "waits. Mend what throws; the workflow itself fails by a FailureError, such as "
            "ApplicationError, and by what failure_types() or WorkerOptions::fails_workflow name"
    };
}

std::string OneReplay::describe_event(std::int64_t id) const {
    if (id < 1 || id > history_.events_size()) {
        return {};
    }
    const HistoryEvent& event = history_.events(static_cast<int>(id - 1));
    return client::short_enum_name(*enums::EventType_descriptor(), event.event_type());
}

}  // namespace hourglass::testing
