#include "src/activity/isolation/idle_processes.hpp"

#include <utility>
#include <vector>

namespace hourglass::activity::isolation {

std::variant<std::unique_ptr<Process>, NoProcess> IdleProcesses::take() {
    std::vector<std::unique_ptr<Process>> ended;  // destroyed after the lock is released
    {
        const std::lock_guard lock{mutex_};
        // The one used last: what is not needed stays at the front and becomes old.
        while (!idle_.empty()) {
            auto process = std::move(idle_.back().process);
            idle_.pop_back();
            if (process->usable()) {
                return process;
            }
            ended.push_back(std::move(process));
        }
    }
    auto made = make_process();
    if (auto* const failure = std::get_if<NoProcess>(&made)) {
        return std::move(*failure);
    }
    return std::make_unique<Process>(std::move(std::get<MadeProcess>(made)));
}

void IdleProcesses::put(std::unique_ptr<Process> process) {
    if (!process->usable()) {
        return;
    }
    {
        const std::lock_guard lock{mutex_};
        if (closed_) {
            return;
        }
        idle_.push_back({std::move(process)});
    }
    set_timer();
}

void IdleProcesses::close() {
    std::deque<Idle> ended;  // destroyed after the lock is released
    const std::lock_guard lock{mutex_};
    closed_ = true;
    ended.swap(idle_);
}

std::size_t IdleProcesses::count() const {
    const std::lock_guard lock{mutex_};
    return idle_.size();
}

void IdleProcesses::set_timer() {
    {
        const std::lock_guard lock{mutex_};
        if (std::exchange(timer_is_set_, true)) {
            return;
        }
    }
    timers_->after(kIdle, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) {
            self->round_is_over();
        }
    });
}

void IdleProcesses::round_is_over() {
    std::vector<std::unique_ptr<Process>> ended;
    bool some_left = false;
    {
        const std::lock_guard lock{mutex_};
        timer_is_set_ = false;
        while (!idle_.empty() && idle_.front().rounds > 0) {
            ended.push_back(std::move(idle_.front().process));
            idle_.pop_front();
        }
        for (Idle& idle : idle_) {
            ++idle.rounds;
        }
        some_left = !idle_.empty();
    }
    if (some_left) {
        set_timer();
    }
}

}  // namespace hourglass::activity::isolation
