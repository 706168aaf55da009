#pragma once

#include "src/subsystem/status_snapshot.hpp"

#include <vector>

namespace hourglass::subsystem {

/// Where the status page gets what it shows.
/// @threads any; each call blocks for a few seconds at most, however stuck the tree may be.
class StatusSource {
public:
    StatusSource() = default;
    StatusSource(const StatusSource&) = delete;
    StatusSource& operator=(const StatusSource&) = delete;
    virtual ~StatusSource() = default;

    /// At once: a liveness probe must not depend on how busy the processes of the tree are.
    [[nodiscard]] virtual TreeLife life() const = 0;
    [[nodiscard]] virtual std::vector<WorkerStatus> workers() const = 0;
    [[nodiscard]] virtual StatusSnapshot take_snapshot() const = 0;
};

}  // namespace hourglass::subsystem
