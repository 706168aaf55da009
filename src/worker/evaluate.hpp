#pragma once

#include "src/worker/cached_runs.hpp"
#include "src/worker/evaluation_watch.hpp"
#include "src/worker/task_lease.hpp"
#include "src/workflow/workflow_run.hpp"

#include <functional>
#include <string>

namespace hourglass::worker {

/// Sees an activation and what it is about to be answered with.
using EvaluationObserver =
    std::function<void(const workflow::Activation&, const workflow::Completion&)>;

/// Evaluates one activation, from bytes to bytes: takes the run from the cache or begins it,
/// activates it, keeps it or destroys it, and answers. Runs in a Task of its own; if it throws,
/// dropping the lease answers.
/// @param observer  set in a replay: a failed task is its to report, else the log says it; and no
/// activity runs.
/// @param watch  if set, looks whether the workflow's code comes to its next await in time.
void evaluate(
    TaskLease& lease,
    CachedRuns& runs,
    const std::string& namespace_name,
    const EvaluationObserver& observer = {},
    const std::shared_ptr<EvaluationWatch>& watch = {}
);

}  // namespace hourglass::worker
