#pragma once

// The workflow that an operation is: its start, and its cancellation.

#include "hourglass/client/calls.hpp"
#include "hourglass/nexus/interceptor.hpp"
#include "src/client/rpc.hpp"
#include "src/nexus/linking_channel.hpp"

#include "temporal/api/nexus/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <memory>
#include <string>

namespace hourglass::nexus {

/// The start of a workflow whose end the server tells the caller of the operation.
/// @throws ConfigurationError naming the option that is not usable.
[[nodiscard]] temporal::api::workflowservice::v1::StartWorkflowExecutionRequest backing_start(
    const client::RpcContext& context,
    StartWorkflowCall call,
    const temporal::api::nexus::v1::StartOperationRequest& operation
);

/// Starts it, as `Client::start` would, through the client's interceptors; blocks.
/// @param links  gets one that leads to the workflow.
/// @throws what calls of a client do.
[[nodiscard]] PendingOperation start_backing_workflow(
    const client::RpcContextPtr& context,
    StartWorkflowCall call,
    const std::shared_ptr<const temporal::api::nexus::v1::StartOperationRequest>& operation,
    OutboundLinks& links
);

/// Asks the workflow to stop that a token names, through the client's interceptors; blocks.
/// @throws HandlerError NotFound if it names none of this namespace; what calls of a client do.
void cancel_backing_workflow(
    const client::RpcContextPtr& context, const std::string& operation_token
);

}  // namespace hourglass::nexus
