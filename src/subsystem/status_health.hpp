#pragma once

#include "src/subsystem/status_snapshot.hpp"

#include <string>
#include <vector>

namespace hourglass::subsystem {

/// What a probe is told.
struct Health {
    bool good = false;
    std::string text = {};  ///< one line for people
};

/// Good as long as the tree lives: while it heals itself, while the server is away, and while it
/// stops in order, because starting the program again would help with none of these.
[[nodiscard]] Health liveness(const TreeLife& life);

/// Good when every worker that should be there is registered with the server.
[[nodiscard]] Health readiness(const TreeLife& life, const std::vector<WorkerStatus>& workers);

}  // namespace hourglass::subsystem
