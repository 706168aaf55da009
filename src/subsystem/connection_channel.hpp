#pragma once

#include "src/client/rpc_channel.hpp"
#include "src/subsystem/directory.hpp"

#include <functional>
#include <memory>

namespace hourglass::subsystem {

/// Sends calls over the connection that the BridgeHolder has at the moment. Where there is none yet
/// an attempt waits for the one that is being made. When that fails, and while there is none after
/// that, each attempt is answered Unavailable, and the caller tries again until its own time is up.
class ConnectionChannel final : public client::RpcChannel {
public:
    /// @param cancel  gives, for each call, what ends it; empty: nothing does.
    explicit ConnectionChannel(
        std::shared_ptr<Directory> directory, std::function<core::CancelToken()> cancel = {}
    );

    void call(client::RpcRequest request, client::RpcCallback callback) override;

private:
    struct Attempt;

    static void send(const ConnectionInUse::Pointer& connection, Attempt attempt);

    std::shared_ptr<Directory> directory_;
    std::function<core::CancelToken()> cancel_;
};

/// What calls of clients are answered when the Subsystem has ended.
[[nodiscard]] client::RpcFailure subsystem_has_ended();

}  // namespace hourglass::subsystem
