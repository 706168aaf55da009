#pragma once

#include "hourglass/supervision/dynamic_supervisor.hpp"
#include "hourglass/supervision/ref.hpp"
#include "hourglass/supervision/registry.hpp"
#include "hourglass/supervision/task_supervisor.hpp"
#include "src/base/slot.hpp"
#include "src/subsystem/connection_in_use.hpp"
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
    ConnectionInUse connection;
    /// Shared with the trees of forked children.
    std::shared_ptr<CredentialsInUse> credentials = std::make_shared<CredentialsInUse>();
    OpenCalls client_calls;
    Reapings reapings;

    /// With the Subsystem, whether it was stopped or gave up: clients are answered so.
    void end_calls(const client::RpcFailure& answer) {
        client_calls.end(answer);
        connection.end();
    }
};

}  // namespace hourglass::subsystem
