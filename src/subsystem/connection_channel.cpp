#include "src/subsystem/connection_channel.hpp"

#include "src/client/core_channel.hpp"

#include <utility>

namespace hourglass::subsystem {

ConnectionChannel::ConnectionChannel(std::shared_ptr<Directory> directory)
    : directory_{std::move(directory)} {}

void ConnectionChannel::call(client::RpcRequest request, client::RpcCallback callback) {
    const auto connection = directory_->connection.get();
    if (directory_->stopped) {
        callback(failure(client::RpcFailure{
            .code = RpcCode::Unavailable,
            .message = "the application that this client belongs to has stopped",
            .final = true
        }));
        return;
    }
    if (!connection) {
        callback(failure(client::RpcFailure{
            .code = RpcCode::Unavailable,
            .message = "the application has no connection to the server at the moment"
        }));
        return;
    }
    client::call_over(*connection, std::move(request), std::move(callback));
}

}  // namespace hourglass::subsystem
