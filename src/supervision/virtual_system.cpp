#include "hourglass/supervision/virtual_system.hpp"

#include "src/supervision/cell.hpp"
#include "src/supervision/runtime.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>

namespace hourglass::supervision {
namespace detail {

class VirtualRuntime final : public Runtime {
public:
    void enqueue(std::shared_ptr<Cell> cell) override {
        const std::lock_guard lock{mutex_};
        if (!stopped_) {
            ready_.push_back(std::move(cell));
        }
    }

    [[nodiscard]] Clock::time_point now() const override {
        return Clock::time_point{std::chrono::nanoseconds{now_.load()}};
    }

    void thread_lost() override { ++abandoned_; }
    void thread_regained() override { --abandoned_; }

    /// @returns false if nothing was ready.
    bool run_one() {
        if (auto fire = timers_.take_due(now())) {
            fire();
            return true;
        }
        std::shared_ptr<Cell> cell;
        {
            const std::lock_guard lock{mutex_};
            if (ready_.empty()) {
                return false;
            }
            cell = std::move(ready_.front());
            ready_.pop_front();
        }
        cell->run();
        return true;
    }

    [[nodiscard]] std::optional<Clock::time_point> next_deadline() const {
        return timers_.next_deadline();
    }

    void set_now(Clock::time_point now) { now_.store(now.time_since_epoch().count()); }

    void stop() {
        std::deque<std::shared_ptr<Cell>> ready;
        {
            const std::lock_guard lock{mutex_};
            stopped_ = true;
            ready.swap(ready_);
        }
        end_all();
        for (const auto& cell : ready) {
            cell->end_now();
        }
    }

protected:
    void timer_moved() override {}

private:
    std::mutex mutex_;
    std::deque<std::shared_ptr<Cell>> ready_;
    bool stopped_ = false;
    // Not 0, so that a time before the start can be told from "never".
    std::atomic<std::int64_t> now_{std::chrono::nanoseconds{std::chrono::hours{1}}.count()};
};

namespace {
VirtualRuntime& virtual_runtime(const System& system) {
    return static_cast<VirtualRuntime&>(CellAccess::runtime(system));
}
}  // namespace

}  // namespace detail

VirtualSystem::VirtualSystem() : System{std::make_shared<detail::VirtualRuntime>()} {}

// Only a lack of memory could throw here, and then the program may end.
VirtualSystem::~VirtualSystem() {  // NOLINT(bugprone-exception-escape)
    shutdown();
}

void VirtualSystem::run_until_idle(std::size_t limit) {
    auto& runtime = detail::virtual_runtime(*this);
    for (std::size_t turns = 0; runtime.run_one(); ++turns) {
        if (turns >= limit) {
            throw Error{
                "the processes are still busy after " + std::to_string(limit) +
                " turns without the clock moving: some of them keep each other busy for ever"
            };
        }
    }
}

void VirtualSystem::advance(std::chrono::nanoseconds duration) {
    auto& runtime = detail::virtual_runtime(*this);
    const auto end = detail::deadline_after(now(), duration);
    run_until_idle();
    for (auto next = runtime.next_deadline(); next && *next <= end;
         next = runtime.next_deadline()) {
        runtime.set_now(std::max(*next, now()));
        run_until_idle();
    }
    runtime.set_now(end);
}

void VirtualSystem::run_until(const std::function<bool()>& done, std::chrono::nanoseconds limit) {
    auto& runtime = detail::virtual_runtime(*this);
    const auto end = detail::deadline_after(now(), limit);
    while (!done()) {
        if (runtime.run_one()) {
            continue;
        }
        const auto next = runtime.next_deadline();
        if (!next || *next > end) {
            throw WaitTimeoutError{
                "nothing that the processes do, and no timer within the limit, makes the future "
                "ready"
            };
        }
        runtime.set_now(std::max(*next, now()));
    }
}

void VirtualSystem::shutdown() {
    auto& runtime = detail::virtual_runtime(*this);
    auto living = runtime.cells();
    std::ranges::reverse(living);
    for (const auto& cell : living) {
        if (!cell->parent()) {
            const auto ended = stop(cell->pid());
            run_until([&ended] { return ended.ready(); }, std::chrono::hours{24 * 365});
        }
    }
    run_until_idle();
    runtime.stop();
}

}  // namespace hourglass::supervision
