#include "src/testing/steps.hpp"

#include "src/client/enum_names.hpp"
#include "src/testing/closing_command.hpp"
#include "src/testing/command_steps.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace hourglass::testing {
namespace {

namespace enums = temporal::api::enums::v1;
using temporal::api::history::v1::HistoryEvent;

std::optional<Recorded> recorded(const HistoryEvent& event) {
    switch (event.event_type()) {
        case enums::EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: {
            const auto& attributes = event.activity_task_scheduled_event_attributes();
            return Recorded{
                named(event.event_type(), attributes.activity_type().name()),
                attributes.workflow_task_completed_event_id()
            };
        }
        case enums::EVENT_TYPE_TIMER_STARTED: {
            const auto& attributes = event.timer_started_event_attributes();
            return Recorded{
                timer(attributes.start_to_fire_timeout()),
                attributes.workflow_task_completed_event_id()
            };
        }
        case enums::EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED: {
            const auto& attributes =
                event.start_child_workflow_execution_initiated_event_attributes();
            return Recorded{
                named(event.event_type(), attributes.workflow_type().name()),
                attributes.workflow_task_completed_event_id()
            };
        }
        case enums::EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED: {
            const auto& attributes =
                event.signal_external_workflow_execution_initiated_event_attributes();
            return Recorded{
                named(event.event_type(), attributes.signal_name()),
                attributes.workflow_task_completed_event_id()
            };
        }
        case enums::EVENT_TYPE_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED: {
            const auto& attributes =
                event.request_cancel_external_workflow_execution_initiated_event_attributes();
            if (attributes.child_workflow_only()) {
                return std::nullopt;  // Core's own, for a child that is cancelled
            }
            return Recorded{
                named(event.event_type(), attributes.workflow_execution().workflow_id()),
                attributes.workflow_task_completed_event_id()
            };
        }
        case enums::EVENT_TYPE_NEXUS_OPERATION_SCHEDULED: {
            const auto& attributes = event.nexus_operation_scheduled_event_attributes();
            return Recorded{
                named(event.event_type(), attributes.operation()),
                attributes.workflow_task_completed_event_id()
            };
        }
        case enums::EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED:
            return Recorded{
                {.type = event.event_type()},
                event.workflow_execution_completed_event_attributes()
                    .workflow_task_completed_event_id()
            };
        case enums::EVENT_TYPE_WORKFLOW_EXECUTION_FAILED: {
            const auto& attributes = event.workflow_execution_failed_event_attributes();
            return Recorded{
                failed(attributes.failure()), attributes.workflow_task_completed_event_id()
            };
        }
        case enums::EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED:
            return Recorded{
                {.type = event.event_type()},
                event.workflow_execution_canceled_event_attributes()
                    .workflow_task_completed_event_id()
            };
        case enums::EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW: {
            const auto& attributes = event.workflow_execution_continued_as_new_event_attributes();
            return Recorded{
                {.type = event.event_type(),
                 .detail = "as " + quoted(attributes.workflow_type().name())},
                attributes.workflow_task_completed_event_id()
            };
        }
        default:
            return std::nullopt;  // no command, or one that Core compares in another order
    }
}

/// Steps of the same kind, one in the history and one in the code, that agree for a replay.
struct Agreed {
    const Step* in_history;
    const Step* in_code;
};

/// Where one side has a step too many, it is the first whose details differ: of two timers, the one
/// that is not as long as the other side's.
template <class Side>
Step first_unlike(const std::vector<Agreed>& agreed, Side side, const Step& last) {
    const auto unlike = std::find_if(agreed.begin(), agreed.end(), [](const Agreed& pair) {
        return pair.in_history->detail != pair.in_code->detail;
    });
    return unlike == agreed.end() ? last : *((*unlike).*side);
}

std::optional<Difference> difference(
    const std::vector<Step>& history, const std::vector<Step>& code
) {
    std::vector<Agreed> agreed;
    auto next = code.begin();
    for (const Step& expected : history) {
        while (next != code.end() && next->optional && !next->same_as(expected)) {
            ++next;
        }
        if (next == code.end()) {
            return Difference{
                .in_history = first_unlike(agreed, &Agreed::in_history, expected), .in_code = {}
            };
        }
        if (!next->same_as(expected)) {
            return Difference{.in_history = expected, .in_code = *next};
        }
        agreed.push_back({&expected, &*next});
        ++next;
    }
    next = std::find_if(next, code.end(), [](const Step& step) { return !step.optional; });
    if (next != code.end()) {
        return Difference{
            .in_history = {}, .in_code = first_unlike(agreed, &Agreed::in_code, *next)
        };
    }
    return std::nullopt;
}

}  // namespace

std::string Step::text() const {
    const std::string name = client::short_enum_name(*enums::EventType_descriptor(), type);
    return detail.empty() ? name : name + " " + detail;
}

Steps steps_of(const temporal::api::history::v1::History& history) {
    Steps steps;
    for (const auto& event : history.events()) {
        if (event.event_type() == enums::EVENT_TYPE_WORKFLOW_TASK_COMPLETED) {
            steps[event.event_id()];
        } else if (auto found = recorded(event)) {
            found->step.event_id = event.event_id();
            steps[found->task_completed_id].push_back(std::move(found->step));
        }
    }
    return steps;
}

void add_steps(
    const google::protobuf::RepeatedPtrField<coresdk::workflow_commands::WorkflowCommand>& commands,
    const std::vector<workflow::CommandPlace>& places,
    std::vector<Step>& steps
) {
    if (!steps.empty() && is_of_closing_command(steps.back().type)) {
        return;  // Core sends nothing in later activations of the task
    }
    std::size_t index = 0;
    std::optional<Step> end;
    for (const auto& command : commands) {
        const std::size_t at = index++;
        const CommandOperation operation = operation_of(command);
        if (auto step = step_of(command)) {
            step->kind = operation.kind;
            step->seq = operation.seq;
            step->place = at < places.size() ? places[at] : workflow::CommandPlace{};
            if (is_of_closing_command(step->type)) {
                if (!end) {  // the first one counts
                    end = std::move(step);
                }
                continue;
            }
            // Core sends what comes after the end before it; versions of it that did not have
            // left histories without.
            step->optional = end.has_value();
            steps.push_back(std::move(*step));
        } else if (!operation.starts) {
            for (Step& begun : steps) {
                if (begun.kind == operation.kind && begun.seq == operation.seq) {
                    begun.optional = true;
                }
            }
        }
    }
    if (end) {
        steps.push_back(*std::move(end));
    }
}

std::optional<Difference> first_difference(const Steps& history, const Steps& code) {
    for (const auto& [task, expected] : history) {
        const auto made = code.find(task);
        if (made == code.end()) {
            continue;  // not reached
        }
        if (auto found = difference(expected, made->second)) {
            found->task_completed_id = task;
            return found;
        }
    }
    return std::nullopt;
}

}  // namespace hourglass::testing
