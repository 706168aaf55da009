#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/convert/payload.hpp"
#include "src/client/rpc.hpp"

#include "temporal/api/update/v1/message.pb.h"

#include <chrono>
#include <exception>
#include <optional>
#include <string>

namespace hourglass::client {

/// What an update is called in texts.
struct UpdateName {
    /// The name of its handler, or its id if it is known by that only.
    std::string update = {};
    std::string workflow_id = {};
    /// Empty if the call named no run.
    std::string run_id = {};
    std::string workflow_namespace = {};
};

[[nodiscard]] bool has_outcome(const temporal::api::update::v1::Outcome& outcome);

/// The outcome as a Future that is settled: the result, or UpdateFailedError.
[[nodiscard]] Future<Payloads> outcome_future(
    const UpdateName& name, const temporal::api::update::v1::Outcome& outcome
);

/// Why waiting for the update ended without its outcome.
/// @param timeout  the wait's, if it had one.
/// @param verb  what was done when it failed, "wait for update" once the update was sent.
[[nodiscard]] std::exception_ptr update_error(
    const RpcContext& context,
    const UpdateName& name,
    std::optional<std::chrono::milliseconds> timeout,
    const RpcFailure& failed,
    const std::string& verb = "update"
);

/// The failure of the operation that made a call of several fail.
[[nodiscard]] RpcFailure of_operation(RpcFailure failed);

}  // namespace hourglass::client
