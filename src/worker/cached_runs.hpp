#pragma once

#include "src/workflow/workflow_run.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace hourglass::worker {

/// (registration, run id) -> a live workflow run. A run is taken out while an activation is
/// evaluated on it, so nobody else can have it meanwhile; runs are destroyed outside the lock,
/// because users' destructors run then.
/// @threads any; the lock is a leaf.
class CachedRuns {
public:
    /// @returns null if it is not here.
    [[nodiscard]] std::unique_ptr<workflow::WorkflowRun> take(
        std::uint64_t registration_id, std::string_view run_id
    );
    /// In place of the one that has its id, if there is one.
    void put(std::uint64_t registration_id, std::unique_ptr<workflow::WorkflowRun> run);
    void forget(std::uint64_t registration_id);
    /// Destroys all runs, and from now on each one that is put here.
    void close();
    [[nodiscard]] std::size_t size() const;

private:
    using Run = std::unique_ptr<workflow::WorkflowRun>;
    /// By the id that each run has: no second one in memory.
    struct ById {
        using is_transparent = void;
        static std::string_view id(std::string_view run_id) noexcept { return run_id; }
        static std::string_view id(const Run& run) noexcept { return run->run_id(); }
        // Not noexcept: the library then keeps the hash, and looking for one run touches no other.
        std::size_t operator()(const auto& run) const {
            return std::hash<std::string_view>{}(id(run));
        }
        bool operator()(const auto& one, const auto& other) const noexcept {
            return id(one) == id(other);
        }
    };
    using Runs = std::unordered_set<Run, ById, ById>;

    mutable std::mutex mutex_;
    std::unordered_map<std::uint64_t, Runs> registrations_;
    bool closed_ = false;
};

}  // namespace hourglass::worker
