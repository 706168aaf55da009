#pragma once

#include "hourglass/supervision/process.hpp"
#include "src/core/runtime.hpp"
#include "src/subsystem/directory.hpp"

#include <memory>
#include <string>

namespace hourglass::subsystem {

/// Child 1 of the Subsystem: owns the Core runtime and lends it. Every handle of the process comes
/// from it, so its end takes everything after it along. Its usual death is `bridge_reloaded`, sent
/// by the BridgeHolder.
class Runtime final : public supervision::Process {
public:
    explicit Runtime(std::shared_ptr<Directory> directory);

    [[nodiscard]] std::shared_ptr<core::Runtime> resource() const { return resource_; }

protected:
    void init() override;

private:
    std::shared_ptr<Directory> directory_;
    std::shared_ptr<core::Runtime> resource_;
};

}  // namespace hourglass::subsystem
