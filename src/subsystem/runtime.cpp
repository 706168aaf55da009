#include "src/subsystem/runtime.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/base/log.hpp"

#include <utility>

namespace hourglass::subsystem {

Runtime::Runtime(
    std::shared_ptr<Directory> directory,
    std::string log_filter,
    std::shared_ptr<Meter> meter,
    std::optional<std::chrono::milliseconds> heartbeats
)
    : directory_{std::move(directory)},
      log_filter_{std::move(log_filter)},
      meter_{std::move(meter)},
      heartbeats_{heartbeats} {}

void Runtime::init() {
    auto metrics = meter_->current();
    if (!metrics) {
        throw Error{"the metrics cannot be had again: " + metrics.error().message};
    }
    core::RuntimeOptions options;
    options.log_filter = log_filter_;
    options.worker_heartbeat_interval = heartbeats_;
    options.metrics = *std::move(metrics);
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
}

}  // namespace hourglass::subsystem
