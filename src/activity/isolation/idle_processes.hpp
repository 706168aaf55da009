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

/// The processes of an application that wait for an attempt; they end with the object. There are
/// never more than attempts ran at once, since one that is idle is taken before another is made.
/// @threads any.
class IdleProcesses : public std::enable_shared_from_this<IdleProcesses> {
public:
    /// How long one waits before it is ended, at least; twice that at most.
    static constexpr std::chrono::seconds kIdle{30};

    /// @param timers  end those that were idle for long.
    explicit IdleProcesses(std::shared_ptr<Timers> timers) : timers_{std::move(timers)} {}

    /// Takes one, or has one made.
    [[nodiscard]] std::variant<std::unique_ptr<Process>, NoProcess> take();
    /// Puts one back whose attempt has ended well.
    void put(std::unique_ptr<Process> process);
    /// Ends all of them, and from now on each that is put back.
    void close();
    [[nodiscard]] std::size_t count() const;

private:
    struct Idle {
        std::unique_ptr<Process> process;
        /// How often the timer came since.
        int rounds = 0;
    };

    void set_timer();
    void round_is_over();

    const std::shared_ptr<Timers> timers_;
    mutable std::mutex mutex_;
    std::deque<Idle> idle_;  // the last one used is at the back
    bool timer_is_set_ = false;
    bool closed_ = false;
};

}  // namespace hourglass::activity::isolation
