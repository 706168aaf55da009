#pragma once

#include "src/activity/attempt.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace hourglass::worker {

/// The attempts that run in this process, by task token, so that a cancellation finds its attempt.
/// It outlives every cascade, as the attempts do.
///
/// An attempt is announced when its task is dispatched, before its executor has started: a
/// cancellation that comes in between is kept, because Core sends it once.
/// @threads any; the lock is a leaf, attempts are cancelled outside it.
class RunningAttempts {
public:
    using Cancel = coresdk::activity_task::Cancel;

    void announce(const std::string& task_token) {
        const std::lock_guard lock{mutex_};
        attempts_[task_token];
    }

    void started(const std::string& task_token, const std::shared_ptr<activity::Attempt>& attempt) {
        std::optional<Cancel> early;
        {
            const std::lock_guard lock{mutex_};
            Entry& entry = attempts_[task_token];
            entry.attempt = attempt;
            early = std::exchange(entry.early_cancel, std::nullopt);
        }
        if (early) {
            attempt->cancel(*early);
        }
    }

    /// Nothing happens if no such attempt runs (any more).
    void cancel(const std::string& task_token, const Cancel& cancel) {
        std::shared_ptr<activity::Attempt> attempt;
        {
            const std::lock_guard lock{mutex_};
            const auto found = attempts_.find(task_token);
            if (found == attempts_.end()) {
                return;
            }
            attempt = found->second.attempt.lock();
            if (!attempt) {
                found->second.early_cancel = cancel;
            }
        }
        if (attempt) {
            attempt->cancel(cancel);
        }
    }

    void remove(const std::string& task_token) {
        const std::lock_guard lock{mutex_};
        attempts_.erase(task_token);
    }

    [[nodiscard]] std::size_t size() const {
        const std::lock_guard lock{mutex_};
        return attempts_.size();
    }

private:
    struct Entry {
        std::weak_ptr<activity::Attempt> attempt = {};
        std::optional<Cancel> early_cancel = {};
    };

    mutable std::mutex mutex_;
    std::unordered_map<std::string, Entry> attempts_;
};

}  // namespace hourglass::worker
