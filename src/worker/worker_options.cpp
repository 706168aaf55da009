#include "hourglass/worker/worker_options.hpp"

#include "hourglass/activity/isolation.hpp"
#include "hourglass/base/error.hpp"
#include "hourglass/base/log.hpp"
#include "src/worker/activities_of.hpp"

namespace hourglass {
namespace {

void require(bool holds, const WorkerOptions& options, const std::string& what) {
    if (!holds) {
        throw ConfigurationError{"worker of task queue '" + options.task_queue + "': " + what};
    }
}

}  // namespace

void WorkerOptions::validate() const {
    require(!task_queue.empty(), *this, "task_queue is empty; name the queue that it is to poll");
    require(
        max_concurrent_workflow_tasks > 0, *this, "max_concurrent_workflow_tasks must be at least 1"
    );
    require(max_concurrent_activities > 0, *this, "max_concurrent_activities must be at least 1");
    require(
        max_concurrent_local_activities > 0,
        *this,
        "max_concurrent_local_activities must be at least 1"
    );
    require(
        !max_task_queue_activities_per_second || *max_task_queue_activities_per_second > 0,
        *this,
        "max_task_queue_activities_per_second must be more than 0; leave it unset for no limit"
    );
    require(
        graceful_shutdown_timeout.count() >= 0,
        *this,
        "graceful_shutdown_timeout must not be negative"
    );
    const activity::Definitions runs = worker::activities_of(*this);
    require(
        !runs.any_isolated() || isolation::started(),
        *this,
        "it has isolated activities, whose processes can only be made if "
        "hourglass::isolation::start() was called before there was a thread; call it first in main"
    );
    for (const std::string& problem : runs.unusable_with(objects)) {
        log::warn(problem, {{"task_queue", task_queue}});
    }
}

}  // namespace hourglass
