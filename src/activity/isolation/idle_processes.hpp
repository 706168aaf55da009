#pragma once

#include "src/activity/isolation/process.hpp"
#include "src/activity/timers.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <variant>

namespace hourglass::activity::isolation {

/// The processes of this program that wait for an attempt. There are never more than attempts ran
/// at once, since one that is idle is taken before another is made.
/// @threads any.
class IdleProcesses {
public:
    /// How long one waits before it is ended, at least; twice that at most.
    static constexpr std::chrono::seconds kIdle{30};

    /// Those of the program.
    static IdleProcesses& instance();

    /// Takes one, or has one made.
    [[nodiscard]] std::variant<std::unique_ptr<Process>, NoProcess> take();
    /// Puts one back whose attempt has ended well.
    /// @param timers  end it when it was idle for long.
    void put(std::unique_ptr<Process> process, const std::shared_ptr<Timers>& timers);
    [[nodiscard]] std::size_t count() const;

private:
    struct Idle {
        std::unique_ptr<Process> process;
        /// How often the timer came since.
        int rounds = 0;
    };
    /// Held by the timer that is set. If it goes without having come, another is to be set.
    struct Round;

    void set_timer(const std::shared_ptr<Timers>& timers);
    void round_is_over(const std::shared_ptr<Timers>& timers);

    mutable std::mutex mutex_;
    std::deque<Idle> idle_;  // the last one used is at the back
    std::weak_ptr<Round> round_;
};

}  // namespace hourglass::activity::isolation
