#pragma once

#include "hourglass/subsystem/telemetry_options.hpp"
#include "hourglass/supervision/process.hpp"
#include "src/core/runtime.hpp"
#include "src/subsystem/core_log.hpp"
#include "src/subsystem/directory.hpp"

#include <memory>
#include <string>

namespace hourglass::subsystem {

/// Child 1 of the Subsystem: owns the Core runtime and lends it. Every handle of the process comes
/// from it, so its end takes everything after it along. Its usual death is `bridge_reloaded`, sent
/// by the BridgeHolder.
class Runtime final : public supervision::Process {
public:
    Runtime(std::shared_ptr<Directory> directory, TelemetryOptions telemetry);

    [[nodiscard]] std::shared_ptr<core::Runtime> resource() const { return resource_; }

protected:
    void init() override;
    void terminate(const supervision::ExitReason& reason) noexcept override;

private:
    void drain_later();
    void drain();

    std::shared_ptr<Directory> directory_;
    TelemetryOptions telemetry_;
    CoreLog core_log_;
    std::shared_ptr<core::Runtime> resource_;
};

}  // namespace hourglass::subsystem
