#pragma once

#include "hourglass/client/start_options.hpp"
#include "src/client/rpc.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <string>

namespace hourglass::client {

/// What StartWorkflowExecution is called with; what the options leave unset is unset in it.
/// @throws ConfigurationError naming the option that is not usable.
[[nodiscard]] temporal::api::workflowservice::v1::StartWorkflowExecutionRequest start_request(
    const RpcContext& context, std::string type, StartOptions options, Payloads arguments
);

}  // namespace hourglass::client
