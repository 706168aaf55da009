#pragma once

// The API with which Temporal Cloud is managed: namespaces, users, API keys, regions. It takes and
// gives protobuf messages: link hourglass::protos, and include
// "temporal/api/cloud/cloudservice/v1/request_response.pb.h". Workflows in the cloud need none of
// it; they have a Client.

#include "hourglass/base/future.hpp"
#include "hourglass/client/client.hpp"
#include "hourglass/raw.hpp"

#include <google/protobuf/message.h>

#include <chrono>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace hourglass::cloud {

/// How to reach the API, and as whom.
struct CloudOptions {
    /// Of a user or a service account; required.
    std::string api_key = {};
    /// host:port.
    std::string address = "saas-api.tmprl.cloud:443";
    /// The version of the API that the program is written for, as the header
    /// `temporal-cloud-api-version` tells it; by default that of the messages in hourglass::protos.
    std::string api_version = "v0.17.0";
    /// TLS is always on; by default with the system's roots.
    TlsOptions tls = {};
    /// Sent with each call, besides the version; keys in lower case.
    std::map<std::string, std::string> headers = {};
    /// As ClientOptions::rpc_timeout.
    std::chrono::milliseconds rpc_timeout = std::chrono::seconds{10};
    std::optional<HttpProxyOptions> http_proxy = {};
};

/// The options of a connection that these stand for.
/// @throws ConfigurationError without an API key or a version.
[[nodiscard]] ClientOptions client_options(CloudOptions options);

namespace detail {
/// "GetNamespaces" of a GetNamespacesRequest.
/// @throws ConfigurationError if it is no request of the cloud's API.
[[nodiscard]] std::string method_of(const google::protobuf::Descriptor& request);
}  // namespace detail

/// Calls Temporal Cloud's API. A copy is cheap and shares the connection.
/// @threads any.
class CloudClient {
public:
    /// @param client  of a connection to the API: one of `connect`, or a test's.
    explicit CloudClient(Client client) : client_{std::move(client)} {}

    /// Calls the method that the request is named for: `cloud.call<GetNamespacesResponse>(
    /// GetNamespacesRequest{})`. Transient failures are tried again, so a request that changes
    /// something needs its `async_operation_id`.
    /// @throws RpcError; ConfigurationError before anything is sent if there is no such method, or
    /// if it gives another message.
    template <std::derived_from<google::protobuf::Message> Response>
    [[nodiscard]] Response call(const google::protobuf::Message& request, CallOptions options = {})
        const {
        return call_async<Response>(request, std::move(options)).get();
    }
    template <std::derived_from<google::protobuf::Message> Response>
    Future<Response> call_async(const google::protobuf::Message& request, CallOptions options = {})
        const {
        return raw::call_async<Response>(
            client_,
            raw::Service::Cloud,
            detail::method_of(*request.GetDescriptor()),
            request,
            std::move(options)
        );
    }

    /// What changes keys and headers while it lives, see `Client::replace_credentials`.
    [[nodiscard]] const Client& client() const { return client_; }

private:
    Client client_;
};

/// Connects, trying again until `options.rpc_timeout` has passed.
/// @throws UnavailableError naming the address; UnauthenticatedError; ConfigurationError.
/// @threads any.
[[nodiscard]] CloudClient connect(CloudOptions options);

}  // namespace hourglass::cloud
