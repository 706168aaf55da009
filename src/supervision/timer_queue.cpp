#include "src/supervision/timer_queue.hpp"

#include <utility>

namespace hourglass::supervision::detail {

bool TimerQueue::add(std::uint64_t id, TimePoint deadline, UniqueFunction<void()> fire) {
    const std::lock_guard lock{mutex_};
    const auto place = queue_.emplace(deadline, Timer{id, std::move(fire)});
    by_id_.emplace(id, place);
    return place == queue_.begin();
}

bool TimerQueue::cancel(std::uint64_t id) {
    Queue::node_type dropped;  // destroyed after the lock is released
    const std::lock_guard lock{mutex_};
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) {
        return false;
    }
    dropped = queue_.extract(found->second);
    by_id_.erase(found);
    return true;
}

std::optional<TimerQueue::TimePoint> TimerQueue::next_deadline() const {
    const std::lock_guard lock{mutex_};
    if (queue_.empty()) {
        return std::nullopt;
    }
    return queue_.begin()->first;
}

UniqueFunction<void()> TimerQueue::take_due(TimePoint now) {
    const std::lock_guard lock{mutex_};
    if (queue_.empty() || queue_.begin()->first > now) {
        return {};
    }
    auto node = queue_.extract(queue_.begin());
    by_id_.erase(node.mapped().id);
    return std::move(node.mapped().fire);
}

void TimerQueue::clear() {
    Queue dropped;
    const std::lock_guard lock{mutex_};
    dropped.swap(queue_);
    by_id_.clear();
}

}  // namespace hourglass::supervision::detail
