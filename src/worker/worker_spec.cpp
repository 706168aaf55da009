#include "src/worker/worker_spec.hpp"

#include "hourglass/supervision/supervisor.hpp"
#include "src/worker/poll_loop.hpp"
#include "src/worker/worker_link.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace hourglass::worker {
namespace {

using std::chrono::seconds;
using supervision::ChildSpec;
using supervision::Restart;

// What an orderly end may take beyond the activities' grace period: cancelled bodies return,
// completions are shipped.
constexpr seconds kDrain{10};
constexpr seconds kUnregister{5};

using LinkSlot = std::shared_ptr<Slot<supervision::Ref<WorkerLink>>>;

ChildSpec link_child(
    const WorkerOptions& options, const WorkerServices& services, const LinkSlot& slot
) {
    return {
        .id = "WorkerLink",
        .start =
            [options, services, slot] {
                return std::make_unique<WorkerLink>(
                    options, services.bridge, services.registry(), slot
                );
            },
        .shutdown = kUnregister,
    };
}

const char* id_of(TaskKind kind) {
    switch (kind) {
        case TaskKind::Workflow:
            return "WorkflowPollLoop";
        case TaskKind::Activity:
            return "ActivityPollLoop";
        case TaskKind::Nexus:
            break;
    }
    return "NexusPollLoop";
}

const PollLoop::Dispatch& dispatch_of(TaskKind kind, const WorkerServices& services) {
    switch (kind) {
        case TaskKind::Workflow:
            return services.dispatch_workflow;
        case TaskKind::Activity:
            return services.dispatch_activity;
        case TaskKind::Nexus:
            break;
    }
    return services.dispatch_nexus;
}

ChildSpec loop_child(
    const WorkerOptions& options,
    const WorkerServices& services,
    const LinkSlot& slot,
    TaskKind kind
) {
    const PollLoop::Options loop{
        .kind = kind,
        .link = slot,
        .dispatch = dispatch_of(kind, services),
        .report_stale_handle = [bridge = services.bridge](const std::string& detail
                               ) { bridge->report_stale_handle(detail); },
    };
    ChildSpec spec = supervision::child<PollLoop>(id_of(kind), loop);
    spec.restart = Restart::Transient;
    // The Nexus loop is told first, then the activity loop, and each ends when what it has handed
    // out has: nothing is left to wait for then.
    spec.shutdown =
        kind == TaskKind::Workflow ? kDrain : options.graceful_shutdown_timeout + kDrain;
    return spec;
}

std::vector<ChildSpec> loop_children(
    const WorkerOptions& options, const WorkerServices& services, const LinkSlot& slot
) {
    std::vector<ChildSpec> loops{
        loop_child(options, services, slot, TaskKind::Workflow),
        loop_child(options, services, slot, TaskKind::Activity),
    };
    if (!options.nexus_services.empty()) {
        loops.push_back(loop_child(options, services, slot, TaskKind::Nexus));
    }
    return loops;
}

}  // namespace

ChildSpec worker_spec(const WorkerOptions& options, const WorkerServices& services) {
    const auto slot = std::make_shared<Slot<supervision::Ref<WorkerLink>>>();
    return supervision::supervisor_child(
        options.task_queue,
        {.strategy = supervision::Strategy::RestForOne,
         .max_restarts = services.max_restarts,
         .within = services.restart_window,
         .children =
             {
                 link_child(options, services, slot),
                 supervision::supervisor_child(
                     "PollLoops",
                     {.max_restarts = services.max_restarts,
                      .within = services.restart_window,
                      .children = loop_children(options, services, slot)}
                 ),
             }}
    );
}

}  // namespace hourglass::worker
