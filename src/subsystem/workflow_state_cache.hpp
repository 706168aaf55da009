#pragma once

#include "hourglass/supervision/process.hpp"
#include "src/subsystem/directory.hpp"
#include "src/worker/cached_runs.hpp"

#include <cstdint>
#include <memory>
#include <utility>

namespace hourglass::subsystem {

/// Owns the cached workflow runs of the process. Each belongs to one registration of a worker and
/// goes with it, so that no run ever sees an activation of another registration.
///
/// Its own end ends all runs: Core is told at their next activation and has them replayed.
class WorkflowStateCache final : public supervision::Process {
public:
    explicit WorkflowStateCache(std::shared_ptr<Directory> directory)
        : directory_{std::move(directory)} {}
    ~WorkflowStateCache() override { runs_->close(); }

    /// Ends the runs of a registration; their frames, and so users' destructors, run here.
    void forget(std::uint64_t registration_id) { runs_->forget(registration_id); }

protected:
    void init() override {
        directory_->runs.set(runs_);
        directory_->state_cache.set(ref_to(*this));
    }

private:
    std::shared_ptr<Directory> directory_;
    std::shared_ptr<worker::CachedRuns> runs_ = std::make_shared<worker::CachedRuns>();
};

}  // namespace hourglass::subsystem
