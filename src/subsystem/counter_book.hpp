#pragma once

#include "hourglass/subsystem/counters.hpp"

#include <functional>
#include <mutex>
#include <string>
#include <utility>

namespace hourglass::subsystem {

/// What the tree has counted so far. It outlives every cascade.
/// @threads any; the lock is a leaf.
class CounterBook {
public:
    /// The fixed nodes of the tree stand in it with 0: an alert on an increase must see the first
    /// one, too.
    CounterBook();

    [[nodiscard]] Counters read() const {
        const std::lock_guard lock{mutex_};
        return counters_;
    }

    /// Runs `change(Counters&)` under the lock; it must be quick and call nobody.
    template <class Change>
    void change(Change change) {
        const std::lock_guard lock{mutex_};
        change(counters_);
    }

private:
    mutable std::mutex mutex_;
    Counters counters_;
};

}  // namespace hourglass::subsystem
