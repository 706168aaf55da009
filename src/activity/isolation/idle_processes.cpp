#include "src/activity/isolation/idle_processes.hpp"

#include "src/base/per_process.hpp"

#include <utility>
#include <vector>

namespace hourglass::activity::isolation {

struct IdleProcesses::Round {};

IdleProcesses& IdleProcesses::instance() {
    // Never destroyed: attempts may end while the program's statics are torn down. Those that a
    // forked child inherits are its parent's.
    static auto& of_process = *new fork::PerProcess<IdleProcesses>;
    return of_process.get();
}

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

void IdleProcesses::put(std::unique_ptr<Process> process, const std::shared_ptr<Timers>& timers) {
    if (!process->usable()) {
        return;
    }
    {
        const std::lock_guard lock{mutex_};
        idle_.push_back({std::move(process)});
    }
    set_timer(timers);
}

std::size_t IdleProcesses::count() const {
    const std::lock_guard lock{mutex_};
    return idle_.size();
}

void IdleProcesses::set_timer(const std::shared_ptr<Timers>& timers) {
    std::shared_ptr<Round> round;
    {
        const std::lock_guard lock{mutex_};
        if (!round_.expired()) {
            return;
        }
        round = std::make_shared<Round>();
        round_ = round;
    }
    // Weakly: the timers own this callback.
    timers->after(kIdle, [this, round, weak = std::weak_ptr{timers}]() mutable {
        round.reset();
        if (const auto still_there = weak.lock()) {
            round_is_over(still_there);
        }
    });
}

void IdleProcesses::round_is_over(const std::shared_ptr<Timers>& timers) {
    std::vector<std::unique_ptr<Process>> ended;
    bool some_left = false;
    {
        const std::lock_guard lock{mutex_};
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
        set_timer(timers);
    }
}

}  // namespace hourglass::activity::isolation
