#pragma once

#include "hourglass/base/measurement.hpp"
#include "hourglass/base/metric_recorder.hpp"
#include "src/core/status.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

struct HgMetrics;

namespace hourglass::core {

struct Bridge;

/// Where metrics are to go: one of the two.
struct MetricsOptions {
    /// `IP:port` where Prometheus can fetch them at /metrics, port 0 for a free one.
    std::string prometheus_address = {};
    /// Number of events to keep for `drain`; when there are more they are dropped.
    std::uint32_t buffer = 0;
};

/// Core's meter, for one Runtime after the other: what a former one measured is still there. All
/// members: any thread.
class Metrics {
public:
    [[nodiscard]] static Result<std::shared_ptr<Metrics>, CallError> create(
        const MetricsOptions& options
    );

    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;
    /// Nobody listens at its address afterwards.
    ~Metrics();

    /// Records one measurement beside Core's own; a counter that 0 is added to becomes known. What
    /// metrics cannot take, such as a name that has another kind already, is an InvalidArgument.
    VoidResult record(
        const detail::MetricInstrument& instrument, const MetricAttributes& attributes, double value
    ) const;

    /// Calls `each` on this thread for every measurement since the last drain. It may not throw.
    VoidResult drain(const std::function<void(const Measurement&)>& each) const;

    /// Where they are served, empty when they are not.
    [[nodiscard]] Result<std::string, CallError> prometheus_address() const;

    /// Of an older generation of the bridge: nothing but its end is left.
    [[nodiscard]] bool is_stale() const noexcept;

    /// For the other files of this folder.
    [[nodiscard]] HgMetrics* handle() const noexcept { return handle_; }
    [[nodiscard]] const Bridge& from() const noexcept { return from_; }

private:
    Metrics(const Bridge& from, HgMetrics* handle, std::uint64_t generation) noexcept
        : from_{from}, handle_{handle}, generation_{generation} {}

    const Bridge& from_;
    HgMetrics* handle_;
    std::uint64_t generation_;
};

}  // namespace hourglass::core
