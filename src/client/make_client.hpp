#pragma once

#include "hourglass/client/client.hpp"
#include "src/client/rpc.hpp"
#include "src/client/rpc_channel.hpp"

#include <memory>

namespace hourglass::detail {

/// What a client's calls need, for `make_client` and for backends of another kind.
/// @throws ConfigurationError if an option is not usable.
[[nodiscard]] client::RpcContextPtr make_context(
    std::shared_ptr<client::RpcChannel> channel, const ClientOptions& options
);

/// A client whose calls go through `channel`; nothing is sent here. Of the options it takes the
/// address (for texts), the namespace, the identity and the timeout; the rest is the channel's
/// business.
/// @throws ConfigurationError if one of them is not usable.
[[nodiscard]] Client make_client(
    std::shared_ptr<client::RpcChannel> channel, const ClientOptions& options
);

/// Asks the server for its abilities, again until `ClientOptions::rpc_timeout`, and yields `client`
/// when it has answered.
/// @param call  of this call, on top of the client's.
Future<Client> when_connected(Client client, CallOptions call = {});

/// @throws ConfigurationError naming the option that is not usable.
void validate(const ClientOptions& options);

}  // namespace hourglass::detail
