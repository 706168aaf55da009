#pragma once

#include "hourglass/supervision/process.hpp"
#include "src/base/outage_log.hpp"
#include "src/subsystem/meter.hpp"

#include <chrono>
#include <memory>
#include <utility>

namespace hourglass::subsystem {

/// Publishes the metrics at each interval. A child of the root, so that it goes on while the
/// Subsystem heals, and after that has given up; there only if somebody is to be told.
class MetricsPublisher final : public supervision::Process {
public:
    MetricsPublisher(std::shared_ptr<Meter> meter, std::chrono::milliseconds interval)
        : meter_{std::move(meter)}, interval_{interval} {}

protected:
    // Not here: the start of the tree would wait for what a user does with a measurement.
    void init() override {
        send_after({}, [this] { publish(); });
    }

private:
    void publish() {
        const auto published = meter_->publish();
        if (published) {
            outage_.works({});
        } else if (published.error().status != core::Status::StaleHandle) {  // it was a moment ago
            outage_.failed(published.error().message, interval_, {});
        }
        send_after(interval_, [this] { publish(); });
    }

    std::shared_ptr<Meter> meter_;
    std::chrono::milliseconds interval_;
    OutageLog outage_{"the metrics cannot be published", "the metrics are published again"};
};

}  // namespace hourglass::subsystem
