#pragma once

#include "hourglass/client/client.hpp"
#include "src/client/rpc_channel.hpp"

#include <memory>

namespace hourglass::detail {

/// A client whose calls go through `channel`; nothing is sent here. Of the options it takes the
/// address (for texts), the namespace, the identity and the timeout; the rest is the channel's
/// business.
/// @throws ConfigurationError if one of them is not usable.
[[nodiscard]] Client make_client(
    std::shared_ptr<client::RpcChannel> channel, const ClientOptions& options
);

/// Asks the server for its abilities, again until `ClientOptions::rpc_timeout`, and yields `client`
/// when it has answered.
Future<Client> when_connected(Client client);

/// @throws ConfigurationError naming the option that is not usable.
void validate(const ClientOptions& options);

}  // namespace hourglass::detail
