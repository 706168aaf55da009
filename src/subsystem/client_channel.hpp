#pragma once

#include "src/client/rpc_channel.hpp"
#include "src/subsystem/living_tree.hpp"

#include <memory>

namespace hourglass::subsystem {

/// The channel of an Application's clients: over the connection of this process's tree, whose end
/// ends its calls. It may outlive the Application.
class ClientChannel final : public client::RpcChannel {
public:
    explicit ClientChannel(std::shared_ptr<LivingTree> tree);

    /// Makes a forked child's tree: its isolation server has to come before its first thread.
    void prepare() override;
    void call(client::RpcRequest request, client::RpcCallback callback) override;

private:
    std::shared_ptr<LivingTree> tree_;
};

}  // namespace hourglass::subsystem
