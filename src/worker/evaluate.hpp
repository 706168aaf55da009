#pragma once

#include "hourglass/base/metric_recorder.hpp"
#include "src/worker/cached_runs.hpp"
#include "src/worker/evaluation_watch.hpp"
#include "src/worker/task_lease.hpp"
#include "src/workflow/workflow_run.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hourglass::worker {

/// Sees an activation and what it is about to be answered with; and where in the code each command
/// of that was made, see workflow::WorkflowRun::command_places.
using EvaluationObserver = std::function<void(
    const workflow::Activation&,
    const workflow::Completion&,
    const std::vector<workflow::CommandPlace>& places
)>;

/// What evaluations have around them; it outlives every cascade, as they do.
struct EvaluationServices {
    std::string namespace_name;
    /// If set, looks whether the workflow's code comes to its next await in time.
    std::shared_ptr<EvaluationWatch> watch = {};
    /// Where workflows measure; null: nowhere.
    std::shared_ptr<detail::MetricRecorder> metrics = {};
    /// From how many bytes on the log tells of a workflow's command; 0: never.
    std::size_t large_payload = 0;
    /// Set in a replay: a failed task is its to report, else the log says it; and no activity runs.
    EvaluationObserver observer = {};
};

/// Evaluates one activation, from bytes to bytes: takes the run from the cache or begins it,
/// activates it, keeps it or destroys it, and answers. Runs in a Task of its own; if it throws,
/// dropping the lease answers.
void evaluate(TaskLease& lease, CachedRuns& runs, const EvaluationServices& services);

}  // namespace hourglass::worker
