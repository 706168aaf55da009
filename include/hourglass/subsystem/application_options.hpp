#pragma once

#include "hourglass/client/client_options.hpp"
#include "hourglass/subsystem/status_page_options.hpp"
#include "hourglass/subsystem/telemetry_options.hpp"
#include "hourglass/worker/worker_options.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

namespace hourglass {

class Plugin;

struct ApplicationOptions {
    /// The server, the namespace and who we are; for the workers and for `Application::client()`.
    ClientOptions client = {};
    /// False: only the local parts of the tree run. No thread of Core, no connection, no worker, no
    /// client.
    bool start_runtime = true;
    /// Whether a worker for `default_worker.task_queue` is there from the start, and comes back by
    /// itself.
    bool start_default_worker = true;
    WorkerOptions default_worker = {};
    /// Each supervisor of the tree gives up when its children had to be restarted more than
    /// `max_restarts` times within `restart_window`.
    std::size_t max_restarts = 3;
    std::chrono::milliseconds restart_window = std::chrono::seconds{5};
    /// Threads that run the processes of the tree, workflow code included; 0: one a core, at
    /// least 2. Blocking activities have threads of their own.
    std::size_t threads = 0;
    TelemetryOptions telemetry = {};
    StatusPageOptions status_page = {};
    /// Change the options of the client and of each worker, in this order; not null. See
    /// <hourglass/subsystem/plugin.hpp>.
    std::vector<std::shared_ptr<Plugin>> plugins = {};

    /// The defaults, with the client's options from the environment and its profile: see
    /// ClientOptions::from_environment.
    /// @throws ConfigurationError as that.
    [[nodiscard]] static ApplicationOptions from_environment(DataOptions data = {});
};

}  // namespace hourglass
