#pragma once

#include "hourglass/client/workflow_description.hpp"

#include "temporal/api/common/v1/message.pb.h"
#include "temporal/api/workflow/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <google/protobuf/duration.pb.h>

#include <chrono>
#include <optional>
#include <string>

namespace hourglass::client {

[[nodiscard]] WorkflowExecution to_execution(
    const temporal::api::workflow::v1::WorkflowExecutionInfo& info
);

/// A summary's or details' text; its bytes if somebody wrote it in another format than ours, which
/// is nothing to fail a description for.
[[nodiscard]] std::string text_of(const temporal::api::common::v1::Payload& payload);

/// A timeout as options have it; the server's 0 is none.
[[nodiscard]] std::optional<std::chrono::milliseconds> timeout_of(
    bool has, const google::protobuf::Duration& proto
);

[[nodiscard]] WorkflowDescription to_description(
    const temporal::api::workflowservice::v1::DescribeWorkflowExecutionResponse& response
);

}  // namespace hourglass::client
