#include "src/subsystem/meter.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/base/log.hpp"

#include <exception>

namespace hourglass::subsystem {
namespace {

constexpr std::uint32_t kMeasurementsKept = 65536;

}  // namespace

Meter::Meter(const TelemetryOptions& options, std::shared_ptr<const CounterBook> counters)
    : options_{options},
      counters_{std::move(counters)},
      is_on_{options.on_measurement || !options.prometheus_address.empty()},
      address_{options.prometheus_address} {
    if (!is_on_) {
        return;
    }
    if (options_.on_measurement && !options_.prometheus_address.empty()) {
        throw ConfigurationError{
            "TelemetryOptions::on_measurement and TelemetryOptions::prometheus_address are both "
            "set, but Temporal Core tells its metrics to one; leave one of them out"
        };
    }
    auto first = place();
    if (!first) {
        throw ConfigurationError{
            "the metrics of TelemetryOptions cannot be had: " + first.error().message
        };
    }
    if (!address_.empty()) {
        address_ = first->metrics->prometheus_address().value();  // the port is chosen by now
        log::info("Prometheus can fetch the metrics", {{"url", "http://" + address_ + "/metrics"}});
    }
}

core::MetricsOptions Meter::how() const {
    return address_.empty() ? core::MetricsOptions{.buffer = kMeasurementsKept}
                            : core::MetricsOptions{.prometheus_address = address_};
}

Result<Meter::Place, core::CallError> Meter::place() {
    const std::lock_guard lock{mutex_};
    if (closed_ || !is_on_ || (place_.metrics && !place_.metrics->is_stale())) {
        return place_;
    }
    place_.metrics.reset();  // its address is free then
    auto made = core::Metrics::create(how());
    if (!made) {
        return failure(std::move(made.error()));
    }
    place_.metrics = *std::move(made);
    if (!place_.published || !options_.on_measurement) {
        place_.published = std::make_shared<Published>();
    }
    return place_;
}

Result<std::shared_ptr<core::Metrics>, core::CallError> Meter::current() {
    auto now = place();
    if (!now) {
        return failure(std::move(now.error()));
    }
    return std::move(now->metrics);
}

core::VoidResult Meter::publish() {
    auto now = place();
    if (!now) {
        return failure(std::move(now.error()));
    }
    return now->metrics ? publish_to(*now) : core::VoidResult{};
}

core::VoidResult Meter::publish_to(const Place& place) {
    // First, so that there is room in the buffer: what the tree has counted may not be dropped.
    if (auto drained = drain(*place.metrics); !drained) {
        return drained;
    }
    const auto news = take_news(*place.published);
    core::VoidResult done;
    auto next = news.begin();
    while (next != news.end()) {
        done = place.metrics->record(
            {MetricKind::Counter, std::string{next->name}, {}, std::string{next->description}},
            next->labels,
            static_cast<double>(next->value)
        );
        if (!done) {
            break;
        }
        ++next;
    }
    if (done) {
        done = drain(*place.metrics);
    }
    if (!done) {
        // Stale: whatever was added is gone with it. Else only what was not taken.
        const bool stale = done.error().status == core::Status::StaleHandle;
        give_back(*place.published, {stale ? news.begin() : next, news.end()});
    }
    return done;
}

void Meter::record(
    const detail::MetricInstrument& instrument, const MetricAttributes& attributes, double value
) {
    const auto record_now = [&]() -> core::VoidResult {
        const auto now = place();
        if (!now) {
            return failure(core::CallError{now.error()});
        }
        return now->metrics ? now->metrics->record(instrument, attributes, value)
                            : core::VoidResult{};
    };
    auto recorded = record_now();
    if (!recorded && recorded.error().status == core::Status::StaleHandle) {
        recorded = record_now();  // the place became stale in between: there is a new one
    }
    if (!recorded) {
        log_refusal(instrument.name, recorded.error());
    }
}

void Meter::log_refusal(const std::string& name, const core::CallError& error) {
    {
        const std::lock_guard lock{mutex_};
        if (!refused_.insert(name).second) {
            return;
        }
    }
    log::error(
        "a measurement is lost, and perhaps others of its name; this is said once",
        {{"metric", name}, {"reason", error.message}}
    );
}

core::VoidResult Meter::drain(const core::Metrics& metrics) const {
    if (!options_.on_measurement) {
        return {};
    }
    return metrics.drain([this](const Measurement& measurement) {
        try {
            options_.on_measurement(measurement);
        } catch (const std::exception& error) {
            log::error(
                "TelemetryOptions::on_measurement threw; the measurement is lost",
                {{"measurement", std::string{measurement.name}}, {"error", error.what()}}
            );
        }
    });
}

std::vector<CounterSeries> Meter::take_news(Published& published) {
    std::vector<CounterSeries> news = series_of(counters_->read());
    const std::lock_guard lock{mutex_};
    std::erase_if(news, [&](CounterSeries& series) {
        const auto [known, is_new] = published.try_emplace({series.name, series.labels}, 0);
        if (series.value <= known->second) {  // less: another one has published meanwhile
            series.value = 0;
            return !is_new;
        }
        series.value -= std::exchange(known->second, series.value);
        return false;
    });
    return news;
}

void Meter::give_back(Published& published, const std::vector<CounterSeries>& news) {
    const std::lock_guard lock{mutex_};
    for (const CounterSeries& series : news) {
        published.at({series.name, series.labels}) -= series.value;
    }
}

void Meter::close() {
    if (const auto published = publish(); !published) {
        log::error("the last metrics are lost", {{"reason", published.error().message}});
    }
    Place last;
    const std::lock_guard lock{mutex_};
    closed_ = true;
    std::swap(last, place_);  // ended after the lock is released
}

}  // namespace hourglass::subsystem
