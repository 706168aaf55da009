#pragma once

#include "hourglass/client/client.hpp"
#include "hourglass/client/future_ops.hpp"

#include <string>
#include <utility>

namespace hourglass::client {

/// A call of the server's API for a function that needs no more of a client than that.
/// @param action  for texts of errors, behind "cannot ".
/// @param convert  makes the answer of the response.
template <class Response, class Request, class Convert>
auto ask(
    const Client& client,
    std::string service,
    std::string method,
    std::string action,
    const Request& request,
    Convert convert
) {
    return detail::map(
        client.backend()->raw_call(
            {.service = std::move(service),
             .method = method,
             .request = request.SerializeAsString(),
             .action = std::move(action),
             .codes_payloads = true}
        ),
        [method, convert = std::move(convert)](const std::string& bytes) {
            Response response;
            if (!response.ParseFromString(bytes)) {
                throw RpcError{
                    RpcCode::Internal, "the answer to " + method + " is no message of its type"
                };
            }
            return convert(response);
        }
    );
}

}  // namespace hourglass::client
