#pragma once

#include "hourglass/base/measurement.hpp"
#include "src/core/status.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

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

struct MetricLabel {
    std::string name;
    std::string value;

    friend bool operator==(const MetricLabel&, const MetricLabel&) = default;
    friend auto operator<=>(const MetricLabel&, const MetricLabel&) = default;
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

    /// Adds to the counter of that name and those labels, beside Core's own; 0 makes it known.
    VoidResult count(
        std::string_view name,
        std::string_view description,
        const std::vector<MetricLabel>& labels,
        std::uint64_t value
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
