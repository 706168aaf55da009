#pragma once

#include "hourglass/supervision/dynamic_supervisor.hpp"
#include "hourglass/supervision/ref.hpp"
#include "hourglass/supervision/registry.hpp"
#include "hourglass/supervision/task_supervisor.hpp"
#include "src/base/slot.hpp"
#include "src/core/connection.hpp"
#include "src/subsystem/credentials_in_use.hpp"
#include "src/subsystem/open_calls.hpp"
#include "src/subsystem/reapings.hpp"
#include "src/worker/cached_runs.hpp"

#include <memory>
#include <string>

namespace hourglass::subsystem {

class Runtime;
class BridgeHolder;
class WorkflowStateCache;
class WorkerLauncher;

/// Where the nodes of the tree find each other's current incarnation. Each node enters itself when
/// it starts; nobody removes an entry, because a dead process's address answers `no_process` by
/// itself.
/// @threads any.
struct Directory {
    Slot<supervision::Ref<WorkflowStateCache>> state_cache;
    Slot<std::shared_ptr<worker::CachedRuns>> runs;
    Slot<supervision::Ref<supervision::TaskSupervisor>> evaluators;
    Slot<supervision::Ref<supervision::DynamicSupervisor>> executors;
    Slot<supervision::Ref<supervision::DynamicSupervisor>> nexus_executors;
    Slot<supervision::Ref<Runtime>> runtime;
    Slot<supervision::Ref<BridgeHolder>> bridge_holder;
    Slot<supervision::Ref<supervision::Registry>> registry;
    Slot<supervision::Ref<supervision::DynamicSupervisor>> worker_supervisor;
    Slot<supervision::Ref<WorkerLauncher>> launcher;
    /// The connection that worked last; null before the first one, after one that was stale, and
    /// after the end. It is not cleared when its holder dies: calls by task token and by clients
    /// may still go over it until the successor has one.
    Slot<std::shared_ptr<core::Connection>> connection;
    /// Why the last try to connect failed; empty once one has not. A call without a connection says
    /// so in its error.
    Slot<std::string> connect_trouble;
    /// Shared with the trees of forked children.
    std::shared_ptr<CredentialsInUse> credentials = std::make_shared<CredentialsInUse>();
    /// Ended with the Subsystem, whether it was stopped or gave up.
    OpenCalls client_calls;
    Reapings reapings;
};

}  // namespace hourglass::subsystem
