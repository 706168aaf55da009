#pragma once

#include "hourglass/supervision/process.hpp"
#include "hourglass/supervision/registry.hpp"
#include "hourglass/worker/worker_options.hpp"
#include "src/base/backoff.hpp"
#include "src/base/outage_log.hpp"
#include "src/base/slot.hpp"
#include "src/worker/bridge_access.hpp"
#include "src/worker/registration.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hourglass::worker {

/// A worker's tie to the rest of the tree: its name in the WorkerRegistry and its registration with
/// the BridgeHolder.
///
/// It takes the name over if another one has it: that belongs to a worker that is on its way out,
/// which may still finish what it has in hand. Registering with Core may take as long as the server
/// is away: that is an outage, not a failure, so it is retried with backoff for ever. However this
/// process ends, its registration ends too: the holder watches it. It ends with the registry that
/// knows its name: the cascade that follows must not wait until the worker has drained.
class WorkerLink final : public supervision::Process {
public:
    WorkerLink(
        WorkerOptions options,
        std::shared_ptr<BridgeAccess> bridge,
        supervision::Ref<supervision::Registry> registry,
        std::shared_ptr<Slot<supervision::Ref<WorkerLink>>> slot
    );

    /// Answers as soon as the worker is registered with Core; at once if it is.
    void when_registered(supervision::Reply<std::shared_ptr<Registration>> reply);

    /// Core has shut the worker of this registration down, although nobody asked it to: this
    /// process ends abnormally, so that the worker gets a registration afresh.
    void registration_ended(const Registration* registration);

protected:
    void init() override;
    void handle_stop(const supervision::ExitReason& reason) override;
    void handle_down(
        supervision::MonitorRef monitor,
        const supervision::Pid& process,
        const supervision::ExitReason& reason
    ) override;

private:
    void named(supervision::Answer<bool> answer);
    void register_with_bridge();
    void registered(supervision::Answer<RegisterResult> answer);
    void try_again(const std::string& why);

    WorkerOptions options_;
    std::shared_ptr<BridgeAccess> bridge_;
    supervision::Ref<supervision::Registry> registry_;
    std::shared_ptr<Slot<supervision::Ref<WorkerLink>>> slot_;
    std::shared_ptr<Registration> registration_;
    std::vector<supervision::Reply<std::shared_ptr<Registration>>> waiting_;
    Backoff backoff_;
    OutageLog outage_{"the worker cannot register", "the worker can register again"};
};

}  // namespace hourglass::worker
