#pragma once

#include "src/client/rpc_channel.hpp"
#include "src/subsystem/directory.hpp"

#include <memory>

namespace hourglass::subsystem {

/// Sends calls over the connection that the BridgeHolder has at the moment. While there is none
/// each attempt is answered Unavailable, and the caller tries again until its own time is up: a
/// cascade costs a call some milliseconds.
class ConnectionChannel final : public client::RpcChannel {
public:
    /// @param cancel  ends its calls.
    explicit ConnectionChannel(std::shared_ptr<Directory> directory, core::CancelToken cancel = {});

    void call(client::RpcRequest request, client::RpcCallback callback) override;

private:
    std::shared_ptr<Directory> directory_;
    core::CancelToken cancel_;
};

/// The same for a client of the application: the end of the Subsystem ends its calls.
class ClientChannel final : public client::RpcChannel {
public:
    explicit ClientChannel(std::shared_ptr<Directory> directory);

    void call(client::RpcRequest request, client::RpcCallback callback) override;

private:
    std::shared_ptr<Directory> directory_;
    ConnectionChannel connection_;
};

/// What calls of clients are answered when the Subsystem has ended.
[[nodiscard]] client::RpcFailure subsystem_has_ended();

}  // namespace hourglass::subsystem
