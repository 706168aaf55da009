#include "src/testing/unordered_steps.hpp"

#include "src/testing/command_steps.hpp"

#include "temporal/api/history/v1/message.pb.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <type_traits>

namespace hourglass::testing {
namespace {

namespace enums = temporal::api::enums::v1;
using coresdk::workflow_commands::WorkflowCommand;
using temporal::api::history::v1::History;
using temporal::api::history::v1::HistoryEvent;

/// The search attribute that Core keeps for patches, in a command of its own.
constexpr const char* kVersions = "TemporalChangeVersion";
constexpr const char* kPatchMarker = "core_patch";
constexpr const char* kLocalActivityMarker = "core_local_activity";

const HistoryEvent* event_of(const History& history, std::int64_t id) {
    if (id < 1 || id > history.events_size()) {
        return nullptr;
    }
    const HistoryEvent& event = history.events(static_cast<int>(id - 1));
    return event.event_id() == id ? &event : nullptr;
}

Step patch(const std::string& id) {
    return {
        .type = enums::EVENT_TYPE_MARKER_RECORDED,
        .identity = id,
        .detail = "of patch " + quoted(id)
    };
}

Step local_activity(const std::string& type) {
    return {
        .type = enums::EVENT_TYPE_MARKER_RECORDED,
        .identity = type,
        .detail = "of local activity " + quoted(type)
    };
}

/// A detail of a marker; empty if it is not there.
std::string bytes_of(const HistoryEvent& event, const std::string& key) {
    const auto& details = event.marker_recorded_event_attributes().details();
    const auto found = details.find(key);
    return found == details.end() || found->second.payloads().empty()
               ? std::string{}
               : found->second.payloads(0).data();
}

/// One that Core writes as JSON; an empty object if it cannot be read.
nlohmann::json details_of(const HistoryEvent& event, const std::string& key) {
    auto parsed = nlohmann::json::parse(bytes_of(event, key), nullptr, false);
    return parsed.is_object() ? parsed : nlohmann::json::object();
}

/// A value of a marker's details; the default where they hold none of that type.
template <class T>
T value_of(const nlohmann::json& details, const char* key) {
    const auto found = details.find(key);
    if constexpr (std::is_same_v<T, std::string>) {
        return found != details.end() && found->is_string() ? found->get<T>() : T{};
    } else if constexpr (std::is_same_v<T, bool>) {
        return found != details.end() && found->is_boolean() && found->get<T>();
    } else {
        return found != details.end() && found->is_number_unsigned() ? found->get<T>() : T{};
    }
}

// As Core reads them: in JSON, and before that as plain bytes. Nothing if it is neither.
std::optional<Step> patch_in(const HistoryEvent& event) {
    const auto details = details_of(event, "patch-data");
    if (details.contains("id")) {
        Step step = patch(value_of<std::string>(details, "id"));
        step.optional = value_of<bool>(details, "deprecated");
        return step;
    }
    const std::string id = bytes_of(event, "patch_id");
    const std::string deprecated = bytes_of(event, "deprecated");
    if (id.empty() || deprecated.empty()) {
        return std::nullopt;
    }
    Step step = patch(id);
    step.optional = deprecated.front() != '\0';
    return step;
}

std::optional<Recorded> recorded_cancel(const History& history, const HistoryEvent& event) {
    const auto type = event.event_type();
    switch (type) {
        case enums::EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED: {
            const auto& attributes = event.activity_task_cancel_requested_event_attributes();
            const auto* begun = event_of(history, attributes.scheduled_event_id());
            if (begun == nullptr) {
                return std::nullopt;
            }
            return Recorded{
                named(
                    type, begun->activity_task_scheduled_event_attributes().activity_type().name()
                ),
                attributes.workflow_task_completed_event_id()
            };
        }
        case enums::EVENT_TYPE_TIMER_CANCELED: {
            const auto& attributes = event.timer_canceled_event_attributes();
            const auto* begun = event_of(history, attributes.started_event_id());
            if (begun == nullptr) {
                return std::nullopt;
            }
            Step step = timer(begun->timer_started_event_attributes().start_to_fire_timeout());
            step.type = type;
            return Recorded{std::move(step), attributes.workflow_task_completed_event_id()};
        }
        case enums::EVENT_TYPE_NEXUS_OPERATION_CANCEL_REQUESTED: {
            const auto& attributes = event.nexus_operation_cancel_requested_event_attributes();
            const auto* begun = event_of(history, attributes.scheduled_event_id());
            if (begun == nullptr) {
                return std::nullopt;
            }
            return Recorded{
                named(type, begun->nexus_operation_scheduled_event_attributes().operation()),
                attributes.workflow_task_completed_event_id()
            };
        }
        case enums::EVENT_TYPE_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED: {
            const auto& attributes =
                event.request_cancel_external_workflow_execution_initiated_event_attributes();
            if (!attributes.child_workflow_only()) {
                return std::nullopt;  // a command of its own
            }
            return Recorded{
                named(type, attributes.workflow_execution().workflow_id()),
                attributes.workflow_task_completed_event_id()
            };
        }
        default:
            return std::nullopt;
    }
}

std::optional<Recorded> recorded(const History& history, const HistoryEvent& event) {
    switch (event.event_type()) {
        case enums::EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED:
            return Recorded{
                {.type = event.event_type()},
                event.workflow_properties_modified_event_attributes()
                    .workflow_task_completed_event_id()
            };
        case enums::EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: {
            const auto& attributes = event.upsert_workflow_search_attributes_event_attributes();
            const auto& fields = attributes.search_attributes().indexed_fields();
            if (fields.size() == 1 && fields.contains(kVersions)) {
                return std::nullopt;
            }
            return Recorded{
                {.type = event.event_type()}, attributes.workflow_task_completed_event_id()
            };
        }
        case enums::EVENT_TYPE_MARKER_RECORDED: {
            const auto& attributes = event.marker_recorded_event_attributes();
            if (attributes.marker_name() != kPatchMarker) {
                return std::nullopt;
            }
            auto step = patch_in(event);
            if (!step) {
                return std::nullopt;
            }
            return Recorded{*std::move(step), attributes.workflow_task_completed_event_id()};
        }
        default:
            return recorded_cancel(history, event);
    }
}

Step cancel_of(enums::EventType type, Step begun) {
    begun.type = type;
    return begun;
}

/// What a request to cancel an operation leaves, by the command that begins it.
std::optional<Step> cancel_of(const WorkflowCommand& command) {
    using coresdk::child_workflow::ChildWorkflowCancellationType;
    using coresdk::nexus::NexusOperationCancellationType;
    using coresdk::workflow_commands::ActivityCancellationType;
    const auto begun = step_of(command);
    switch (command.variant_case()) {
        case WorkflowCommand::kScheduleActivity:
            if (command.schedule_activity().cancellation_type() ==
                ActivityCancellationType::ABANDON) {
                return std::nullopt;
            }
            return cancel_of(enums::EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED, *begun);
        case WorkflowCommand::kStartTimer:
            return cancel_of(enums::EVENT_TYPE_TIMER_CANCELED, *begun);
        case WorkflowCommand::kScheduleNexusOperation:
            if (command.schedule_nexus_operation().cancellation_type() ==
                NexusOperationCancellationType::ABANDON) {
                return std::nullopt;
            }
            return cancel_of(enums::EVENT_TYPE_NEXUS_OPERATION_CANCEL_REQUESTED, *begun);
        case WorkflowCommand::kStartChildWorkflowExecution:
            if (command.start_child_workflow_execution().cancellation_type() ==
                ChildWorkflowCancellationType::ABANDON) {
                return std::nullopt;
            }
            return named(
                enums::EVENT_TYPE_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED,
                command.start_child_workflow_execution().workflow_id()
            );
        default:
            return std::nullopt;
    }
}

std::optional<Step> change_of(const WorkflowCommand& command) {
    switch (command.variant_case()) {
        case WorkflowCommand::kModifyWorkflowProperties:
            return Step{.type = enums::EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED};
        case WorkflowCommand::kUpsertWorkflowSearchAttributes:
            return Step{.type = enums::EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES};
        case WorkflowCommand::kSetPatchMarker: {
            Step step = patch(command.set_patch_marker().patch_id());
            step.optional = true;
            return step;
        }
        default:
            return std::nullopt;
    }
}

/// The first step of `wanted` that has no counterpart in `there`, unless it need not have one.
std::optional<Step> first_without(const std::vector<Step>& wanted, std::vector<Step> there) {
    for (const Step& step : wanted) {
        const auto same = std::find_if(there.begin(), there.end(), [&](const Step& other) {
            return step.same_as(other);
        });
        if (same != there.end()) {
            there.erase(same);
        } else if (!step.optional) {
            return step;
        }
    }
    return std::nullopt;
}

}  // namespace

UnorderedSteps::UnorderedSteps(const History& history) {
    for (const auto& event : history.events()) {
        if (auto found = recorded(history, event)) {
            found->step.event_id = event.event_id();
            steps_[found->task_completed_id].push_back(std::move(found->step));
        }
        if (event.event_type() == enums::EVENT_TYPE_WORKFLOW_TASK_COMPLETED) {
            steps_[event.event_id()];
        }
        const auto& attributes = event.marker_recorded_event_attributes();
        if (attributes.marker_name() == kLocalActivityMarker) {
            const auto details = details_of(event, "data");
            if (!details.contains("seq")) {
                continue;  // cannot be read here
            }
            Step step = local_activity(value_of<std::string>(details, "activity_type"));
            step.event_id = event.event_id();
            local_activities_.emplace(
                value_of<std::uint32_t>(details, "seq"),
                Local{std::move(step), attributes.workflow_task_completed_event_id()}
            );
        }
    }
}

void UnorderedSteps::add(
    const google::protobuf::RepeatedPtrField<WorkflowCommand>& commands,
    const std::vector<workflow::CommandPlace>& places,
    std::int64_t task_completed_id
) {
    steps_[task_completed_id];
    std::size_t index = 0;
    for (const auto& command : commands) {
        add_command(
            command,
            index < places.size() ? places[index] : workflow::CommandPlace{},
            task_completed_id
        );
        ++index;
    }
}

void UnorderedSteps::add_command(
    const WorkflowCommand& command,
    const workflow::CommandPlace& place,
    std::int64_t task_completed_id
) {
    auto& steps = steps_[task_completed_id];
    if (command.has_schedule_local_activity()) {
        const auto& local = command.schedule_local_activity();
        Step step = local_activity(local.activity_type());
        step.place = place;
        local_activities_.emplace(local.seq(), Local{std::move(step), task_completed_id});
        return;
    }
    if (auto change = change_of(command)) {
        change->place = place;
        steps.push_back(*std::move(change));
        return;
    }
    const CommandOperation operation = operation_of(command);
    if (operation.kind == WorkflowCommand::VARIANT_NOT_SET) {
        return;
    }
    const auto key = std::pair{static_cast<int>(operation.kind), operation.seq};
    if (operation.starts) {
        begun_.insert_or_assign(key, Begun{task_completed_id, cancel_of(command)});
        return;
    }
    const auto begun = begun_.find(key);
    // What was begun in the same task was perhaps never sent.
    if (begun != begun_.end() && begun->second.cancel &&
        begun->second.task_completed_id != task_completed_id) {
        Step step = *begun->second.cancel;
        step.place = place;
        steps.push_back(std::move(step));
    }
}

std::optional<Difference> UnorderedSteps::first_difference(
    const UnorderedSteps& history, const UnorderedSteps& code, std::int64_t from
) {
    for (auto at = history.steps_.lower_bound(from); at != history.steps_.end(); ++at) {
        const auto& [task, expected] = *at;
        const auto made = code.steps_.find(task);
        if (made == code.steps_.end()) {
            continue;  // not reached
        }
        Difference found{
            .in_history = first_without(expected, made->second),
            .in_code = first_without(made->second, expected),
            .task_completed_id = task
        };
        if (found.in_history || found.in_code) {
            return found;
        }
    }
    return std::nullopt;
}

std::optional<Difference> UnorderedSteps::first_local_difference(
    const UnorderedSteps& history, const UnorderedSteps& code
) {
    for (const auto& [seq, expected] : history.local_activities_) {
        const auto made = code.local_activities_.find(seq);
        if (made == code.local_activities_.end()) {
            if (!code.steps_.contains(expected.task_completed_id)) {
                continue;  // not reached
            }
            return Difference{expected.step, std::nullopt, expected.task_completed_id};
        }
        if (!made->second.step.same_as(expected.step)) {
            return Difference{expected.step, made->second.step, expected.task_completed_id};
        }
    }
    for (const auto& [seq, made] : code.local_activities_) {
        if (!history.local_activities_.contains(seq)) {
            return Difference{std::nullopt, made.step, made.task_completed_id};
        }
    }
    return std::nullopt;
}

}  // namespace hourglass::testing
