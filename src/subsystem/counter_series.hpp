#pragma once

#include "hourglass/base/metric_recorder.hpp"
#include "hourglass/subsystem/counters.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace hourglass::subsystem {

/// One counter as metrics have it: docs/observability.md describes each.
struct CounterSeries {
    std::string_view name;
    std::string_view description;
    MetricAttributes labels;
    std::uint64_t value = 0;
};

/// All of them, in a fixed order.
[[nodiscard]] std::vector<CounterSeries> series_of(const Counters& counters);

}  // namespace hourglass::subsystem
