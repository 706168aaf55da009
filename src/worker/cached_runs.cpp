#include "src/worker/cached_runs.hpp"

#include <utility>

namespace hourglass::worker {

std::unique_ptr<workflow::WorkflowRun> CachedRuns::take(
    std::uint64_t registration_id, std::string_view run_id
) {
    const std::lock_guard lock{mutex_};
    const auto runs = registrations_.find(registration_id);
    if (runs == registrations_.end()) {
        return nullptr;
    }
    const auto found = runs->second.find(run_id);
    if (found == runs->second.end()) {
        return nullptr;
    }
    return std::move(runs->second.extract(found).value());
}

void CachedRuns::put(std::uint64_t registration_id, std::unique_ptr<workflow::WorkflowRun> run) {
    Runs::node_type previous;
    const std::lock_guard lock{mutex_};
    if (closed_) {
        return;  // the caller's argument ends it, after the lock
    }
    Runs& runs = registrations_[registration_id];
    if (const auto found = runs.find(run); found != runs.end()) {
        previous = runs.extract(found);
    }
    runs.insert(std::move(run));
}

void CachedRuns::forget(std::uint64_t registration_id) {
    Runs gone;
    const std::lock_guard lock{mutex_};
    const auto runs = registrations_.find(registration_id);
    if (runs != registrations_.end()) {
        gone = std::move(runs->second);
        registrations_.erase(runs);
    }
}

void CachedRuns::close() {
    std::unordered_map<std::uint64_t, Runs> gone;
    const std::lock_guard lock{mutex_};
    closed_ = true;
    gone.swap(registrations_);
}

std::size_t CachedRuns::size() const {
    const std::lock_guard lock{mutex_};
    std::size_t count = 0;
    for (const auto& [id, runs] : registrations_) {
        count += runs.size();
    }
    return count;
}

}  // namespace hourglass::worker
