#pragma once

#include "src/subsystem/directory.hpp"

#include <memory>

namespace hourglass::subsystem {

/// Child 3 of the Subsystem: task queue name -> the process that ties its worker to the tree. A
/// name goes with its process; the registry's own end takes the workers along, so that each enters
/// itself afresh.
class WorkerRegistry final : public supervision::Registry {
public:
    explicit WorkerRegistry(std::shared_ptr<Directory> directory)
        : directory_{std::move(directory)} {}

protected:
    void init() override { directory_->registry.set(ref_to<supervision::Registry>(*this)); }

private:
    std::shared_ptr<Directory> directory_;
};

}  // namespace hourglass::subsystem
