#include "hourglass/base/metric_meter.hpp"

#include "hourglass/base/error.hpp"

#include <algorithm>
#include <string_view>

namespace hourglass {
namespace {

// As the bridge has it; here it is known where the mistake is, whether or not anybody is told.
bool can_be_a_name(std::string_view name) {
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !name.empty() && is_letter(name.front()) &&
           std::all_of(name.begin(), name.end(), [&](char c) {
               return is_letter(c) || (c >= '0' && c <= '9');
           });
}

void check_name(const std::string& what, const std::string& name) {
    if (!can_be_a_name(name)) {
        throw ConfigurationError{
            what + " is \"" + name +
            "\"; a name in metrics consists of letters, digits and _, and does not begin with a "
            "digit"
        };
    }
}

void check_instrument(const detail::MetricInstrument& instrument) {
    check_name("the name of an instrument", instrument.name);
    for (const std::string_view reserved : {"temporal_", "hourglass_"}) {
        if (std::string_view{instrument.name}.starts_with(reserved)) {
            throw ConfigurationError{
                "the name of an instrument is \"" + instrument.name + "\"; names that begin with " +
                std::string{reserved} + " are the library's own"
            };
        }
    }
}

void check_attributes(const detail::MetricInstrument& instrument, const MetricAttributes& all) {
    const auto is_bucket = [](const MetricAttribute& each) { return each.name == "le"; };
    if (instrument.kind == MetricKind::Histogram &&
        std::any_of(all.begin(), all.end(), is_bucket)) {
        throw ConfigurationError{
            "the histogram \"" + instrument.name +
            "\" has an attribute \"le\"; that name is for the buckets of histograms"
        };
    }
}

/// Few: a list is quicker than a map.
MetricAttributes merged(MetricAttributes all, const MetricAttributes& more) {
    for (const MetricAttribute& each : more) {
        check_name("the name of an attribute", each.name);
        const auto same = std::find_if(all.begin(), all.end(), [&](const MetricAttribute& known) {
            return known.name == each.name;
        });
        if (same != all.end()) {
            same->value = each.value;
        } else {
            all.push_back(each);
        }
    }
    return all;
}

}  // namespace

namespace detail {

BoundInstrument::BoundInstrument(
    std::shared_ptr<MetricRecorder> recorder,
    MetricInstrument instrument,
    std::shared_ptr<const MetricAttributes> attributes
)
    : recorder_{std::move(recorder)},
      instrument_{std::make_shared<const MetricInstrument>(std::move(instrument))},
      attributes_{std::move(attributes)} {
    check_instrument(*instrument_);
    check_attributes(*instrument_, *attributes_);
}

BoundInstrument BoundInstrument::with(const MetricAttributes& more) const {
    BoundInstrument bound = *this;
    bound.attributes_ = std::make_shared<const MetricAttributes>(merged(*attributes_, more));
    check_attributes(*instrument_, *bound.attributes_);
    return bound;
}

}  // namespace detail

MetricMeter::MetricMeter(
    std::shared_ptr<detail::MetricRecorder> recorder, const MetricAttributes& attributes
)
    : recorder_{std::move(recorder)},
      attributes_{std::make_shared<const MetricAttributes>(merged({}, attributes))} {}

MetricMeter MetricMeter::with_attributes(const MetricAttributes& more) const {
    MetricMeter meter = *this;
    meter.attributes_ = std::make_shared<const MetricAttributes>(merged(*attributes_, more));
    return meter;
}

detail::BoundInstrument MetricMeter::bind(
    MetricKind kind, std::string name, const InstrumentOptions& options, bool is_duration
) const {
    if (is_duration && !options.unit->empty()) {
        throw ConfigurationError{
            "\"" + name +
            "\" measures durations, which are told in ms; leave InstrumentOptions::unit, \"" +
            options.unit.get() + "\", out"
        };
    }
    const std::string& unit = options.unit;
    return {
        recorder_,
        {kind, std::move(name), is_duration ? "ms" : unit, options.description},
        attributes_
    };
}

}  // namespace hourglass
