#pragma once

#include "temporal/sdk/core/activity_task/activity_task.pb.h"
#include "temporal/sdk/core/nexus/nexus.pb.h"

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace hourglass::worker {

/// The attempts, or handlers of Nexus requests, that run in this process, by task token, so that a
/// cancellation finds its attempt. It outlives every cascade, as the attempts do.
///
/// An attempt is announced when its task is dispatched, before its executor has started: a
/// cancellation that comes in between is kept, because Core sends it once.
/// @threads any; the lock is a leaf, attempts are told outside it.
/// @tparam C  what Core says when it cancels one.
template <class C>
class Running {
public:
    using Cancel = C;
    /// Must only post: what the attempt's body does with it is not for the poll loop to wait for.
    using Tell = std::function<void(const Cancel&)>;

    void announce(const std::string& task_token) {
        const std::lock_guard lock{mutex_};
        attempts_[task_token];
    }

    void started(const std::string& task_token, const Tell& tell) {
        std::optional<Cancel> early;
        {
            const std::lock_guard lock{mutex_};
            Entry& entry = attempts_[task_token];
            entry.tell = tell;
            early = std::exchange(entry.early_cancel, std::nullopt);
        }
        if (early) {
            tell(*early);
        }
    }

    /// Nothing happens if no such attempt runs (any more).
    void cancel(const std::string& task_token, const Cancel& cancel) {
        Tell tell;
        {
            const std::lock_guard lock{mutex_};
            const auto found = attempts_.find(task_token);
            if (found == attempts_.end()) {
                return;
            }
            tell = found->second.tell;
            if (!tell) {
                found->second.early_cancel = cancel;
            }
        }
        if (tell) {
            tell(cancel);
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
        Tell tell = {};
        std::optional<Cancel> early_cancel = {};
    };

    mutable std::mutex mutex_;
    std::unordered_map<std::string, Entry> attempts_;
};

using RunningAttempts = Running<coresdk::activity_task::Cancel>;
using RunningNexusRequests = Running<coresdk::nexus::CancelNexusTask>;

}  // namespace hourglass::worker
