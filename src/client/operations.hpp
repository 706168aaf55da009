#pragma once

// The operations that take more than one call, each a chain of calls without a thread of its own.

#include "hourglass/client/client_backend.hpp"
#include "src/client/rpc.hpp"

#include "temporal/api/common/v1/message.pb.h"

#include <string>

namespace hourglass::client {

Future<Payloads> wait_for_result(
    RpcContextPtr context, detail::ExecutionRef target, ResultOptions options
);
Future<Payloads> send_update(
    RpcContextPtr context,
    detail::ExecutionRef target,
    std::string name,
    UpdateOptions options,
    Payloads arguments
);
Future<WorkflowHistory> fetch_history(RpcContextPtr context, detail::ExecutionRef target);

/// What is left of an operation's own timeout, for its next call.
class Deadline {
public:
    explicit Deadline(std::optional<std::chrono::milliseconds> timeout);

    /// None: no limit. At least 1 ms.
    [[nodiscard]] std::optional<std::chrono::milliseconds> left() const;

private:
    std::optional<CallbackPool::Clock::time_point> at_;
};

void set_execution(
    const detail::ExecutionRef& target, temporal::api::common::v1::WorkflowExecution* proto
);

/// A random (version 4) UUID: the server tells a repeated request from a new one by it.
[[nodiscard]] std::string new_uuid();

}  // namespace hourglass::client
