#include "src/subsystem/counter_book.hpp"

namespace hourglass::subsystem {

CounterBook::CounterBook() {
    counters_.restarts = {
        {"WorkflowStateCache", 0},
        {"WorkflowEvaluatorSupervisor", 0},
        {"ActivityExecutorSupervisor", 0},
        {"NexusExecutorSupervisor", 0},
        {"MetricsPublisher", 0},
        {"Runtime", 0},
        {"BridgeHolder", 0},
        {"WorkerRegistry", 0},
        {"WorkerSupervisor", 0},
        {"WorkerLauncher", 0},
        {"WorkerLink", 0},
        {"PollLoops", 0},
        {"WorkflowPollLoop", 0},
        {"ActivityPollLoop", 0},
        {"NexusPollLoop", 0},
    };
    // Those that others come after, below a rest_for_one.
    counters_.cascades = {
        {"Runtime", 0},
        {"BridgeHolder", 0},
        {"WorkerRegistry", 0},
        {"WorkerSupervisor", 0},
        {"WorkerLink", 0},
    };
    counters_.supervisors_given_up = {
        {"Application", 0},
        {"Subsystem", 0},
        {"WorkerSupervisor", 0},
        {"PollLoops", 0},
    };
}

}  // namespace hourglass::subsystem
