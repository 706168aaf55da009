#pragma once

#include "src/activity/attempt.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace hourglass::worker {

/// The attempts that run in this process, by task token, so that a cancellation finds its attempt.
/// It outlives every cascade, as the attempts do.
/// @threads any; the lock is a leaf.
class RunningAttempts {
public:
    void add(const std::string& task_token, std::weak_ptr<activity::Attempt> attempt) {
        const std::lock_guard lock{mutex_};
        attempts_[task_token] = std::move(attempt);
    }
    void remove(const std::string& task_token) {
        const std::lock_guard lock{mutex_};
        attempts_.erase(task_token);
    }
    /// @returns null if no such attempt runs (any more).
    [[nodiscard]] std::shared_ptr<activity::Attempt> find(const std::string& task_token) const {
        const std::lock_guard lock{mutex_};
        const auto found = attempts_.find(task_token);
        return found == attempts_.end() ? nullptr : found->second.lock();
    }
    [[nodiscard]] std::size_t size() const {
        const std::lock_guard lock{mutex_};
        return attempts_.size();
    }

private:
    mutable std::mutex mutex_;
    std::unordered_map<std::string, std::weak_ptr<activity::Attempt>> attempts_;
};

}  // namespace hourglass::worker
