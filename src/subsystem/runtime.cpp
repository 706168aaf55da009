#include "src/subsystem/runtime.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/base/log.hpp"

#include <exception>
#include <utility>

namespace hourglass::subsystem {
namespace {

constexpr std::uint32_t kMeasurementsKept = 65536;

}  // namespace

Runtime::Runtime(std::shared_ptr<Directory> directory, TelemetryOptions telemetry)
    : directory_{std::move(directory)}, telemetry_{std::move(telemetry)} {}

void Runtime::init() {
    core::RuntimeOptions options;
    options.log_filter = telemetry_.core_log_filter;
    options.metric_buffer = telemetry_.on_measurement ? kMeasurementsKept : 0;
    // Core logs on its own threads, which may not run the user's sink: this process does.
    options.on_log = [me = ref_to(*this)](log::Record record) {
        me.cast([record = std::move(record)](Runtime& runtime) mutable {
            const auto level = runtime.core_log_.level_of(record);
            log::write(level, std::move(record.message), std::move(record.fields));
        });
    };
    auto created = core::Runtime::create(std::move(options));
    if (!created) {
        throw Error{"Temporal Core's runtime could not be started: " + created.error().message};
    }
    resource_ = *std::move(created);
    directory_->runtime.set(ref_to(*this));
    drain_later();
}

void Runtime::terminate(const supervision::ExitReason& /*reason*/) noexcept {
    if (resource_) {
        drain();
    }
}

void Runtime::drain_later() {
    if (telemetry_.on_measurement) {
        send_after(telemetry_.measurement_interval, [this] {
            drain();
            drain_later();
        });
    }
}

void Runtime::drain() {
    if (!telemetry_.on_measurement) {
        return;
    }
    const auto drained = resource_->drain_metrics([this](const Measurement& measurement) {
        try {
            telemetry_.on_measurement(measurement);
        } catch (const std::exception& error) {
            log::error(
                "TelemetryOptions::on_measurement threw; the measurement is lost",
                {{"measurement", std::string{measurement.name}}, {"error", error.what()}}
            );
        }
    });
    if (!drained && drained.error().status == core::Status::StaleHandle) {
        stop(supervision::ExitReason::named("bridge_reloaded", drained.error().message));
    } else if (!drained) {
        log::error("Core's metrics are not available", {{"reason", drained.error().message}});
    }
}

}  // namespace hourglass::subsystem
