#pragma once

#include "hourglass/supervision/ref.hpp"
#include "hourglass/supervision/registry.hpp"
#include "src/base/slot.hpp"
#include "src/worker/bridge_access.hpp"
#include "src/worker/late_reports.hpp"
#include "src/worker/registration.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace hourglass::worker {

/// What a worker needs from the rest of the tree. Everything here outlives every cascade.
struct WorkerServices {
    std::shared_ptr<BridgeAccess> bridge;
    /// The current WorkerRegistry.
    std::function<supervision::Ref<supervision::Registry>()> registry;
    /// Starts the evaluation of an activation in a Task of its own.
    std::function<void(std::shared_ptr<TaskLease>)> dispatch_workflow;
    /// Starts an activity attempt in a process of its own, or cancels the one that the task names.
    std::function<void(std::shared_ptr<TaskLease>)> dispatch_activity;
    /// Starts a handler of a Nexus request in a process of its own, or cancels the one that the
    /// task names.
    std::function<void(std::shared_ptr<TaskLease>)> dispatch_nexus;
    /// Reports results past Core.
    std::shared_ptr<const LateReports> late;
    /// Of the supervisors in a worker.
    std::size_t max_restarts = 3;
    std::chrono::milliseconds restart_window = std::chrono::seconds{5};
    /// A registration was revoked: its cached runs go.
    std::function<void(std::uint64_t registration_id)> registration_ended;
};

}  // namespace hourglass::worker
