#pragma once

#include "hourglass/supervision/report.hpp"
#include "hourglass/worker/worker_options.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace hourglass::subsystem {

/// Which workers this process should have, whatever becomes of their processes: the default one,
/// and those that callers started. It outlives every cascade.
/// @threads any; the lock is a leaf, and subscribers run outside it.
class WorkerBook {
public:
    using LostCallback = std::function<void(const std::string& task_queue)>;

    void add(WorkerOptions options, bool by_caller);
    void remove(const std::string& task_queue);
    void on_lost(LostCallback callback);

    /// Compares with the workers that run. Those that must always be there are returned, to be
    /// started. The others that a caller had started are struck out, logged as DynamicWorkerLost,
    /// and their loss is told to the subscribers.
    [[nodiscard]] std::vector<WorkerOptions> missing(
        const std::vector<supervision::ChildReport>& running
    );

private:
    struct Entry {
        WorkerOptions options;
        bool by_caller = false;
    };

    std::mutex mutex_;
    std::vector<Entry> entries_;
    std::vector<LostCallback> lost_callbacks_;
};

}  // namespace hourglass::subsystem
