#pragma once

#include <cstdint>
#include <string_view>

namespace hourglass {

/// What an instrument measures, and so what a measurement's value means.
enum class MetricKind : std::uint8_t {
    Counter,       ///< only grows; the value is added
    Gauge,         ///< the value replaces the one before
    Histogram,     ///< the value is one observation, durations in milliseconds
    UpDownCounter  ///< the value is added, and may be negative
};

/// One measurement: of Temporal Core, such as `temporal_workflow_task_execution_latency`, of the
/// tree, such as `hourglass_restarts`, or of a MetricMeter. The texts are borrowed for the call
/// that gets it.
struct Measurement {
    MetricKind kind;
    double value;
    std::string_view name;
    std::string_view unit;         ///< may be empty
    std::string_view description;  ///< may be empty
    /// The labels: a JSON object.
    std::string_view attributes_json;
};

}  // namespace hourglass
