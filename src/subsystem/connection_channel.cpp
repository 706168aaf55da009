#include "src/subsystem/connection_channel.hpp"

#include "src/client/core_channel.hpp"
#include "src/subsystem/bridge_holder.hpp"

#include <string>
#include <utility>

namespace hourglass::subsystem {
namespace {

client::RpcFailure unavailable(std::string message, bool final) {
    return {.code = RpcCode::Unavailable, .message = std::move(message), .final = final};
}

std::string no_connection(const Directory& directory) {
    const std::string reason = directory.connect_trouble.get();
    return "the application has no connection to the server" +
           (reason.empty() ? std::string{" at the moment"} : ": " + reason);
}

}  // namespace

client::RpcFailure subsystem_has_ended() {
    return unavailable(
        "the application that this client belongs to has stopped, or given up; take a client of "
        "one that runs, or connect one of its own with Client::connect",
        true
    );
}

ConnectionChannel::ConnectionChannel(
    std::shared_ptr<Directory> directory, std::function<core::CancelToken()> cancel
)
    : directory_{std::move(directory)}, cancel_{std::move(cancel)} {}

void ConnectionChannel::call(client::RpcRequest request, client::RpcCallback callback) {
    const auto connection = directory_->connection.get();
    if (!connection) {
        callback(failure(
            directory_->client_calls.ended() ? subsystem_has_ended()  // none will come any more
                                             : unavailable(no_connection(*directory_), false)
        ));
        return;
    }
    auto answered = [directory = directory_,
                     connection,
                     callback = std::move(callback)](client::RpcAnswer answer) {
        const bool stale = !answer && answer.error().code == RpcCode::FailedPrecondition;
        const bool ended = !answer && answer.error().code == RpcCode::Unavailable;
        if (!answer && answer.error().final && (stale || ended)) {
            // This connection is of no use any more, but the tree makes another one. A call may be
            // the first to notice that; one that was late must not bring down what has replaced it.
            if (stale && directory->connection.get() == connection) {
                directory->bridge_holder.get().cast([why = answer.error().message](
                                                        BridgeHolder& holder
                                                    ) { holder.report_stale_handle(why); });
            }
            callback(failure(unavailable(std::move(answer.error().message), false)));
            return;
        }
        callback(std::move(answer));
    };
    // Asked for when the connection is known: it is of the connection's generation, or a later one.
    client::call_over(
        *connection,
        std::move(request),
        std::move(answered),
        cancel_ ? cancel_() : core::CancelToken{}
    );
}

}  // namespace hourglass::subsystem
