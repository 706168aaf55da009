#pragma once

#include <cstddef>

namespace hourglass::activity::isolation {

/// From now on SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGABRT write a backtrace to `report` before
/// they end this process.
/// @param report  a file descriptor that stays open.
void install_crash_handler(int report);

/// Gives this thread a second stack for as long as the object lives, so that the handler can run
/// when the first one has overflowed.
class AlternateStack {
public:
    AlternateStack();
    ~AlternateStack();
    AlternateStack(const AlternateStack&) = delete;
    AlternateStack& operator=(const AlternateStack&) = delete;

private:
    void* previous_memory_ = nullptr;
    std::size_t previous_size_ = 0;
    int previous_flags_ = 0;
};

}  // namespace hourglass::activity::isolation
