#pragma once

#include "hourglass/client/client_backend.hpp"
#include "src/client/rpc.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <string>

namespace hourglass::client {

/// Where the workflow's tasks go.
[[nodiscard]] inline std::string task_queue_of(const StartOptions& options) {
    return options.task_queue.value_or("default");
}

/// What StartWorkflowExecution is called with; what the options leave unset is unset in it.
/// @throws ConfigurationError naming the option that is not usable.
[[nodiscard]] temporal::api::workflowservice::v1::StartWorkflowExecutionRequest start_request(
    const RpcContext& context, StartWorkflowCall start
);

/// The same, with a signal.
/// @throws ConfigurationError naming what is not usable.
[[nodiscard]] temporal::api::workflowservice::v1::SignalWithStartWorkflowExecutionRequest
signal_with_start_request(const RpcContext& context, SignalWithStartCall call);

/// Texts for user interfaces; empty ones stay unset.
void set_metadata(
    const std::string& summary,
    const std::string& details,
    temporal::api::sdk::v1::UserMetadata* metadata
);

}  // namespace hourglass::client
