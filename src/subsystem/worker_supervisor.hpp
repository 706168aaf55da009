#pragma once

#include "src/subsystem/directory.hpp"

#include <memory>
#include <string>
#include <utility>

namespace hourglass::subsystem {

/// Child 4 of the Subsystem: a dynamic supervisor with one worker a task queue. It restarts empty;
/// what must be there is the launcher's business.
[[nodiscard]] inline supervision::ChildSpec worker_supervisor_child(
    std::string id, std::shared_ptr<Directory> directory, supervision::DynamicSupervisorSpec limits
) {
    return {
        .id = std::move(id),
        .start =
            [directory = std::move(directory), limits] {
                auto supervisor = std::make_unique<supervision::DynamicSupervisor>(limits);
                directory->worker_supervisor.set(ref_to(*supervisor));
                return supervisor;
            },
        .type = supervision::ChildType::Supervisor,
    };
}

}  // namespace hourglass::subsystem
