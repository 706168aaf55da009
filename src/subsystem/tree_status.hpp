#pragma once

#include "hourglass/supervision/supervisor.hpp"
#include "src/subsystem/counter_book.hpp"
#include "src/subsystem/directory.hpp"
#include "src/subsystem/status_source.hpp"
#include "src/subsystem/worker_book.hpp"
#include "src/worker/running_attempts.hpp"

#include <atomic>
#include <memory>
#include <vector>

namespace hourglass::subsystem {

/// The status of a running tree, asked from outside. It holds addresses and what outlives every
/// cascade, so it may be asked at any time, also after the tree has ended.
class TreeStatus final : public StatusSource {
public:
    struct Parts {
        supervision::Ref<supervision::Supervisor> root;
        Future<supervision::ExitReason> root_ended;
        /// Not valid if there is no Subsystem.
        Future<supervision::ExitReason> subsystem_ended;
        std::shared_ptr<const Directory> directory;
        std::shared_ptr<const WorkerBook> book;
        std::shared_ptr<const worker::RunningAttempts> attempts;
        std::shared_ptr<const CounterBook> counters;
    };
    explicit TreeStatus(Parts parts);

    /// From now on the tree's end is in order, unless it has given up before.
    void stopping();

    [[nodiscard]] TreeLife life() const override;
    [[nodiscard]] std::vector<WorkerStatus> workers() const override;
    [[nodiscard]] StatusSnapshot take_snapshot() const override;

private:
    const Parts parts_;
    std::atomic<bool> stopping_{false};
};

}  // namespace hourglass::subsystem
