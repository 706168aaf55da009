#include "src/subsystem/application_tree.hpp"

#include "hourglass/base/log.hpp"
#include "hourglass/subsystem/application.hpp"
#include "src/client/make_client.hpp"
#include "src/subsystem/bridge_holder.hpp"
#include "src/subsystem/connection_channel.hpp"
#include "src/subsystem/counting_observer.hpp"
#include "src/subsystem/current_bridge.hpp"
#include "src/subsystem/metrics_publisher.hpp"
#include "src/subsystem/subsystem.hpp"
#include "src/subsystem/workflow_state_cache.hpp"
#include "src/worker/activity_executor.hpp"
#include "src/worker/evaluate.hpp"
#include "src/worker/nexus_executor.hpp"

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

void count(Counters::LateCompletions& counters, worker::LateCompletion what) {
    switch (what) {
        case worker::LateCompletion::ActivityReported:
            ++counters.activities_reported;
            break;
        case worker::LateCompletion::ActivityUnknown:
            ++counters.activities_unknown;
            break;
        case worker::LateCompletion::ActivityGivenUp:
            ++counters.activities_given_up;
            break;
        case worker::LateCompletion::WorkflowTaskDiscarded:
            ++counters.workflow_tasks_discarded;
            break;
    }
}

std::shared_ptr<const worker::LateReports> late_reports(
    const ApplicationOptions& options,
    const std::shared_ptr<Directory>& directory,
    const std::shared_ptr<CounterBook>& counters
) {
    client::CallSettings calls{.channel = std::make_shared<ConnectionChannel>(directory)};
    return std::make_shared<worker::LateReports>(
        std::move(calls),
        options.client.namespace_,
        options.client.identity,
        [counters](worker::LateCompletion what) {
            counters->change([what](Counters& all) { count(all.late_completions, what); });
        }
    );
}

worker::WorkerServices worker_services(
    const ApplicationOptions& options,
    const std::shared_ptr<Directory>& directory,
    const std::shared_ptr<CounterBook>& counters,
    worker::ExecutorServices executors
) {
    const auto evaluations =
        std::make_shared<const worker::EvaluationServices>(worker::EvaluationServices{
            .namespace_name = options.client.namespace_,
            .watch = std::make_shared<worker::EvaluationWatch>(
                executors.timers, worker::EvaluationWatch::Options{}
            ),
            .metrics = executors.metrics,
            .large_payload = options.client.payload_limits.payloads_warn_size,
        });
    const worker::NexusServices requests{
        .pool = executors.pool,
        .client =
            detail::make_context(std::make_shared<ConnectionChannel>(directory), options.client),
        .metrics = executors.metrics,
    };
    const auto late = late_reports(options, directory, counters);
    executors.late = late;
    executors.namespace_name = options.client.namespace_;
    return {
        .bridge = std::make_shared<CurrentBridge>(directory),
        .registry = [directory] { return directory->registry.get(); },
        .dispatch_workflow =
            [directory, evaluations](std::shared_ptr<worker::TaskLease> lease) {
                worker::TaskLease& task = *lease;
                task.decode([directory, evaluations, lease = std::move(lease)] {
                    // If the supervisor has ended the function is dropped, and with it the lease,
                    // which answers.
                    TaskSupervisor::start_task(
                        directory->evaluators.get(),
                        [lease, cache = directory->runs.get(), evaluations] {
                            worker::evaluate(*lease, *cache, *evaluations);
                        }
                    );
                });
            },
        .dispatch_activity =
            [directory, services = std::move(executors)](std::shared_ptr<worker::TaskLease> lease) {
                worker::dispatch_activity(std::move(lease), directory->executors.get(), services);
            },
        .dispatch_nexus =
            [directory, requests](std::shared_ptr<worker::TaskLease> lease) {
                worker::dispatch_nexus(
                    std::move(lease), directory->nexus_executors.get(), requests
                );
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
    const ApplicationOptions& options,
    std::shared_ptr<WorkerBook> book,
    std::shared_ptr<Directory> directory,
    const supervision::System& system,
    std::shared_ptr<CounterBook> counters,
    std::shared_ptr<Meter> meter,
    core::Connect connect
)
    : counters_{std::move(counters)},
      meter_{std::move(meter)},
      directory_{std::move(directory)},
      book_{std::move(book)},
      services_{worker_services(
          options,
          directory_,
          counters_,
          {.pool = std::make_shared<activity::ThreadPool>(
               activity::ThreadPoolOptions{.max_threads = kMaxActivityThreads}
           ),
           .timers = timers_,
           .processes = processes_,
           .running = attempts_,
           .metrics = meter_->is_on() ? meter_ : nullptr}
      )},
      connect_{std::move(connect)} {
    system.observe(std::make_shared<CountingObserver>(counters_));
    book_->count_lost([all = counters_](const std::string&) {
        all->change([](Counters& known) { ++known.dynamic_workers_lost; });
    });
    workflow::Catalog::process().check();
    start(options, system);
}

std::shared_ptr<TreeStatus> ApplicationTree::status(const supervision::System& system) const {
    return std::make_shared<TreeStatus>(TreeStatus::Parts{
        .root = root_,
        .root_ended = system.ended(root_.pid()),
        .subsystem_ended =
            subsystem_ ? system.ended(subsystem_) : Future<supervision::ExitReason>{},
        .directory = directory_,
        .book = book_,
        .attempts = attempts_,
        .counters = counters_,
    });
}

void ApplicationTree::start(const ApplicationOptions& options, const supervision::System& system) {
    // Stopped in reverse: the workers drain first, then what still runs is told, then the cached
    // runs go.
    supervision::SupervisorSpec spec{
        .name = "Application",
        .max_restarts = options.max_restarts,
        .within = options.restart_window,
        .children =
            {
                supervision::child<WorkflowStateCache>("WorkflowStateCache", directory_),
                singleton_supervisor<TaskSupervisor>(
                    "WorkflowEvaluatorSupervisor", directory_, &Directory::evaluators
                ),
                singleton_supervisor<DynamicSupervisor>(
                    "ActivityExecutorSupervisor", directory_, &Directory::executors
                ),
                singleton_supervisor<DynamicSupervisor>(
                    "NexusExecutorSupervisor", directory_, &Directory::nexus_executors
                ),
            },
    };
    if (meter_->is_on()) {
        spec.children.push_back(supervision::child<MetricsPublisher>(
            "MetricsPublisher", meter_, options.telemetry.measurement_interval
        ));
    }
    try {
        root_ = system.start<Supervisor>(std::move(spec)).get();
        if (options.start_runtime) {
            ChildSpec subsystem = supervision::supervisor_child(
                "Subsystem",
                subsystem_spec(
                    {.client = options.client,
                     .core_log_filter = options.telemetry.core_log_filter,
                     .worker_heartbeat_interval = options.telemetry.worker_heartbeat_interval,
                     .meter = meter_,
                     .max_restarts = options.max_restarts,
                     .restart_window = options.restart_window,
                     .directory = directory_,
                     .book = book_,
                     .services = services_,
                     .connect = connect_}
                )
            );
            subsystem.restart = supervision::Restart::Temporary;
            subsystem_ = Supervisor::start_child(root_, std::move(subsystem)).get();
            system.ended(subsystem_).on_ready([directory = directory_] {
                directory->end_calls(subsystem_has_ended());
            });
        }
    } catch (const supervision::ChildError& error) {
        throw SubsystemGaveUpError{
            std::string{"the supervision tree did not start: "} + error.what()
        };
    }
}

}  // namespace hourglass::subsystem
