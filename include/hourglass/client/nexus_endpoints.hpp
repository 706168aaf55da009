#pragma once

// The endpoints that Nexus operations are called through, for operators and tests. Each function
// blocks until the answer is there; its twin with `_async` returns a Future of it. They throw what
// every call of a client throws; options of single calls come with `client.with(…)`.

#include "hourglass/base/future.hpp"
#include "hourglass/client/client.hpp"
#include "hourglass/client/paged.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace hourglass::admin {

/// Where an endpoint leads: to a task queue, whose workers handle what comes, or to an external
/// server.
struct NexusEndpointTarget {
    /// Of the task queue; empty: the client's own.
    std::string workflow_namespace = {};
    std::string task_queue = {};
    /// Instead of both: the server's URL.
    std::string url = {};
};

/// What an endpoint is made with.
struct NexusEndpointSpec {
    /// Unique in the server: a letter, then letters, digits and dashes, no dash at the end. Who
    /// calls through it names it so.
    std::string name = {};
    NexusEndpointTarget target = {};
    /// Several lines for user interfaces, Markdown.
    std::string description = {};
};

struct NexusEndpoint {
    /// The server's own; the calls below name the endpoint by it.
    std::string id = {};
    /// Counts the changes: who changes or removes an endpoint says which version it has seen.
    std::int64_t version = 0;
    NexusEndpointSpec spec = {};
    std::chrono::system_clock::time_point created_time = {};
    /// None: it was never changed.
    std::optional<std::chrono::system_clock::time_point> last_modified_time = {};
    /// Where it is called over HTTP, without scheme, host and port.
    std::string url_prefix = {};
};

/// Makes an endpoint; it takes some seconds until all parts of a server know it.
/// @throws RpcError with the code AlreadyExists, also if the server's answer to a first attempt got
/// lost; ConfigurationError naming what is not usable.
Future<NexusEndpoint> create_nexus_endpoint_async(const Client& client, NexusEndpointSpec spec);
inline NexusEndpoint create_nexus_endpoint(const Client& client, NexusEndpointSpec spec) {
    return create_nexus_endpoint_async(client, std::move(spec)).get();
}
/// @throws RpcError with the code NotFound.
Future<NexusEndpoint> get_nexus_endpoint_async(const Client& client, std::string id);
[[nodiscard]] inline NexusEndpoint get_nexus_endpoint(const Client& client, std::string id) {
    return get_nexus_endpoint_async(client, std::move(id)).get();
}
/// @returns the endpoint of that name, or none.
Future<std::optional<NexusEndpoint>> find_nexus_endpoint_async(
    const Client& client, std::string name
);
[[nodiscard]] inline std::optional<NexusEndpoint> find_nexus_endpoint(
    const Client& client, std::string name
) {
    return find_nexus_endpoint_async(client, std::move(name)).get();
}
/// Replaces the whole spec: take the endpoint that was found, change its spec and give it back.
/// @returns the endpoint after the change.
/// @throws RpcError with the code FailedPrecondition if somebody else was faster, or the server's
/// answer to a first attempt got lost; NotFound.
Future<NexusEndpoint> update_nexus_endpoint_async(const Client& client, NexusEndpoint endpoint);
inline NexusEndpoint update_nexus_endpoint(const Client& client, NexusEndpoint endpoint) {
    return update_nexus_endpoint_async(client, std::move(endpoint)).get();
}
/// @throws as `update_nexus_endpoint`.
Future<void> remove_nexus_endpoint_async(const Client& client, NexusEndpoint endpoint);
inline void remove_nexus_endpoint(const Client& client, NexusEndpoint endpoint) {
    remove_nexus_endpoint_async(client, std::move(endpoint)).get();
}
/// All endpoints of the server, lazily.
[[nodiscard]] Paged<NexusEndpoint> list_nexus_endpoints(
    const Client& client, ListOptions options = {}
);

}  // namespace hourglass::admin
