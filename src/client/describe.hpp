#pragma once

#include "hourglass/client/workflow_description.hpp"

#include "temporal/api/workflow/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

namespace hourglass::client {

[[nodiscard]] WorkflowExecution to_execution(
    const temporal::api::workflow::v1::WorkflowExecutionInfo& info
);

[[nodiscard]] WorkflowDescription to_description(
    const temporal::api::workflowservice::v1::DescribeWorkflowExecutionResponse& response
);

}  // namespace hourglass::client
