#include "hourglass/workflow/detail/held.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace hourglass::workflow::detail {
namespace {

struct Entry {
    std::shared_ptr<const void> value;
    std::uint32_t owners = 1;
};

struct Table {
    std::mutex mutex;
    std::unordered_map<std::uint64_t, Entry> entries;
    std::uint64_t last = 0;
};

// Never destroyed: options may be objects of static storage.
Table& table() {
    static Table& instance = *new Table;
    return instance;
}

}  // namespace

std::uint64_t hold(std::shared_ptr<const void> value) {
    const std::lock_guard lock{table().mutex};
    const std::uint64_t number = ++table().last;
    table().entries.emplace(number, Entry{std::move(value)});
    return number;
}

std::uint64_t hold_again(std::uint64_t number) noexcept {
    if (number == 0) {
        return 0;
    }
    const std::lock_guard lock{table().mutex};
    const auto found = table().entries.find(number);
    if (found == table().entries.end()) {
        return 0;
    }
    ++found->second.owners;
    return number;
}

const void* held(std::uint64_t number) noexcept {
    const std::lock_guard lock{table().mutex};
    const auto found = table().entries.find(number);
    return found == table().entries.end() ? nullptr : found->second.value.get();
}

void let_go(std::uint64_t number) noexcept {
    if (number == 0) {
        return;
    }
    std::shared_ptr<const void> last;  // destroyed without the lock
    const std::lock_guard lock{table().mutex};
    const auto found = table().entries.find(number);
    if (found != table().entries.end() && --found->second.owners == 0) {
        last = std::move(found->second.value);
        table().entries.erase(found);
    }
}

}  // namespace hourglass::workflow::detail
