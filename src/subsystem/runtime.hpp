#pragma once

#include "hourglass/supervision/process.hpp"
#include "src/core/runtime.hpp"
#include "src/subsystem/core_log.hpp"
#include "src/subsystem/directory.hpp"
#include "src/subsystem/meter.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace hourglass::subsystem {

/// The reason of its exit when a bridge handle is stale.
inline constexpr const char* kBridgeReloaded = "bridge_reloaded";

/// Child 1 of the Subsystem: owns the Core runtime and lends it. Every handle of the process comes
/// from it, so its end takes everything after it along. Its usual death is `bridge_reloaded`, sent
/// by the BridgeHolder.
class Runtime final : public supervision::Process {
public:
    /// @param log_filter, heartbeats  see TelemetryOptions.
    Runtime(
        std::shared_ptr<Directory> directory,
        std::string log_filter,
        std::shared_ptr<Meter> meter,
        std::optional<std::chrono::milliseconds> heartbeats
    );

    [[nodiscard]] std::shared_ptr<core::Runtime> resource() const { return resource_; }

protected:
    void init() override;

private:
    std::shared_ptr<Directory> directory_;
    std::string log_filter_;
    std::shared_ptr<Meter> meter_;
    std::optional<std::chrono::milliseconds> heartbeats_;
    CoreLog core_log_;
    std::shared_ptr<core::Runtime> resource_;
};

}  // namespace hourglass::subsystem
