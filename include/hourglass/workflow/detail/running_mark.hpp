#pragma once

#include <atomic>

namespace hourglass::workflow::detail {

struct Frame;

/// Says which coroutine runs to a thread that does not run it. The chain of those that await it
/// stands still while it runs, and can be read; this holds it there while somebody does.
/// @threads `begin` and `end`: the one that runs the workflow. `look`: any, one at a time.
class RunningMark {
public:
    void begin(const Frame& frame) noexcept { state_.store(&frame, std::memory_order_release); }
    /// The coroutine has returned; waits for whoever looks.
    void end(const Frame& frame) noexcept {
        const void* expected = &frame;
        if (!state_.compare_exchange_strong(expected, nullptr, std::memory_order_acq_rel)) {
            wait_and_end(frame);
        }
    }

    /// @param read  gets the running coroutine, which may go on meanwhile, but does not return.
    /// @returns whether one was running.
    template <class Read>
    bool look(Read read) {
        const void* running = state_.load(std::memory_order_acquire);
        if (running == nullptr ||
            !state_.compare_exchange_strong(running, this, std::memory_order_acq_rel)) {
            return false;  // none, or another one by now: nobody is stuck
        }
        const Release release{*this, running};
        read(*static_cast<const Frame*>(running));
        return true;
    }

private:
    struct Release {
        RunningMark& mark;
        const void* running;
        ~Release() {
            mark.state_.store(running, std::memory_order_release);
            mark.state_.notify_all();
        }
    };

    void wait_and_end(const Frame& frame) noexcept;

    /// The coroutine; this object itself while somebody looks at it.
    std::atomic<const void*> state_{nullptr};
};

}  // namespace hourglass::workflow::detail
