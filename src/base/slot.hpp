#pragma once

#include <mutex>
#include <utility>

namespace hourglass {

/// A value that one owner replaces and anybody reads: how the nodes of the tree find each other's
/// current incarnation, as Erlang's registered names do.
/// @threads any; the lock is a leaf.
template <class T>
class Slot {
public:
    [[nodiscard]] T get() const {
        const std::lock_guard lock{mutex_};
        return value_;
    }
    void set(T value) {
        const std::lock_guard lock{mutex_};
        std::swap(value_, value);  // the old one is destroyed after the lock is released
    }

private:
    mutable std::mutex mutex_;
    T value_{};
};

}  // namespace hourglass
