#pragma once

#include "hourglass/supervision/child_spec.hpp"
#include "hourglass/worker/worker_options.hpp"
#include "src/worker/worker_services.hpp"

namespace hourglass::worker {

/// One worker as a child of the WorkerSupervisor; its id is the task queue.
///
/// rest_for_one of the link, which registers the queue, and the poll loops, which live from it; the
/// loops themselves are one_for_one. Stopping goes the other way: the loops drain Core first, then
/// the link ends the registration.
[[nodiscard]] supervision::ChildSpec worker_spec(
    const WorkerOptions& options, const WorkerServices& services
);

}  // namespace hourglass::worker
