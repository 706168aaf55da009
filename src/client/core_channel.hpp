#pragma once

#include "hourglass/client/client_options.hpp"
#include "src/client/rpc_channel.hpp"
#include "src/core/cancel_token.hpp"
#include "src/core/connect_options.hpp"
#include "src/core/status.hpp"

#include <memory>

namespace hourglass::core {
class Connection;
}

namespace hourglass::client {

/// A channel over a connection of its own, in the runtime of Core that all such channels share. It
/// connects at its first call, and again when the connection is lost.
/// @throws ConfigurationError if Core does not take the options.
[[nodiscard]] std::shared_ptr<RpcChannel> make_core_channel(const ClientOptions& options);

/// One attempt over a connection; for channels that choose the connection themselves.
void call_over(
    const core::Connection& connection,
    RpcRequest request,
    RpcCallback callback,
    core::CancelToken cancel = {}
);

/// The user's options as Core takes them; not lazy.
[[nodiscard]] core::ConnectOptions connect_options(const ClientOptions& options);

/// Makes the headers of the options those of a connection that stands.
void show_headers(const core::Connection& connection, const ClientOptions& options);

/// What a failed call of Core means to a client.
[[nodiscard]] RpcFailure to_rpc_failure(core::CallError error);

}  // namespace hourglass::client
