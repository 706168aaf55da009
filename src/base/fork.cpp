#include "src/base/fork.hpp"

#include "hourglass/base/error.hpp"
#include "src/base/log_in_fork.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <pthread.h>
#include <unistd.h>
#include <vector>

namespace hourglass {
namespace {

std::atomic<std::uint64_t> epoch{0};

/// What a fork has to look after. Its mutex is the only lock that is held while others are taken.
struct Watched {
    std::mutex mutex;
    std::vector<fork::LeafMutex*> leaves;
    std::vector<int> descriptors;
};

// Never destroyed: a fork may come while the program's statics are torn down. A function's static,
// because other files' static initialisers make LeafMutexes.
Watched& watched() {
    static Watched& instance = *new Watched;
    return instance;
}

void before_fork() {
    log::hold_for_fork();  // first: a sink may use what has a LeafMutex
    watched().mutex.lock();
    for (fork::LeafMutex* leaf : watched().leaves) {
        leaf->lock();
    }
}

void release_leaves() {
    for (fork::LeafMutex* leaf : watched().leaves) {
        leaf->unlock();
    }
    watched().mutex.unlock();
}

void in_parent() {
    release_leaves();
    log::release_after_fork();
}

void in_child() {
    epoch.fetch_add(1, std::memory_order_release);
    for (const int descriptor : watched().descriptors) {
        ::close(descriptor);
    }
    watched().descriptors.clear();
    release_leaves();
    log::release_in_child();
}

[[maybe_unused]] const bool kWatchesForks = [] {
    watched();
    return ::pthread_atfork(&before_fork, &in_parent, &in_child) == 0;
}();

struct Kept {
    const void* inherited;
    const Kept* before;
};
std::atomic<const Kept*> last_kept{nullptr};

}  // namespace

namespace detail {

std::uint64_t process_epoch() noexcept {
    return epoch.load(std::memory_order_acquire);
}

const std::exception_ptr& lost_in_fork() noexcept {
    static const std::exception_ptr& error = *new std::exception_ptr{std::make_exception_ptr(
        BrokenPromiseError{"this process was forked while the operation was under way: its answer "
                           "goes to the process that began it; begin it again here"}
    )};
    return error;
}

}  // namespace detail

namespace fork {

LeafMutex::LeafMutex() {
    const std::lock_guard lock{watched().mutex};
    watched().leaves.push_back(this);
}

LeafMutex::~LeafMutex() {
    const std::lock_guard lock{watched().mutex};
    std::erase(watched().leaves, this);
}

ClosedInChild::ClosedInChild(int descriptor) : descriptor_{descriptor} {
    const std::lock_guard lock{watched().mutex};
    watched().descriptors.push_back(descriptor_);
}

ClosedInChild::~ClosedInChild() {
    const std::lock_guard lock{watched().mutex};
    auto& all = watched().descriptors;
    if (const auto found = std::ranges::find(all, descriptor_); found != all.end()) {
        all.erase(found);
    }
}

void keep_for_ever(const void* inherited) {
    if (inherited != nullptr) {
        auto* const kept = new Kept{inherited, last_kept.load()};
        while (!last_kept.compare_exchange_weak(kept->before, kept)) {
        }
    }
}

void ForkStays::check(const char* where, std::uint64_t began_in) noexcept {
    if (began_in == process_epoch()) {
        return;
    }
    // No log: its sink is the program's, and this process is not where the program thinks it is.
    for (const char* text :
         {"hourglass: a child process that was forked in ",
          where,
          " came back out of it, where its parent's work goes on; it ends here. A child that is "
          "forked there has to end itself, or execute another program\n"}) {
        [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text, std::strlen(text));
    }
    ::_exit(70);  // EX_SOFTWARE
}

}  // namespace fork
}  // namespace hourglass
