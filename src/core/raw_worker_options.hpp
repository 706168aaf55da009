#pragma once

#include "src/core/trampoline.hpp"
#include "src/core/worker_options.hpp"

#include <vector>

namespace hourglass::core {

/// A worker's options as the bridge reads them; borrows from `options`.
class RawWorkerOptions {
public:
    RawWorkerOptions(const WorkerOptions& options, const Bridge& bridge);

    [[nodiscard]] const HgWorkerOptions* get() const noexcept { return &raw_; }

private:
    HgWorkerOptions raw_;
    std::vector<HgBytesRef> failing_types_;
};

}  // namespace hourglass::core
