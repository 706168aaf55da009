#pragma once

#include "hourglass/base/held.hpp"
#include "hourglass/base/is_duration.hpp"
#include "hourglass/base/metric_recorder.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace hourglass::detail {

/// Numbers, and durations, which are measured in milliseconds.
template <class T>
concept Measurable = (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) || kIsDuration<T>;

template <Measurable T>
[[nodiscard]] double measured(T value) {
    if constexpr (kIsDuration<T>) {
        return std::chrono::duration<double, std::milli>{value}.count();
    } else {
        return static_cast<double>(value);
    }
}

/// An instrument with its attributes, and where its measurements go.
class BoundInstrument {
public:
    /// @param recorder  null: nobody is told.
    /// @throws ConfigurationError for names that metrics cannot have.
    BoundInstrument(
        std::shared_ptr<MetricRecorder> recorder,
        MetricInstrument instrument,
        std::shared_ptr<const MetricAttributes> attributes
    );
    void record(double value) const {
        if (recorder_) {
            recorder_->record(*instrument_, *attributes_, value);
        }
    }
    [[nodiscard]] BoundInstrument with(const MetricAttributes& more) const;

private:
    std::shared_ptr<MetricRecorder> recorder_;
    std::shared_ptr<const MetricInstrument> instrument_;
    std::shared_ptr<const MetricAttributes> attributes_;
};

}  // namespace hourglass::detail

namespace hourglass {

/// Only grows. Cheap to copy, as all instruments are.
/// @threads as its meter says.
class MetricCounter {
public:
    explicit MetricCounter(detail::BoundInstrument bound) : bound_{std::move(bound)} {}

    /// @param value  2^53 at most.
    void add(std::uint64_t value = 1) const { bound_.record(detail::measured(value)); }
    /// The same counter with more attributes; one of the same name is replaced.
    /// @throws ConfigurationError for a name that no attribute can have.
    [[nodiscard]] MetricCounter with_attributes(const MetricAttributes& more) const {
        return MetricCounter{bound_.with(more)};
    }

private:
    detail::BoundInstrument bound_;
};

/// Goes up and down by what is added.
class MetricUpDownCounter {
public:
    explicit MetricUpDownCounter(detail::BoundInstrument bound) : bound_{std::move(bound)} {}

    /// @param value  2^53 at most, either way.
    void add(std::int64_t value) const { bound_.record(detail::measured(value)); }
    /// As MetricCounter's.
    [[nodiscard]] MetricUpDownCounter with_attributes(const MetricAttributes& more) const {
        return MetricUpDownCounter{bound_.with(more)};
    }

private:
    detail::BoundInstrument bound_;
};

/// How single values are spread: sizes, prices, times. Prometheus has one list of buckets for all,
/// with the bounds 50, 100, 500, 1000, 2500 and 10000.
/// @tparam T  a number, or a duration: std::chrono::nanoseconds takes all of them, and each is told
/// in milliseconds.
template <detail::Measurable T>
class MetricHistogram {
public:
    explicit MetricHistogram(detail::BoundInstrument bound) : bound_{std::move(bound)} {}

    /// @param value  finite; of a whole number 53 bits count.
    void record(T value) const { bound_.record(detail::measured(value)); }
    /// As MetricCounter's.
    [[nodiscard]] MetricHistogram with_attributes(const MetricAttributes& more) const {
        return MetricHistogram{bound_.with(more)};
    }

private:
    detail::BoundInstrument bound_;
};

/// What a value is now.
/// @tparam T  as MetricHistogram's.
template <detail::Measurable T>
class MetricGauge {
public:
    explicit MetricGauge(detail::BoundInstrument bound) : bound_{std::move(bound)} {}

    /// @param value  finite; of a whole number 53 bits count.
    void set(T value) const { bound_.record(detail::measured(value)); }
    /// As MetricCounter's.
    [[nodiscard]] MetricGauge with_attributes(const MetricAttributes& more) const {
        return MetricGauge{bound_.with(more)};
    }

private:
    detail::BoundInstrument bound_;
};

/// What there is to say of an instrument beside its name.
struct InstrumentOptions {
    /// What it measures. For Prometheus the first one of a name counts.
    detail::Held<std::string> description = {};
    /// What its values are, such as "bytes"; `on_measurement` is told it, Prometheus is not. Empty
    /// for durations, which are "ms".
    detail::Held<std::string> unit = {};
};

/// Measures what a program, a workflow or an activity wants to have measured: the values go where
/// `TelemetryOptions` say, beside Core's own; nowhere, and at next to no cost, if they say nothing.
///
/// A name belongs to one kind of instrument in the whole program. What cannot be recorded, because
/// of that or for its value, is dropped, with an error in the log, once a name.
///
/// Each function that makes an instrument throws ConfigurationError for a name that metrics cannot
/// have: it has letters, digits and `_`, no digit first, and begins neither with `temporal_` nor
/// with `hourglass_`. The same instrument may be asked for again and again, at the price of its
/// strings.
/// @threads any, unless it is workflow::meter()'s.
class MetricMeter {
public:
    /// Nobody is told.
    MetricMeter() = default;
    explicit MetricMeter(
        std::shared_ptr<detail::MetricRecorder> recorder, const MetricAttributes& attributes = {}
    );

    /// `meter.counter("orders_charged").add()`
    [[nodiscard]] MetricCounter counter(std::string name, const InstrumentOptions& options = {})
        const {
        return MetricCounter{bind(MetricKind::Counter, std::move(name), options, false)};
    }
    [[nodiscard]] MetricUpDownCounter up_down_counter(
        std::string name, const InstrumentOptions& options = {}
    ) const {
        return MetricUpDownCounter{bind(MetricKind::UpDownCounter, std::move(name), options, false)
        };
    }
    /// `meter.histogram<std::chrono::nanoseconds>("time_to_pay").record(waited)`
    template <detail::Measurable T = double>
    [[nodiscard]] MetricHistogram<T> histogram(
        std::string name, const InstrumentOptions& options = {}
    ) const {
        return MetricHistogram<T>{
            bind(MetricKind::Histogram, std::move(name), options, detail::kIsDuration<T>)
        };
    }
    template <detail::Measurable T = double>
    [[nodiscard]] MetricGauge<T> gauge(std::string name, const InstrumentOptions& options = {})
        const {
        return MetricGauge<T>{
            bind(MetricKind::Gauge, std::move(name), options, detail::kIsDuration<T>)
        };
    }

    /// A meter whose instruments have more attributes; one of the same name is replaced.
    /// @throws ConfigurationError for a name that no attribute can have.
    [[nodiscard]] MetricMeter with_attributes(const MetricAttributes& more) const;

private:
    [[nodiscard]] detail::BoundInstrument bind(
        MetricKind kind, std::string name, const InstrumentOptions& options, bool is_duration
    ) const;

    std::shared_ptr<detail::MetricRecorder> recorder_;
    std::shared_ptr<const MetricAttributes> attributes_ =
        std::make_shared<const MetricAttributes>();
};

}  // namespace hourglass
