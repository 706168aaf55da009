#pragma once

// The server's API word for word, for what has no name of its own in Hourglass. `raw::call` takes
// and gives the API's protobuf messages: link hourglass::protos, and include
// "temporal/api/workflowservice/v1/request_response.pb.h" or what else is needed. `raw_call` takes
// and gives their bytes, for message classes of a protobuf version of one's own.

#include "hourglass/base/future.hpp"
#include "hourglass/client/client.hpp"
#include "hourglass/client/future_ops.hpp"

#include <google/protobuf/message.h>

#include <concepts>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace hourglass {

/// Calls any method: `raw_call(client, "workflow", "GetClusterInfo", request.SerializeAsString())`.
/// The namespace and the identity stand in the request: nothing is filled in. Transient failures
/// are tried again, as in every call of a client, so a request that changes something needs its
/// request id.
/// @param service  "workflow", "operator", "cloud", "test" or "health".
/// @returns the serialized response.
/// @throws RpcError; ConfigurationError for an unknown service.
/// @threads any.
[[nodiscard]] std::string raw_call(
    const Client& client, std::string service, std::string method, std::string request
);
Future<std::string> raw_call_async(
    const Client& client, std::string service, std::string method, std::string request
);

namespace raw {

/// The services of a server, and of Temporal Cloud's API.
enum class Service : std::uint8_t { Workflow, Operator, Cloud, Test, Health };

/// The methods that can be called, in the order of the alphabet: all that the protos have but
/// streaming ones.
[[nodiscard]] std::vector<std::string> methods(Service service);

namespace detail {

/// @throws ConfigurationError unless the service has this method with these messages.
/// @returns the name of the service for raw_call.
[[nodiscard]] std::string check_call(
    Service service,
    const std::string& method,
    const google::protobuf::Descriptor& request,
    const google::protobuf::Descriptor& response
);
void parse(
    const std::string& method, const std::string& bytes, google::protobuf::Message& response
);

}  // namespace detail

/// Calls any method with the API's own messages: `raw::call<GetClusterInfoResponse>(client,
/// raw::Service::Workflow, "GetClusterInfo", GetClusterInfoRequest{})`. As `raw_call`, else.
/// @throws RpcError; ConfigurationError before anything is sent if the method does not exist, or
/// takes or gives other messages.
/// @threads any.
template <std::derived_from<google::protobuf::Message> Response>
Future<Response> call_async(
    const Client& client,
    Service service,
    const std::string& method,
    const google::protobuf::Message& request,
    CallOptions options = {}
) {
    std::string name =
        detail::check_call(service, method, *request.GetDescriptor(), *Response::descriptor());
    return hourglass::detail::map(
        raw_call_async(
            client.with(std::move(options)), std::move(name), method, request.SerializeAsString()
        ),
        [method](const std::string& bytes) {
            Response response;
            detail::parse(method, bytes, response);
            return response;
        }
    );
}
template <std::derived_from<google::protobuf::Message> Response>
[[nodiscard]] Response call(
    const Client& client,
    Service service,
    const std::string& method,
    const google::protobuf::Message& request,
    CallOptions options = {}
) {
    return call_async<Response>(client, service, method, request, std::move(options)).get();
}

}  // namespace raw
}  // namespace hourglass
