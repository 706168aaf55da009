#pragma once

// What an operator does with a server: its health, namespaces and search attributes. Each function
// blocks until the answer is there; its twin with `_async` returns a Future of it. They throw what
// every call of a client throws; options of single calls come with `client.with(…)`.

#include "hourglass/base/future.hpp"
#include "hourglass/client/client.hpp"
#include "hourglass/client/paged.hpp"
#include "hourglass/convert/search_attribute_type.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::admin {

/// Asks the server's health service.
/// @param service  of the server's own; empty: Temporal's frontend.
/// @returns whether it says that it serves.
/// @throws UnavailableError if nobody answers.
Future<bool> check_health_async(const Client& client, std::string service = {});
[[nodiscard]] inline bool check_health(const Client& client, std::string service = {}) {
    return check_health_async(client, std::move(service)).get();
}

using SearchAttributeTypes = std::map<std::string, SearchAttributeType>;

/// The search attributes that a namespace knows.
struct SearchAttributeList {
    SearchAttributeTypes custom = {};
    SearchAttributeTypes system = {};
};

/// Adds search attributes to the client's namespace; it takes some seconds until all parts of a
/// server know them. The server leaves one that it knows by another type as it is, and says
/// nothing: `list_search_attributes` tells.
/// @throws ConfigurationError if a name is empty, or a type is Unspecified or no
/// SearchAttributeType.
Future<void> add_search_attributes_async(const Client& client, SearchAttributeTypes attributes);
inline void add_search_attributes(const Client& client, SearchAttributeTypes attributes) {
    add_search_attributes_async(client, std::move(attributes)).get();
}
/// Forgets search attributes of the client's namespace; what executions have of them stays.
Future<void> remove_search_attributes_async(const Client& client, std::vector<std::string> names);
inline void remove_search_attributes(const Client& client, std::vector<std::string> names) {
    remove_search_attributes_async(client, std::move(names)).get();
}
Future<SearchAttributeList> list_search_attributes_async(const Client& client);
[[nodiscard]] inline SearchAttributeList list_search_attributes(const Client& client) {
    return list_search_attributes_async(client).get();
}

/// What a namespace is made with.
struct NamespaceOptions {
    /// Required.
    std::string name = {};
    std::string description = {};
    std::string owner_email = {};
    /// How long closed executions are kept; at least 1 h, as servers have it.
    std::chrono::milliseconds retention = std::chrono::hours{72};
    std::map<std::string, std::string> data = {};
};

/// What changes about a namespace; what is not set stays.
struct NamespaceUpdate {
    std::optional<std::string> description = {};
    std::optional<std::string> owner_email = {};
    std::optional<std::chrono::milliseconds> retention = {};
    /// Added to what is there.
    std::map<std::string, std::string> data = {};
};

/// The server's numbers.
enum class NamespaceState : std::uint8_t {
    Unspecified = 0,
    Registered = 1,
    Deprecated = 2,
    Deleted = 3
};

/// What servers can do in a namespace.
struct NamespaceCapabilities {
    bool eager_workflow_start = false;
    bool sync_update = false;
    bool async_update = false;
    bool worker_heartbeats = false;
    bool workflow_pause = false;
    bool standalone_activities = false;
    bool standalone_nexus_operations = false;
    bool schedules = false;
};

struct NamespaceDescription {
    std::string name = {};
    std::string id = {};
    NamespaceState state = NamespaceState::Unspecified;
    std::string description = {};
    std::string owner_email = {};
    std::chrono::milliseconds retention{0};
    std::map<std::string, std::string> data = {};
    NamespaceCapabilities capabilities = {};
};

/// Makes a namespace; it takes some seconds until all parts of a server know it.
/// @throws RpcError with the code AlreadyExists; ConfigurationError naming what is not usable.
Future<void> create_namespace_async(const Client& client, NamespaceOptions options);
inline void create_namespace(const Client& client, NamespaceOptions options) {
    create_namespace_async(client, std::move(options)).get();
}
/// @param name  empty: the client's own namespace.
/// @throws NamespaceNotFoundError.
Future<NamespaceDescription> describe_namespace_async(const Client& client, std::string name = {});
[[nodiscard]] inline NamespaceDescription describe_namespace(
    const Client& client, std::string name = {}
) {
    return describe_namespace_async(client, std::move(name)).get();
}
/// @returns the namespace after the change.
Future<NamespaceDescription> update_namespace_async(
    const Client& client, std::string name, NamespaceUpdate update
);
inline NamespaceDescription update_namespace(
    const Client& client, std::string name, NamespaceUpdate update
) {
    return update_namespace_async(client, std::move(name), std::move(update)).get();
}
/// Deletes a namespace with everything in it.
Future<void> remove_namespace_async(const Client& client, std::string name);
inline void remove_namespace(const Client& client, std::string name) {
    remove_namespace_async(client, std::move(name)).get();
}
/// All namespaces of the server, lazily.
[[nodiscard]] Paged<NamespaceDescription> list_namespaces(
    const Client& client, ListOptions options = {}
);

}  // namespace hourglass::admin
