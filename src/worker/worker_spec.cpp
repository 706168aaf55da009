#include "src/worker/worker_spec.hpp"

#include "hourglass/supervision/supervisor.hpp"
#include "src/worker/poll_loop.hpp"
#include "src/worker/worker_link.hpp"

#include <chrono>
#include <memory>
#include <string>

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

ChildSpec loop_child(
    const WorkerOptions& options,
    const WorkerServices& services,
    const LinkSlot& slot,
    TaskKind kind
) {
    const PollLoop::Options loop{
        .kind = kind,
        .link = slot,
        .dispatch =
            kind == TaskKind::Workflow ? services.dispatch_workflow : services.dispatch_activity,
        .report_stale_handle = [bridge = services.bridge](const std::string& detail
                               ) { bridge->report_stale_handle(detail); },
    };
    ChildSpec spec = supervision::child<PollLoop>(
        kind == TaskKind::Workflow ? "WorkflowPollLoop" : "ActivityPollLoop", loop
    );
    spec.restart = Restart::Transient;
    // The activity loop is told first, and ends when the activities have: nothing is left to wait
    // for then.
    spec.shutdown =
        kind == TaskKind::Activity ? options.graceful_shutdown_timeout + kDrain : kDrain;
    return spec;
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
                      .children =
                          {
                              loop_child(options, services, slot, TaskKind::Workflow),
                              loop_child(options, services, slot, TaskKind::Activity),
                          }}
                 ),
             }}
    );
}

}  // namespace hourglass::worker
