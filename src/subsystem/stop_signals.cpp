#include "src/subsystem/stop_signals.hpp"

#include "hourglass/base/error.hpp"
#include "src/base/per_process.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <signal.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace hourglass::subsystem {
namespace {

constexpr std::array kSignals{SIGINT, SIGTERM};
constexpr std::size_t kAtOnce = 16;

// What the program did with them before; read by the handler, written while that is not installed.
std::array<struct sigaction, kSignals.size()> before{};

void write_to(int event) {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(event, &one, sizeof one);
}

}  // namespace

/// Stays when its object goes: the handler may be at it, on another thread.
struct StopSignals::Slot {
    std::atomic<bool> taken{false};
    std::atomic<bool> stopping{false};
    std::atomic<int> signal{0};
    std::atomic<int> event{-1};  // made at the first use, and used again
};

struct StopSignals::Slots {
    std::mutex mutex;
    std::size_t taken = 0;
    std::array<Slot, kAtOnce> all{};

    // Made before main, and not at the first use: a child that is forked meanwhile would wait for
    // that for ever. Never destroyed.
    static fork::PerProcess<Slots>& of_process;
};

fork::PerProcess<StopSignals::Slots>& StopSignals::Slots::of_process =
    *new fork::PerProcess<StopSignals::Slots>;

// On whichever thread the signal meets: it may do little, and takes no lock.
void StopSignals::received(int signal) {
    const int error = errno;
    Slots* const slots = Slots::of_process.find();
    bool heard = false;
    if (slots != nullptr) {
        for (Slot& slot : slots->all) {
            if (slot.taken.load()) {
                if (slot.signal.exchange(signal) != 0 || slot.stopping.load()) {
                    std::_Exit(128 + signal);
                }
                write_to(slot.event.load());
                heard = true;
            }
        }
    }
    if (!heard) {  // a forked child, whose parent waits for signals
        for (std::size_t i = 0; i < kSignals.size(); ++i) {
            if (kSignals[i] == signal) {
                ::sigaction(signal, &before[i], nullptr);
            }
        }
        ::raise(signal);
    }
    errno = error;
}

StopSignals::StopSignals() {
    Slots& slots = Slots::of_process.get();
    const std::lock_guard lock{slots.mutex};
    const auto free =
        std::ranges::find_if(slots.all, [](const Slot& slot) { return !slot.taken.load(); });
    if (free == slots.all.end()) {
        throw Error{"more than 16 threads wait for signals in Application::run()"};
    }
    if (free->event == -1) {
        free->event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (free->event == -1) {
            throw Error{
                "Application::run(): no eventfd: " + std::generic_category().message(errno)
            };
        }
    }
    free->signal = 0;
    free->stopping = false;
    free->taken = true;
    slot_ = &*free;
    if (++slots.taken == 1) {
        struct sigaction action{};
        action.sa_handler = &received;
        action.sa_flags = SA_RESTART;
        for (std::size_t i = 0; i < kSignals.size(); ++i) {
            struct sigaction now{};
            ::sigaction(kSignals[i], nullptr, &now);
            if (now.sa_handler != &received) {  // else it was inherited through a fork
                before[i] = now;
            }
            ::sigaction(kSignals[i], &action, nullptr);
        }
    }
}

StopSignals::~StopSignals() {
    Slots* const slots = Slots::of_process.find();
    if (slots == nullptr) {
        return;  // its parent's
    }
    const std::lock_guard lock{slots->mutex};
    if (--slots->taken == 0) {
        for (std::size_t i = 0; i < kSignals.size(); ++i) {
            ::sigaction(kSignals[i], &before[i], nullptr);
        }
    }
    slot_->taken = false;
}

int StopSignals::wait() {
    pollfd event{slot_->event.load(), POLLIN, 0};
    while (::poll(&event, 1, -1) < 0 && errno == EINTR) {
    }
    std::uint64_t count = 0;
    [[maybe_unused]] const auto taken = ::read(event.fd, &count, sizeof count);
    return slot_->signal;
}

std::function<void()> StopSignals::waker() const {
    return [event = slot_->event.load()] { write_to(event); };
}

void StopSignals::stopping() {
    slot_->stopping = true;
}

}  // namespace hourglass::subsystem
