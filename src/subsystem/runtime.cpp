#include "src/subsystem/runtime.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/base/log.hpp"

#include <stdexcept>
#include <utility>

namespace hourglass::subsystem {

Runtime::Runtime(std::shared_ptr<Directory> directory) : directory_{std::move(directory)} {}

void Runtime::init() {
    core::RuntimeOptions options;
    // Core logs on its own threads, which may not run the user's sink: this process does.
    options.on_log = [me = ref_to(*this)](log::Record record) {
        me.cast([record = std::move(record)](Runtime&) mutable {
            log::write(record.level, std::move(record.message), std::move(record.fields));
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
