#pragma once

#include "hourglass/base/metric_recorder.hpp"

#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

namespace hourglass::test {

/// Keeps what is measured: one line a measurement, "counter cups{of=tea} 2".
class Measured final : public detail::MetricRecorder {
public:
    void record(
        const detail::MetricInstrument& instrument, const MetricAttributes& attributes, double value
    ) override {
        std::ostringstream line;
        line << kind_of(instrument.kind) << " " << instrument.name;
        const char* before = "{";
        for (const MetricAttribute& each : attributes) {
            line << before << each.name << "=" << each.value;
            before = ",";
        }
        line << (attributes.empty() ? "" : "}") << " " << value;
        if (!instrument.unit.empty()) {
            line << " " << instrument.unit;
        }
        const std::lock_guard lock{mutex_};
        lines_.push_back(line.str());
    }
    [[nodiscard]] std::vector<std::string> lines() const {
        const std::lock_guard lock{mutex_};
        return lines_;
    }

private:
    static const char* kind_of(MetricKind kind) {
        switch (kind) {
            case MetricKind::Counter:
                return "counter";
            case MetricKind::Gauge:
                return "gauge";
            case MetricKind::Histogram:
                return "histogram";
            case MetricKind::UpDownCounter:
                return "up_down";
        }
        return "nothing";
    }

    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};

}  // namespace hourglass::test
