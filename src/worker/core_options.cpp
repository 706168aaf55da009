#include "src/worker/core_options.hpp"

#include "hourglass/base/log.hpp"
#include "hourglass/workflow/catalog.hpp"
#include "hourglass/workflow/errors.hpp"

#include <exception>
#include <string>

namespace hourglass::worker {
namespace {

// One that throws fails the task while a workflow runs, see workflow::Engine::fails_workflow; the
// same is told to Core, else a worker with it would never begin.
bool names(const WorkerOptions& worker, const workflow::NondeterminismError& error) {
    std::string reason = "what is no std::exception";
    try {
        return worker.fails_workflow && worker.fails_workflow(error);
    } catch (const std::exception& own) {
        reason = own.what();
    } catch (...) {  // as the reason says
    }
    log::error(
        "WorkerOptions::fails_workflow threw when it was asked about a NondeterminismError, which "
        "fails the workflow task then",
        {{"task_queue", worker.task_queue}, {"reason", reason}}
    );
    return false;
}

}  // namespace

core::WorkerOptions core_options(const std::string& namespace_name, const WorkerOptions& worker) {
    core::WorkerOptions options{
        .namespace_name = namespace_name,
        .task_queue = worker.task_queue,
        .identity = worker.identity
    };
    // A worker that polled Nexus requests without a service would take what others can answer.
    options.poll_nexus = !worker.nexus_services.empty();
    if (worker.deployment) {
        const WorkerDeploymentOptions& deployment = *worker.deployment;
        const WorkerDeploymentVersion& version = deployment.version;
        options.versioning = core::DeploymentVersioning{
            .deployment_name = version.deployment_name,
            .build_id = version.build_id.empty() ? executable_build_id() : version.build_id,
            .use_worker_versioning = deployment.use_worker_versioning,
            .default_behavior = deployment.default_versioning_behavior
        };
    } else {
        options.versioning = core::NoVersioning{.build_id = executable_build_id()};
    }
    options.max_cached_workflows = worker.max_cached_workflows;
    options.max_workflow_tasks = worker.max_concurrent_workflow_tasks;
    options.max_activities = worker.max_concurrent_activities;
    options.max_local_activities = worker.max_concurrent_local_activities;
    options.max_nexus_tasks = worker.max_concurrent_nexus_tasks;
    options.max_task_queue_activities_per_second = worker.max_task_queue_activities_per_second;
    options.max_worker_activities_per_second = worker.max_activities_per_second;
    options.max_eager_activities = worker.max_eager_activities;
    options.workflow_pollers = worker.workflow_pollers;
    options.activity_pollers = worker.activity_pollers;
    options.nexus_pollers = worker.nexus_pollers;
    options.nonsticky_to_sticky_poll_ratio = worker.nonsticky_to_sticky_poll_ratio;
    options.sticky_queue_schedule_to_start_timeout = worker.sticky_schedule_to_start_timeout;
    options.max_heartbeat_throttle_interval = worker.max_heartbeat_throttle_interval;
    options.default_heartbeat_throttle_interval = worker.default_heartbeat_throttle_interval;
    options.graceful_shutdown_period = worker.graceful_shutdown_timeout;
    const workflow::NondeterminismError nondeterminism{"the code does not fit the history"};
    options.nondeterminism_fails_workflow = names(worker, nondeterminism);
    // One for types that nobody else defines is not asked: Core has to know their names.
    const auto& catalog = workflow::Catalog::process();
    for (const std::string& name : catalog.names()) {
        const auto fails = catalog.find(name)->fails_workflow;
        if (fails != nullptr && fails(nondeterminism)) {
            options.nondeterminism_fails_types.push_back(name);
        }
    }
    return options;
}

}  // namespace hourglass::worker
