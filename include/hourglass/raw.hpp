#pragma once

// The server's API word for word, for what has no name of its own in Hourglass yet. Requests and
// responses are serialized protobuf messages of Temporal's API; generate their classes with the
// protobuf version of your choice.

#include "hourglass/base/future.hpp"
#include "hourglass/client/client.hpp"

#include <string>

namespace hourglass {

/// Calls any method: `raw_call(client, "workflow", "GetClusterInfo", request.SerializeAsString())`.
/// The namespace and the identity stand in the request: nothing is filled in. Transient failures
/// are tried again, as in every call of a client, so a request that changes something needs its
/// request id.
/// @param service  "workflow", "operator", "test" or "health".
/// @returns the serialized response.
/// @throws RpcError; ConfigurationError for an unknown service.
/// @threads any.
[[nodiscard]] std::string raw_call(
    const Client& client, std::string service, std::string method, std::string request
);
Future<std::string> raw_call_async(
    const Client& client, std::string service, std::string method, std::string request
);

}  // namespace hourglass
