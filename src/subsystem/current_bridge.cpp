#include "src/subsystem/current_bridge.hpp"

#include "src/subsystem/bridge_holder.hpp"

#include <utility>

namespace hourglass::subsystem {

CurrentBridge::CurrentBridge(std::shared_ptr<Directory> directory)
    : directory_{std::move(directory)} {}

Future<worker::RegisterResult> CurrentBridge::register_worker(
    WorkerOptions options, supervision::Pid owner
) {
    // No timeout: the holder answers, or its end does.
    return directory_->bridge_holder.get().call_async<worker::RegisterResult>(
        [options = std::move(options), owner = std::move(owner)](
            BridgeHolder& holder, supervision::Reply<worker::RegisterResult> reply
        ) mutable {
            holder.register_worker(std::move(options), std::move(owner), std::move(reply));
        },
        supervision::kInfinity
    );
}

Future<void> CurrentBridge::unregister_worker(std::shared_ptr<worker::Registration> registration) {
    return directory_->bridge_holder.get().call_async<void>(
        [registration = std::move(registration)](
            BridgeHolder& holder, supervision::Reply<void> reply
        ) { holder.unregister_worker(registration, std::move(reply)); },
        supervision::kInfinity
    );
}

void CurrentBridge::report_stale_handle(const std::string& detail) {
    directory_->bridge_holder.get().cast([detail](BridgeHolder& holder) {
        holder.report_stale_handle(detail);
    });
}

}  // namespace hourglass::subsystem
