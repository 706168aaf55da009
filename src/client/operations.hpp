#pragma once

// The operations that take more than one call, each a chain of calls without a thread of its own.

#include "hourglass/client/client_backend.hpp"
#include "src/client/rpc.hpp"

#include "temporal/api/common/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <chrono>
#include <optional>
#include <string>

namespace hourglass::client {

Future<Payloads> wait_for_result(
    RpcContextPtr context, detail::ExecutionRef target, ResultOptions options
);

/// Sends the update until a worker has accepted it.
Future<detail::UpdateRef> send_update(RpcContextPtr context, UpdateWorkflowCall call);
/// The same, and waits until it has come to the stage asked for.
Future<detail::UpdateRef> start_update(RpcContextPtr context, UpdateWorkflowCall call);
/// Polls for the outcome of an update that was accepted.
Future<Payloads> wait_for_update(
    RpcContextPtr context, detail::UpdateRef update, UpdateResultOptions options
);
/// The two above with one timeout: the update is sent so that its outcome is awaited at once.
Future<Payloads> execute_update(RpcContextPtr context, UpdateWorkflowCall call);
/// A start and an update, sent together until a worker has accepted the update.
/// @param start  made of the call's.
Future<StartedWithUpdate> send_update_with_start(
    RpcContextPtr context,
    temporal::api::workflowservice::v1::StartWorkflowExecutionRequest start,
    UpdateWithStartCall call
);

/// The same, and waits until the update has come to the stage asked for.
Future<StartedWithUpdate> start_update_with_start(
    RpcContextPtr context,
    temporal::api::workflowservice::v1::StartWorkflowExecutionRequest start,
    UpdateWithStartCall call
);

Future<WorkflowHistory> fetch_history(RpcContextPtr context, detail::ExecutionRef target);

/// The context of an operation that makes several calls: together they have the time of one.
[[nodiscard]] RpcContextPtr as_one_call(const RpcContextPtr& context);

/// What is left of an operation's own timeout, for its next call.
class Deadline {
public:
    explicit Deadline(std::optional<std::chrono::milliseconds> timeout);

    /// None: no limit. At least 1 ms, or 0 if there was no time to begin with: then nothing is to
    /// be sent.
    [[nodiscard]] std::optional<std::chrono::milliseconds> left() const;

private:
    std::optional<CallbackPool::Clock::time_point> at_;
    bool too_late_ = false;
};

void set_execution(
    const detail::ExecutionRef& target, temporal::api::common::v1::WorkflowExecution* proto
);

/// What the answer to a start of `id` says about the execution.
[[nodiscard]] detail::ExecutionRef to_started(
    const std::string& id,
    const std::string& run_id,
    const std::string& first_execution_run_id,
    bool started
);

/// A random (version 4) UUID: the server tells a repeated request from a new one by it.
[[nodiscard]] std::string new_uuid();

}  // namespace hourglass::client
