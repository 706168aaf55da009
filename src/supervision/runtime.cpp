#include "src/supervision/runtime.hpp"

#include "src/supervision/cell.hpp"

#include <utility>

namespace hourglass::supervision::detail {

Clock::time_point deadline_after(Clock::time_point now, std::chrono::nanoseconds delay) {
    return delay > Clock::time_point::max() - now ? Clock::time_point::max() : now + delay;
}

std::uint64_t Runtime::next_token() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

std::uint64_t Runtime::add_timer(std::chrono::nanoseconds delay, UniqueFunction<void()> fire) {
    const std::uint64_t id = next_token();
    add_timer(id, delay, std::move(fire));
    return id;
}

void Runtime::add_timer(
    std::uint64_t id, std::chrono::nanoseconds delay, UniqueFunction<void()> fire
) {
    if (timers_.add(id, deadline_after(now(), delay), std::move(fire))) {
        timer_moved();
    }
}

std::shared_ptr<Cell> Runtime::make_cell(Factory factory, SpawnOptions options) {
    std::shared_ptr<Cell> cell;
    bool ended = false;
    {
        const std::lock_guard lock{mutex_};
        const std::uint64_t id = ++last_id_;
        cell =
            std::make_shared<Cell>(shared_from_this(), id, std::move(factory), std::move(options));
        ended = ended_ || (roots_refused_ && !cell->parent());
        if (!ended) {
            living_.emplace_hint(living_.end(), id, cell);
        }
    }
    if (ended) {
        cell->kill_now(ExitReason::no_process());
    } else if (const auto& parent = CellAccess::cell(cell->parent())) {
        if (!parent->adopt(cell)) {
            cell->kill_now(ExitReason::no_process());
        }
    }
    return cell;
}

void Runtime::refuse_roots() {
    const std::lock_guard lock{mutex_};
    roots_refused_ = true;
}

void Runtime::release(const Cell& cell) {
    std::shared_ptr<Cell> dropped;
    const std::lock_guard lock{mutex_};
    if (const auto found = living_.find(cell.id()); found != living_.end()) {
        dropped = std::move(found->second);
        living_.erase(found);
    }
    if (living_.empty()) {
        emptied_.notify_all();
    }
}

std::vector<std::shared_ptr<Cell>> Runtime::cells() const {
    const std::lock_guard lock{mutex_};
    std::vector<std::shared_ptr<Cell>> list;
    list.reserve(living_.size());
    for (const auto& [id, cell] : living_) {
        list.push_back(cell);
    }
    return list;
}

bool Runtime::wait_until_empty(std::chrono::nanoseconds limit) const {
    std::unique_lock lock{mutex_};
    return emptied_.wait_for(lock, limit, [this] { return living_.empty(); });
}

void Runtime::end_all() {
    {
        const std::lock_guard lock{mutex_};
        ended_ = true;
    }
    for (const auto& cell : cells()) {
        cell->end_now();
    }
    timers_.clear();
}

void Runtime::observe(std::shared_ptr<SupervisorObserver> observer) {
    const std::lock_guard lock{mutex_};
    observers_.push_back(std::move(observer));
}

std::vector<std::shared_ptr<SupervisorObserver>> Runtime::observers() const {
    const std::lock_guard lock{mutex_};
    return observers_;
}

}  // namespace hourglass::supervision::detail
