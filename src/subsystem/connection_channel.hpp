#pragma once

#include "src/client/rpc_channel.hpp"
#include "src/subsystem/directory.hpp"

#include <memory>

namespace hourglass::subsystem {

/// Sends a client's calls over the connection that the BridgeHolder has at the moment. While there
/// is none each attempt is answered Unavailable, and the client tries again until its own time is
/// up: a cascade costs a call some milliseconds.
class ConnectionChannel final : public client::RpcChannel {
public:
    explicit ConnectionChannel(std::shared_ptr<Directory> directory);

    void call(client::RpcRequest request, client::RpcCallback callback) override;

private:
    std::shared_ptr<Directory> directory_;
};

}  // namespace hourglass::subsystem
