#pragma once

#include "hourglass/supervision/dynamic_supervisor.hpp"
#include "hourglass/supervision/ref.hpp"
#include "hourglass/supervision/registry.hpp"
#include "hourglass/supervision/task_supervisor.hpp"
#include "src/base/slot.hpp"
#include "src/core/connection.hpp"
#include "src/worker/cached_runs.hpp"

#include <atomic>
#include <memory>
#include <string>

namespace hourglass::subsystem {

class Runtime;
class BridgeHolder;
class WorkflowStateCache;

/// Where the nodes of the tree find each other's current incarnation. Each node enters itself when
/// it starts; nobody removes an entry, because a dead process's address answers `no_process` by
/// itself.
/// @threads any.
struct Directory {
    Slot<supervision::Ref<WorkflowStateCache>> state_cache;
    Slot<std::shared_ptr<worker::CachedRuns>> runs;
    Slot<supervision::Ref<supervision::TaskSupervisor>> evaluators;
    Slot<supervision::Ref<supervision::DynamicSupervisor>> executors;
    Slot<supervision::Ref<Runtime>> runtime;
    Slot<supervision::Ref<BridgeHolder>> bridge_holder;
    Slot<supervision::Ref<supervision::Registry>> registry;
    Slot<supervision::Ref<supervision::DynamicSupervisor>> worker_supervisor;
    /// The connection that client calls use; null while there is none.
    Slot<std::shared_ptr<core::Connection>> connection;
    /// The application has stopped: there will be no other connection.
    std::atomic<bool> stopped{false};
};

}  // namespace hourglass::subsystem
