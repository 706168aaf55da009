#pragma once

#include "src/client/rpc_channel.hpp"
#include "src/subsystem/directory.hpp"

#include <cstdint>
#include <memory>

namespace hourglass::subsystem {

/// Sends calls over the connection that the BridgeHolder has at the moment. While there is none
/// each attempt is answered Unavailable, and the caller tries again until its own time is up: a
/// cascade costs a call some milliseconds.
class ConnectionChannel final : public client::RpcChannel {
public:
    enum class Use : std::uint8_t {
        WhileTheSubsystemLives,  ///< a client: afterwards it is told so, at once
        UntilTheTreeHasStopped,  ///< reports of work that survived the Subsystem
    };

    explicit ConnectionChannel(
        std::shared_ptr<Directory> directory, Use use = Use::WhileTheSubsystemLives
    );

    void call(client::RpcRequest request, client::RpcCallback callback) override;

private:
    std::shared_ptr<Directory> directory_;
    Use use_;
};

}  // namespace hourglass::subsystem
