#pragma once

#include "hourglass/base/metric_recorder.hpp"
#include "hourglass/subsystem/telemetry_options.hpp"
#include "src/core/metrics.hpp"
#include "src/subsystem/counter_book.hpp"
#include "src/subsystem/counter_series.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::subsystem {

/// Where all metrics of an application go: those of each incarnation of Core's runtime, what the
/// tree counts, and what workflows, activities and the program measure. It stands beside the tree,
/// so that no cascade sets a counter back or takes the address away.
/// @threads any; the lock is a leaf, and `on_measurement` runs outside it.
class Meter final : public detail::MetricRecorder {
public:
    /// @throws ConfigurationError if both ways to tell are asked for, or the address is not to be
    /// had.
    Meter(const TelemetryOptions& options, std::shared_ptr<const CounterBook> counters);

    /// Whether anybody is to be told.
    [[nodiscard]] bool is_on() const { return is_on_; }

    /// For a runtime to measure with: of the bridge's current generation. Null if nobody is to be
    /// told, and after `close`.
    [[nodiscard]] Result<std::shared_ptr<core::Metrics>, core::CallError> current();

    /// Brings the counters up to what the tree has counted, and tells `on_measurement` of all that
    /// was measured since the last time. What fails is published the next time.
    core::VoidResult publish();

    /// Part of the metrics at once; after `close` nothing is.
    void record(
        const detail::MetricInstrument& instrument, const MetricAttributes& attributes, double value
    ) override;

    /// Publishes for the last time; nobody listens at the address afterwards. Idempotent.
    void close();

    /// Where Prometheus fetches, also afterwards; empty if it cannot.
    [[nodiscard]] const std::string& prometheus_address() const { return address_; }

private:
    using Key = std::pair<std::string_view, MetricAttributes>;
    /// How far each counter in the metrics has come.
    using Published = std::map<Key, std::uint64_t>;
    struct Place {
        std::shared_ptr<core::Metrics> metrics;
        /// A Prometheus of another generation begins with nothing; `on_measurement` adds up for
        /// itself, whatever becomes of Core.
        std::shared_ptr<Published> published;
    };

    [[nodiscard]] Result<Place, core::CallError> place();
    [[nodiscard]] core::MetricsOptions how() const;
    core::VoidResult publish_to(const Place& place);
    core::VoidResult drain(const core::Metrics& metrics) const;
    /// What is to be added, which counts as published from now on; nothing if it is known and the
    /// same.
    [[nodiscard]] std::vector<CounterSeries> take_news(Published& published);
    void log_refusal(const std::string& name, const core::CallError& error);
    void give_back(Published& published, const std::vector<CounterSeries>& news);

    const TelemetryOptions options_;
    const std::shared_ptr<const CounterBook> counters_;
    const bool is_on_;
    std::string address_;  // not written any more once the constructor is done
    std::mutex mutex_;
    Place place_;
    bool closed_ = false;
    std::set<std::string> refused_;  // names that the log has told of
};

}  // namespace hourglass::subsystem
