#pragma once

#include "hourglass/base/measurement.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace hourglass {

/// What Temporal Core tells about itself, and to whom. Its log goes to the process's sink
/// (`hourglass/base/log.hpp`).
struct TelemetryOptions {
    /// What of Core's log is kept, in the syntax of Rust's RUST_LOG, such as
    /// "temporalio_sdk_core=debug"; empty: Core's warnings and other libraries' errors.
    std::string core_log_filter = {};
    /// `IP:port` where Prometheus fetches the metrics, at /metrics: Core's, the counters of
    /// `Application::counters()`, and what is measured with a MetricMeter. Port 0: a free one, see
    /// Application::prometheus_address(). Who reaches the address may read them. Empty: nowhere.
    std::string prometheus_address = {};
    /// Gets the same metrics, one measurement at a time and in their order, every
    /// `measurement_interval` on a thread of the tree, at last on the one that stops the
    /// application: it must not block. What it throws is logged and dropped. Empty: nobody does.
    /// Not together with `prometheus_address`.
    std::function<void(const Measurement&)> on_measurement = {};
    /// How often `on_measurement` is told, and the counters of the tree become part of the metrics;
    /// > 0. Core keeps 65536 events between two of them; when there are more it drops the rest and
    /// says so in the log.
    std::chrono::milliseconds measurement_interval = std::chrono::seconds{1};
    /// How often the workers report themselves to the server, which `admin::list_workers` and
    /// `admin::describe_worker` show; 1 to 60 s. Not set: never.
    std::optional<std::chrono::milliseconds> worker_heartbeat_interval = std::chrono::minutes{1};
};

}  // namespace hourglass
