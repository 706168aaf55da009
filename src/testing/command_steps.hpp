#pragma once

#include "src/testing/steps.hpp"

#include "temporal/api/failure/v1/message.pb.h"
#include "temporal/sdk/core/workflow_commands/workflow_commands.pb.h"

#include <google/protobuf/duration.pb.h>

#include <cstdint>
#include <optional>
#include <string>

namespace hourglass::testing {

/// A step of a history, and the event that completed its task.
struct Recorded {
    Step step;
    std::int64_t task_completed_id;
};

/// "'charge'"
[[nodiscard]] std::string quoted(const std::string& name);

/// A step that has to have the same name on both sides.
[[nodiscard]] Step named(temporal::api::enums::v1::EventType type, const std::string& name);
[[nodiscard]] Step failed(const temporal::api::failure::v1::Failure& failure);
[[nodiscard]] Step timer(const google::protobuf::Duration& duration);

/// What a replay compares one by one, as the code asks for it; nothing for other commands.
[[nodiscard]] std::optional<Step> step_of(const coresdk::workflow_commands::WorkflowCommand& command
);

/// The kind and number of an operation, and whether a command starts it; else it cancels it.
struct CommandOperation {
    coresdk::workflow_commands::WorkflowCommand::VariantCase kind =
        coresdk::workflow_commands::WorkflowCommand::VARIANT_NOT_SET;
    std::uint32_t seq = 0;
    bool starts = true;
};
[[nodiscard]] CommandOperation operation_of(
    const coresdk::workflow_commands::WorkflowCommand& command
);

}  // namespace hourglass::testing
