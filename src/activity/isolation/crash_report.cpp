#include "src/activity/isolation/crash_report.hpp"

#include <execinfo.h>

#include <array>
#include <csignal>
#include <memory>
#include <signal.h>

namespace hourglass::activity::isolation {
namespace {

constexpr std::size_t kStackBytes = std::size_t{128} << 10;
constexpr int kMaxFrames = 64;

int report_descriptor = -1;

extern "C" void on_crash(int signal) {
    // Only what is safe in a handler: backtrace is once its library is loaded, see below.
    std::array<void*, kMaxFrames> frames;
    const int count = ::backtrace(frames.data(), kMaxFrames);
    ::backtrace_symbols_fd(frames.data(), count, report_descriptor);
    // The signal's own action, once this handler has returned: the exit status names the signal.
    std::signal(signal, SIG_DFL);
    static_cast<void>(std::raise(signal));
}

}  // namespace

void install_crash_handler(int report) {
    report_descriptor = report;
    // The first call loads libgcc, which allocates: not in a handler.
    std::array<void*, 1> frame;
    static_cast<void>(::backtrace(frame.data(), 1));
    struct sigaction action{};
    action.sa_handler = on_crash;
    action.sa_flags = SA_ONSTACK;
    for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT}) {
        ::sigaction(signal, &action, nullptr);
    }
}

AlternateStack::AlternateStack() {
    // Kept by the thread: it runs one attempt after the other.
    thread_local const auto memory = std::make_unique_for_overwrite<char[]>(kStackBytes);
    stack_t stack{};
    stack.ss_sp = memory.get();
    stack.ss_size = kStackBytes;
    stack_t previous{};
    ::sigaltstack(&stack, &previous);
    previous_memory_ = previous.ss_sp;
    previous_size_ = previous.ss_size;
    previous_flags_ = previous.ss_flags;
}

// A sanitizer has one of its own, which it releases at the thread's end.
AlternateStack::~AlternateStack() {
    stack_t stack{};
    stack.ss_sp = previous_memory_;
    stack.ss_size = previous_size_;
    stack.ss_flags = previous_flags_;
    ::sigaltstack(&stack, nullptr);
}

}  // namespace hourglass::activity::isolation
