#pragma once

#include "hourglass/testing/workflow_command.hpp"

#include "temporal/api/history/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <vector>

namespace hourglass::testing {

/// The commands of an answer as users see them, in its order.
/// @param history  of the run, so that an activity that is to be cancelled has a name.
[[nodiscard]] std::vector<WorkflowCommand> commands_of(
    const temporal::api::workflowservice::v1::RespondWorkflowTaskCompletedRequest& answer,
    const temporal::api::history::v1::History& history
);

}  // namespace hourglass::testing
