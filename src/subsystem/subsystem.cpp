#include "src/subsystem/subsystem.hpp"

#include "src/subsystem/bridge_holder.hpp"
#include "src/subsystem/runtime.hpp"
#include "src/subsystem/worker_launcher.hpp"
#include "src/subsystem/worker_registry.hpp"
#include "src/subsystem/worker_supervisor.hpp"
#include "src/worker/worker_spec.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace hourglass::subsystem {

using namespace std::chrono_literals;
using supervision::child;

supervision::SupervisorSpec subsystem_spec(const SubsystemOptions& options) {
    const auto& directory = options.directory;
    const BridgeHolder::Options holder{
        .client = options.client,
        .directory = directory,
        .late =
            {
                .run = options.services.dispatch_activity,
                .reports = options.services.late,
                .forget_run =
                    [directory](std::uint64_t registration_id, const std::string& run_id) {
                        if (const auto runs = directory->runs.get()) {
                            runs->take(registration_id, run_id).reset();
                        }
                    },
            },
        .registration_ended = options.services.registration_ended,
        .connect = options.connect,
    };
    const WorkerLauncher::MakeSpec make_worker =
        [services = options.services](const WorkerOptions& worker) {
            return worker::worker_spec(worker, services);
        };
    supervision::ChildSpec bridge_holder = child<BridgeHolder>("BridgeHolder", holder);
    bridge_holder.shutdown = BridgeHolder::kFinalize + 1s;  // it ends by itself before
    return {
        .strategy = supervision::Strategy::RestForOne,
        .max_restarts = options.max_restarts,
        .within = options.restart_window,
        .children =
            {
                child<Runtime>(
                    "Runtime",
                    directory,
                    options.core_log_filter,
                    options.meter,
                    options.worker_heartbeat_interval
                ),
                std::move(bridge_holder),
                child<WorkerRegistry>("WorkerRegistry", directory),
                worker_supervisor_child(
                    "WorkerSupervisor",
                    directory,
                    {.max_restarts = options.max_restarts, .within = options.restart_window}
                ),
                child<WorkerLauncher>("WorkerLauncher", directory, options.book, make_worker),
            },
    };
}

}  // namespace hourglass::subsystem
