#pragma once

#include "hourglass/base/measurement.hpp"

#include <string>
#include <vector>

namespace hourglass {

/// One label of a measurement: letters, digits and `_`, no digit first; the value is text already.
struct MetricAttribute {
    std::string name;
    std::string value;

    friend bool operator==(const MetricAttribute&, const MetricAttribute&) = default;
    friend auto operator<=>(const MetricAttribute&, const MetricAttribute&) = default;
};
using MetricAttributes = std::vector<MetricAttribute>;

}  // namespace hourglass

namespace hourglass::detail {

/// What is measured.
struct MetricInstrument {
    MetricKind kind;
    std::string name;
    std::string unit;
    std::string description;
};

/// Where a MetricMeter's measurements go.
/// @threads any; does not block.
class MetricRecorder {
public:
    virtual ~MetricRecorder() = default;
    /// Names are valid; a value need not be. What cannot be recorded is logged and dropped, since
    /// that a program is measured may not change what it does.
    virtual void record(
        const MetricInstrument& instrument, const MetricAttributes& attributes, double value
    ) = 0;
};

}  // namespace hourglass::detail
