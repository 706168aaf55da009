#pragma once

#include "src/core/connection.hpp"
#include "src/core/core_worker.hpp"
#include "src/core/reaper.hpp"
#include "src/worker/core_options.hpp"
#include "src/worker/registration.hpp"
#include "tests/unit/core/awaiting.hpp"
#include "tests/unit/worker/nexus_server.hpp"

#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace hourglass::worker {

/// The registration of a worker that takes Nexus tasks alone, from a server in the process.
inline std::shared_ptr<Registration> register_for_nexus(
    const std::shared_ptr<NexusServer>& server,
    const std::string& namespace_name,
    const WorkerOptions& options,
    std::shared_ptr<TaskCoding> coding = nullptr
) {
    core::test::Awaited<core::ConnectResult> connected;
    core::Connection::connect_in_process(
        core::test::make_runtime(),
        {.target = "in-process:1", .identity = "test"},
        server->serve(),
        connected.callback()
    );
    auto core = core_options(namespace_name, options);
    core.poll_workflows = core.poll_activities = core.run_local_activities = false;
    core.poll_nexus = true;
    auto worker = core::CoreWorker::create(connected.get().value(), core);
    if (!worker) {
        throw std::runtime_error{worker.error().message};
    }
    return std::make_shared<Registration>(
        1,
        std::make_shared<const WorkerOptions>(options),
        *std::move(worker),
        LateWork{},
        std::move(coding)
    );
}

/// Revokes it, as the end of the BridgeHolder does, and waits until Core has finalized its worker;
/// nothing if that was done.
inline void end_registration(Registration& registration) {
    auto left = registration.revoke();
    if (!left) {
        return;
    }
    std::promise<void> done;
    core::Reaper::reap(
        {.worker = std::move(left->worker), .nexus_tokens = std::move(left->nexus_tokens)},
        [&done] { done.set_value(); }
    );
    done.get_future().wait();
}

}  // namespace hourglass::worker
