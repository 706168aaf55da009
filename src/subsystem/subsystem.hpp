#pragma once

#include "hourglass/client/client_options.hpp"
#include "hourglass/supervision/supervisor.hpp"
#include "src/subsystem/directory.hpp"
#include "src/subsystem/meter.hpp"
#include "src/subsystem/worker_book.hpp"
#include "src/worker/worker_services.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace hourglass::subsystem {

struct SubsystemOptions {
    ClientOptions client;
    std::string core_log_filter;
    std::optional<std::chrono::milliseconds> worker_heartbeat_interval;
    std::shared_ptr<Meter> meter;
    std::size_t max_restarts = 3;
    std::chrono::milliseconds restart_window = std::chrono::seconds{5};
    std::shared_ptr<Directory> directory;
    std::shared_ptr<WorkerBook> book;
    worker::WorkerServices services;
    core::Connect connect = &core::Connection::connect;
};

/// The heart of the tree: five children, rest_for_one. See the table in docs/architecture.md.
[[nodiscard]] supervision::SupervisorSpec subsystem_spec(const SubsystemOptions& options);

}  // namespace hourglass::subsystem
