#include "src/subsystem/status_health.hpp"

namespace hourglass::subsystem {

Health liveness(const TreeLife& life) {
    switch (life.phase) {
        case TreeLife::Phase::Running:
            return {.good = true, .text = "the supervision tree runs"};
        case TreeLife::Phase::Stopping:
            return {.good = true, .text = "the supervision tree stops in order"};
        case TreeLife::Phase::GaveUp:
            break;
    }
    return {.good = false, .text = "the supervision tree gave up: " + life.reason};
}

Health readiness(const TreeLife& life, const std::vector<WorkerStatus>& workers) {
    if (life.phase != TreeLife::Phase::Running) {
        return {.good = false, .text = liveness(life).text};
    }
    std::string missing;
    for (const WorkerStatus& worker : workers) {
        if (!worker.registered) {
            missing.append(missing.empty() ? "'" : ", '").append(worker.task_queue).append("'");
        }
    }
    if (!missing.empty()) {
        return {.good = false, .text = "not registered with the server: task queue " + missing};
    }
    return {.good = true, .text = "all workers are registered with the server"};
}

}  // namespace hourglass::subsystem
