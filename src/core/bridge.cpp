#include "src/core/bridge.hpp"

#include "hourglass/base/error.hpp"
#include "src/core/generation.hpp"

#include <dlfcn.h>

#include <atomic>
#include <mutex>
#include <pthread.h>
#include <string>

/// Generated, see bridge/parking_lot_table.cmake.
extern "C" void** hg_c_parking_lot_table();

namespace hourglass::core {
namespace {

constexpr std::uint64_t kGenerationsOfOne = std::uint64_t{1} << 40;

constexpr Bridge kLinkedIn{
#define HOURGLASS_BRIDGE_LINKED(name) .name = &::hg_##name,
    HOURGLASS_BRIDGE_FUNCTIONS(HOURGLASS_BRIDGE_LINKED)
#undef HOURGLASS_BRIDGE_LINKED
};

constinit std::atomic<const Bridge*> in_use{&kLinkedIn};

// Core's threads wait in the crate parking_lot, which has one table of them for the process: lists
// through the threads' own memory. A forked child inherits the lists, but that memory is given to
// its new threads, so it begins with an empty table. The crate makes another one when there is
// none.
[[maybe_unused]] const bool kForgetsParentsThreads = [] {
    return ::pthread_atfork(nullptr, nullptr, [] {
               std::atomic_ref{*hg_c_parking_lot_table()}.store(nullptr);
           }) == 0;
}();

template <class Function>
void find(void* library, const std::string& path, const char* name, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(library, name));
    if (function == nullptr) {
        throw Error{
            "the library '" + path + "' is no bridge that fits this program: it has no function " +
            name
        };
    }
}

}  // namespace

const Bridge& bridge() noexcept {
    return *in_use.load(std::memory_order_acquire);
}

namespace generation {

std::uint64_t current() noexcept {
    return bridge().current_generation();
}

std::uint64_t bump() noexcept {
    const Bridge& current = bridge();
    return current.generations_before + current.generation_bump();
}

std::uint64_t load_bridge(const std::string& path) {
    static std::mutex one_at_a_time;
    const std::lock_guard lock{one_at_a_time};
    // Never closed: its threads may be on their way out for long, and stale objects are freed by
    // it.
    void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        throw Error{"the bridge cannot be loaded from '" + path + "': " + ::dlerror()};
    }
    Bridge loaded{};
#define HOURGLASS_BRIDGE_FIND(name) find(library, path, "hg_" #name, loaded.name);
    HOURGLASS_BRIDGE_FUNCTIONS(HOURGLASS_BRIDGE_FIND)
#undef HOURGLASS_BRIDGE_FIND
    loaded.generations_before = bridge().generations_before + kGenerationsOfOne;
    // First this, then the end of the old one: whoever hears of that begins again with the new one.
    const Bridge* const old = in_use.exchange(new Bridge{loaded});
    old->generation_bump();
    return current();
}

}  // namespace generation
}  // namespace hourglass::core
