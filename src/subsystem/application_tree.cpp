#include "src/subsystem/application_tree.hpp"

#include "hourglass/base/log.hpp"
#include "hourglass/subsystem/application.hpp"
#include "src/client/make_client.hpp"
#include "src/subsystem/bridge_holder.hpp"
#include "src/subsystem/connection_channel.hpp"
#include "src/subsystem/current_bridge.hpp"
#include "src/subsystem/subsystem.hpp"
#include "src/subsystem/workflow_state_cache.hpp"
#include "src/worker/activity_executor.hpp"
#include "src/worker/evaluate.hpp"

#include <utility>

namespace hourglass::subsystem {
namespace {

using supervision::ChildSpec;
using supervision::DynamicSupervisor;
using supervision::Supervisor;
using supervision::TaskSupervisor;

// The slots of every worker are Core's to count; this only bounds a runaway process.
constexpr std::size_t kMaxActivityThreads = 4096;

template <class S>
ChildSpec singleton_supervisor(
    std::string id,
    std::shared_ptr<Directory> directory,
    Slot<supervision::Ref<S>> Directory::* slot
) {
    return {
        .id = std::move(id),
        .start =
            [directory = std::move(directory), slot] {
                auto supervisor = std::make_unique<S>();
                ((*directory).*slot).set(ref_to(*supervisor));
                return supervisor;
            },
        .type = supervision::ChildType::Supervisor,
    };
}

std::shared_ptr<const worker::LateReports> late_reports(
    const ApplicationOptions& options, const std::shared_ptr<Directory>& directory
) {
    client::CallSettings calls{.channel = std::make_shared<ConnectionChannel>(directory)};
    return std::make_shared<worker::LateReports>(
        std::move(calls), options.client.namespace_, options.client.identity
    );
}

worker::ExecutorServices executor_services(
    const ApplicationOptions& options, std::shared_ptr<const worker::LateReports> late
) {
    return {
        .pool = std::make_shared<activity::ThreadPool>(
            activity::ThreadPoolOptions{.max_threads = kMaxActivityThreads}
        ),
        .timers = std::make_shared<activity::ThreadTimers>(),
        .running = std::make_shared<worker::RunningAttempts>(),
        .late = std::move(late),
        .namespace_name = options.client.namespace_,
    };
}

worker::WorkerServices worker_services(
    const ApplicationOptions& options, const std::shared_ptr<Directory>& directory
) {
    const auto late = late_reports(options, directory);
    return {
        .bridge = std::make_shared<CurrentBridge>(directory),
        .registry = [directory] { return directory->registry.get(); },
        .dispatch_workflow =
            [directory,
             name = options.client.namespace_](std::shared_ptr<worker::TaskLease> lease) {
                // If the supervisor has ended the function is dropped, and with it the lease, which
                // answers.
                TaskSupervisor::start_task(
                    directory->evaluators.get(),
                    [lease = std::move(lease), cache = directory->runs.get(), name] {
                        worker::evaluate(*lease, *cache, name);
                    }
                );
            },
        .dispatch_activity =
            [directory,
             services =
                 executor_services(options, late)](std::shared_ptr<worker::TaskLease> lease) {
                worker::dispatch_activity(std::move(lease), directory->executors.get(), services);
            },
        .late = late,
        .max_restarts = options.max_restarts,
        .restart_window = options.restart_window,
        .registration_ended =
            [directory](std::uint64_t id) {
                directory->state_cache.get().cast([id](WorkflowStateCache& cache) {
                    cache.forget(id);
                });
            },
    };
}

}  // namespace

ApplicationTree::ApplicationTree(
    const ApplicationOptions& options, const supervision::System& system
)
    : services_{worker_services(options, directory_)} {
    workflow::Catalog::process().check();
    if (options.start_runtime && options.start_default_worker) {
        options.default_worker.validate();
        static_cast<void>(book_->enter(options.default_worker, WorkerBook::kDefaultWorker));
    }
    start(options, system);
}

void ApplicationTree::start(const ApplicationOptions& options, const supervision::System& system) {
    // Stopped in reverse: the workers drain first, then what still runs is told, then the cached
    // runs go.
    supervision::SupervisorSpec spec{
        .children =
            {
                supervision::child<WorkflowStateCache>("WorkflowStateCache", directory_),
                singleton_supervisor<TaskSupervisor>(
                    "WorkflowEvaluatorSupervisor", directory_, &Directory::evaluators
                ),
                singleton_supervisor<DynamicSupervisor>(
                    "ActivityExecutorSupervisor", directory_, &Directory::executors
                ),
            },
    };
    try {
        root_ = system.start<Supervisor>(std::move(spec)).get();
        if (options.start_runtime) {
            ChildSpec subsystem = supervision::supervisor_child(
                "Subsystem",
                subsystem_spec(
                    {.client = options.client,
                     .telemetry = options.telemetry,
                     .max_restarts = options.max_restarts,
                     .restart_window = options.restart_window,
                     .directory = directory_,
                     .book = book_,
                     .services = services_}
                )
            );
            subsystem.restart = supervision::Restart::Temporary;
            subsystem_ = Supervisor::start_child(root_, std::move(subsystem)).get();
            system.ended(subsystem_).on_ready([directory = directory_] {
                directory->client_calls.end(subsystem_has_ended());
            });
        }
    } catch (const supervision::ChildError& error) {
        throw SubsystemGaveUpError{
            std::string{"the supervision tree did not start: "} + error.what()
        };
    }
}

}  // namespace hourglass::subsystem
