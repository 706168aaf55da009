#pragma once

#include "src/subsystem/directory.hpp"
#include "src/worker/bridge_access.hpp"

#include <memory>
#include <string>

namespace hourglass::subsystem {

/// The bridge as workers see it: each call goes to the BridgeHolder that lives at the moment.
class CurrentBridge final : public worker::BridgeAccess {
public:
    explicit CurrentBridge(std::shared_ptr<Directory> directory);

    Future<worker::RegisterResult> register_worker(WorkerOptions options, supervision::Pid owner)
        override;
    Future<void> unregister_worker(std::shared_ptr<worker::Registration> registration) override;
    void report_stale_handle(const std::string& detail) override;

private:
    std::shared_ptr<Directory> directory_;
};

}  // namespace hourglass::subsystem
