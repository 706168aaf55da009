#include "src/subsystem/connection_channel.hpp"

#include "hourglass/base/log.hpp"
#include "src/client/callback_pool.hpp"
#include "src/client/core_channel.hpp"
#include "src/subsystem/bridge_holder.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace hourglass::subsystem {
namespace {

/// Longer than a try to connect takes, unless it is given more: its error then says what is wrong.
constexpr std::chrono::milliseconds kLongestWaitForConnection{10'000};

client::RpcFailure unavailable(std::string message, bool final) {
    return {.code = RpcCode::Unavailable, .message = std::move(message), .final = final};
}

std::string no_connection(const Directory& directory) {
    const std::string reason = directory.connection.trouble();
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

struct ConnectionChannel::Attempt {
    std::shared_ptr<Directory> directory;
    std::function<core::CancelToken()> cancel;
    client::RpcRequest request;
    client::RpcCallback callback;
};

ConnectionChannel::ConnectionChannel(
    std::shared_ptr<Directory> directory, std::function<core::CancelToken()> cancel
)
    : directory_{std::move(directory)}, cancel_{std::move(cancel)} {}

void ConnectionChannel::call(client::RpcRequest request, client::RpcCallback callback) {
    using Clock = client::CallbackPool::Clock;
    if (const auto connection = directory_->connection.get()) {
        send(connection, {directory_, cancel_, std::move(request), std::move(callback)});
        return;
    }
    const auto limit = std::min(request.timeout, kLongestWaitForConnection);
    const auto deadline = Clock::now() + std::min(request.timeout, client::kLongestWait);
    const auto id = directory_->connection.when_tried(
        [attempt = Attempt{directory_, cancel_, std::move(request), std::move(callback)},
         deadline](const ConnectionInUse::Pointer& made) mutable {
            // What is left of its time, so that nothing is sent that nobody waits for any more.
            attempt.request.timeout =
                std::chrono::floor<std::chrono::milliseconds>(deadline - Clock::now());
            const bool late = attempt.request.timeout <= std::chrono::milliseconds{0} ||
                              attempt.request.stop.stop_requested();
            send(late ? nullptr : made, std::move(attempt));
        }
    );
    if (id == 0) {
        return;
    }
    const auto give_up = [id, weak = std::weak_ptr{directory_}] {
        if (const auto directory = weak.lock()) {
            directory->connection.give_up(id);
        }
    };
    try {
        client::CallbackPool::shared().post_after(limit, give_up);
    } catch (const std::exception& error) {  // no thread can be started
        log::warn("a call does not wait for the connection", {{"reason", error.what()}});
        give_up();
    }
}

void ConnectionChannel::send(const ConnectionInUse::Pointer& connection, Attempt attempt) {
    const auto& directory = attempt.directory;
    if (!connection) {
        attempt.callback(failure(
            directory->client_calls.ended() ? subsystem_has_ended()  // none will come any more
                                            : unavailable(no_connection(*directory), false)
        ));
        return;
    }
    auto answered =
        [directory, connection, callback = std::move(attempt.callback)](client::RpcAnswer answer) {
            const bool stale = !answer && answer.error().code == RpcCode::FailedPrecondition;
            const bool ended = !answer && answer.error().code == RpcCode::Unavailable;
            if (!answer && answer.error().final && (stale || ended)) {
                // This connection is of no use any more, but the tree makes another one. A call may
                // be the first to notice that; one that was late must not bring down what has
                // replaced it.
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
        std::move(attempt.request),
        std::move(answered),
        attempt.cancel ? attempt.cancel() : core::CancelToken{}
    );
}

}  // namespace hourglass::subsystem
