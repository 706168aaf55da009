#pragma once

#include "src/workflow/workflow_run.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace hourglass::worker {

/// (registration, run id) -> a live workflow run. A run is taken out while an activation is
/// evaluated on it, so nobody else can have it meanwhile; runs are destroyed outside the lock,
/// because users' destructors run then.
/// @threads any; the lock is a leaf.
class CachedRuns {
public:
    /// @returns null if it is not here.
    [[nodiscard]] std::unique_ptr<workflow::WorkflowRun> take(
        std::uint64_t registration_id, const std::string& run_id
    );
    void put(
        std::uint64_t registration_id,
        std::string run_id,
        std::unique_ptr<workflow::WorkflowRun> run
    );
    void forget(std::uint64_t registration_id);
    /// Destroys all runs, and from now on each one that is put here.
    void close();
    [[nodiscard]] std::size_t size() const;

private:
    using Runs = std::unordered_map<std::string, std::unique_ptr<workflow::WorkflowRun>>;

    mutable std::mutex mutex_;
    std::unordered_map<std::uint64_t, Runs> registrations_;
    bool closed_ = false;
};

}  // namespace hourglass::worker
