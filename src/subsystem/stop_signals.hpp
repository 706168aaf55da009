#pragma once

#include <functional>

namespace hourglass::subsystem {

/// Hears of SIGINT and SIGTERM while it lives; the program's own handlers are back afterwards. A
/// second signal, and any after `stopping()`, ends the program at once with 128 and its number.
///
/// They are the process's own: in a forked child they do what they did before this object was made,
/// and its parent hears nothing of them.
/// @threads one; several objects may live at once, 16 at most.
class StopSignals {
public:
    /// @throws Error if the system gives no file descriptor, or 16 others live.
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    /// Blocks until a signal, or until it is woken.
    /// @returns the signal's number, or 0.
    int wait();
    /// Ends `wait`, also one to come; may be called when this object is gone. Any thread.
    [[nodiscard]] std::function<void()> waker() const;
    void stopping();

private:
    struct Slot;
    struct Slots;
    static void received(int signal);

    Slot* slot_;
};

}  // namespace hourglass::subsystem
