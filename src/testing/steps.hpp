#pragma once

#include "src/workflow/command_places.hpp"

#include "temporal/api/enums/v1/event_type.pb.h"
#include "temporal/api/history/v1/message.pb.h"
#include "temporal/sdk/core/workflow_commands/workflow_commands.pb.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::testing {

/// A command of a workflow, as the code makes it or as a history has it: named by the event that it
/// leaves there.
struct Step {
    temporal::api::enums::v1::EventType type;
    /// What has to be the same besides the type: an activity's name, say.
    std::string identity = {};
    /// For people: a timer's duration, say.
    std::string detail = {};
    /// In a history: the event.
    std::int64_t event_id = 0;
    /// The other side need not have it: in the code what was cancelled in the task that made it was
    /// perhaps never sent.
    bool optional = false;
    /// In the code: the kind and number of the operation that it starts, if it starts one. A task
    /// may have several activations, and a later one may cancel it.
    int kind = 0;
    std::uint32_t seq = 0;
    /// In the code: where it was made, see workflow::CommandPlaces.
    workflow::CommandPlace place = {};

    [[nodiscard]] bool same_as(const Step& other) const {
        return type == other.type && identity == other.identity;
    }
    /// "ActivityTaskScheduled 'charge'"
    [[nodiscard]] std::string text() const;
};

/// The steps of each workflow task, by the id of the event that completed the task. Of commands
/// only those whose kind and order a replay compares one by one.
using Steps = std::map<std::int64_t, std::vector<Step>>;

[[nodiscard]] Steps steps_of(const temporal::api::history::v1::History& history);

/// Adds what a workflow asked for in (a part of) one task.
/// @param places  where each command was made, by its index; the last may be missing.
void add_steps(
    const google::protobuf::RepeatedPtrField<coresdk::workflow_commands::WorkflowCommand>& commands,
    const std::vector<workflow::CommandPlace>& places,
    std::vector<Step>& steps
);

/// The first place at which code and history part.
struct Difference {
    std::optional<Step> in_history;
    std::optional<Step> in_code;
    /// The event that completed the workflow task.
    std::int64_t task_completed_id = 0;
};

/// Compares the tasks that the code was run for.
[[nodiscard]] std::optional<Difference> first_difference(const Steps& history, const Steps& code);

}  // namespace hourglass::testing
