#pragma once

#include "hourglass/testing/driven_run.hpp"
#include "src/testing/driver_worker.hpp"
#include "src/testing/execution.hpp"

#include <memory>
#include <string>
#include <vector>

namespace hourglass::testing {

/// An execution, and the worker that it is run by.
struct DrivenRun::Impl {
    std::shared_ptr<DriverWorker> worker;
    Execution execution;
    std::vector<WorkflowCommand> commands = {};
    unsigned updates = 0;
    bool together = false;

    /// After something has happened.
    void happened();
    /// Until the worker has nothing more to do for now: it may ask for another task right away.
    void run_task();
};

}  // namespace hourglass::testing
