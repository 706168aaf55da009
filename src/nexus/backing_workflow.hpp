#pragma once

// The workflow that an operation is: its start, and its cancellation.

#include "hourglass/client/calls.hpp"
#include "src/client/rpc.hpp"

#include "temporal/api/nexus/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <string>

namespace hourglass::nexus {

/// The start of a workflow whose end the server tells the caller of the operation.
/// @throws ConfigurationError naming the option that is not usable.
[[nodiscard]] temporal::api::workflowservice::v1::StartWorkflowExecutionRequest backing_start(
    const client::RpcContext& context,
    StartWorkflowCall call,
    const temporal::api::nexus::v1::StartOperationRequest& operation
);

/// Starts it; blocks.
/// @throws what calls of a client do.
[[nodiscard]] temporal::api::nexus::v1::StartOperationResponse::Async start_backing_workflow(
    const client::RpcContextPtr& context,
    StartWorkflowCall call,
    const temporal::api::nexus::v1::StartOperationRequest& operation
);

/// Asks the workflow to stop that a token names; blocks.
/// @throws HandlerError NotFound if it names none of this namespace; what calls of a client do.
void cancel_backing_workflow(
    const client::RpcContextPtr& context,
    const temporal::api::nexus::v1::CancelOperationRequest& operation
);

}  // namespace hourglass::nexus
