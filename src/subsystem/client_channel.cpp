#include "src/subsystem/client_channel.hpp"

#include "hourglass/base/log.hpp"
#include "src/subsystem/connection_channel.hpp"

#include <exception>
#include <string>
#include <utility>

namespace hourglass::subsystem {

ClientChannel::ClientChannel(std::shared_ptr<LivingTree> tree) : tree_{std::move(tree)} {}

void ClientChannel::prepare() {
    try {
        static_cast<void>(tree_->directory());
    } catch (const std::exception& error) {
        log::debug("the call's first attempt will say why", {{"reason", error.what()}});
    }
}

void ClientChannel::call(client::RpcRequest request, client::RpcCallback callback) {
    std::shared_ptr<Directory> directory;
    try {
        directory = tree_->directory();
    } catch (const std::exception& error) {
        callback(failure(client::RpcFailure{
            .code = RpcCode::Unavailable,
            .message = std::string{"this forked process could not start its supervision tree: "} +
                       error.what(),
            .final = true
        }));
        return;
    }
    const auto id = directory->client_calls.enter(callback);
    if (id == 0) {
        callback(failure(subsystem_has_ended()));
        return;
    }
    ConnectionChannel{
        directory, [directory] { return directory->client_calls.cancellation(); }
    }.call(std::move(request), [directory, id](client::RpcAnswer answer) {
        if (const auto waiting = directory->client_calls.leave(id)) {
            waiting(std::move(answer));
        }
    });
}

}  // namespace hourglass::subsystem
