#pragma once

#include "src/worker/cached_runs.hpp"
#include "src/worker/task_lease.hpp"

#include <string>

namespace hourglass::worker {

/// Evaluates one activation, from bytes to bytes: takes the run from the cache or begins it,
/// activates it, keeps it or destroys it, and answers. Runs in a Task of its own; if it throws,
/// dropping the lease answers.
void evaluate(TaskLease& lease, CachedRuns& runs, const std::string& namespace_name);

}  // namespace hourglass::worker
