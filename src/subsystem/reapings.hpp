#pragma once

#include "hourglass/base/future.hpp"

#include <mutex>
#include <utility>
#include <vector>

namespace hourglass::subsystem {

/// Core's workers that are on their way out: their registration is revoked, and they are not
/// finalized yet. Those of every incarnation of the BridgeHolder, because Core's runtime is to
/// outlive all of them.
/// @threads any; the lock is a leaf.
class Reapings {
public:
    void begun() {
        const std::lock_guard lock{mutex_};
        ++count_;
    }

    void ended() {
        std::vector<Promise<void>> waiting;
        {
            const std::lock_guard lock{mutex_};
            if (--count_ > 0) {
                return;
            }
            waiting.swap(waiting_);
        }
        for (Promise<void>& promise : waiting) {
            promise.set_value();
        }
    }

    /// Has its value as soon as none is under way.
    [[nodiscard]] Future<void> none() {
        Promise<void> promise;
        Future<void> future = promise.future();
        const std::lock_guard lock{mutex_};
        if (count_ == 0) {
            promise.set_value();  // nobody waits for it yet
        } else {
            waiting_.push_back(std::move(promise));
        }
        return future;
    }

private:
    std::mutex mutex_;
    int count_ = 0;
    std::vector<Promise<void>> waiting_;
};

}  // namespace hourglass::subsystem
