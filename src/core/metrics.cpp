#include "src/core/metrics.hpp"

#include "src/core/generation.hpp"
#include "src/core/trampoline.hpp"

#include <utility>
#include <vector>

namespace hourglass::core {
namespace {

using Each = std::function<void(const Measurement&)>;

extern "C" void hg_cpp_metric(void* user_data, const HgMetricUpdate* update) noexcept {
    const Measurement converted{
        .kind = static_cast<MetricKind>(update->kind),
        .value = update->value,
        .name = view_of(update->name),
        .unit = view_of(update->unit),
        .description = view_of(update->description),
        .attributes_json = view_of(update->attributes_json)
    };
    try {
        (*static_cast<const Each*>(user_data))(converted);
    } catch (...) {
        report_escaped("the one that drains metrics");
    }
}

static_assert(static_cast<int>(MetricKind::Counter) == HG_METRIC_KIND_COUNTER);
static_assert(static_cast<int>(MetricKind::Gauge) == HG_METRIC_KIND_GAUGE);
static_assert(static_cast<int>(MetricKind::Histogram) == HG_METRIC_KIND_HISTOGRAM);
static_assert(static_cast<int>(MetricKind::UpDownCounter) == HG_METRIC_KIND_UP_DOWN_COUNTER);

}  // namespace

Result<std::shared_ptr<Metrics>, CallError> Metrics::create(const MetricsOptions& options) {
    const HgMetricsOptions raw{
        .prometheus_address = borrow(options.prometheus_address), .buffer = options.buffer
    };
    const Bridge& from = bridge();
    const std::uint64_t generation = from.current_generation();
    HgMetrics* handle = nullptr;
    if (auto made = adopt_void(from.metrics_new(&raw, &handle), from); !made) {
        return failure(std::move(made.error()));
    }
    return std::shared_ptr<Metrics>{new Metrics{from, handle, generation}};
}

Metrics::~Metrics() {
    from_.metrics_free(handle_);
}

VoidResult Metrics::record(
    const detail::MetricInstrument& instrument, const MetricAttributes& attributes, double value
) const {
    const HgInstrument raw{
        .kind = static_cast<HgMetricKind>(instrument.kind),
        .name = borrow(instrument.name),
        .unit = borrow(instrument.unit),
        .description = borrow(instrument.description)
    };
    std::vector<HgMetricLabel> labels;
    labels.reserve(attributes.size());
    for (const MetricAttribute& each : attributes) {
        labels.push_back({.name = borrow(each.name), .value = borrow(each.value)});
    }
    return adopt_void(
        from_.metrics_record(handle_, &raw, labels.data(), labels.size(), value), from_
    );
}

VoidResult Metrics::drain(const std::function<void(const Measurement&)>& each) const {
    return adopt_void(
        from_.metrics_drain(handle_, &hg_cpp_metric, const_cast<Each*>(&each)), from_
    );
}

Result<std::string, CallError> Metrics::prometheus_address() const {
    auto address = adopt(from_.metrics_prometheus_address(handle_), from_);
    if (!address) {
        return failure(std::move(address.error()));
    }
    return address->to_string();
}

bool Metrics::is_stale() const noexcept {
    return generation_ != generation::current();
}

}  // namespace hourglass::core
