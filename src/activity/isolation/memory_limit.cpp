#include "src/activity/isolation/memory_limit.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>

namespace hourglass::activity::isolation {
namespace {

/// What RLIMIT_DATA counts: private memory that can be written to. Not RLIMIT_AS, which counts the
/// 64 MiB of addresses that malloc reserves for each thread, and a sanitizer's terabytes.
std::optional<std::uint64_t> bytes_in_use() {
    std::ifstream status{"/proc/self/status"};
    std::string word;
    while (status >> word) {
        if (word == "VmData:") {
            std::uint64_t kibibytes = 0;
            status >> kibibytes;
            return kibibytes * 1024;
        }
    }
    return std::nullopt;
}

}  // namespace

MemoryLimit::MemoryLimit(std::uint64_t bytes) {
    const auto used = bytes_in_use();
    rlimit limit{};
    if (used && ::getrlimit(RLIMIT_DATA, &limit) == 0) {
        before_ = limit;
        const rlim_t wanted = bytes > RLIM_INFINITY - *used ? RLIM_INFINITY : *used + bytes;
        limit.rlim_cur = std::min({wanted, limit.rlim_cur, limit.rlim_max});
        set_ = ::setrlimit(RLIMIT_DATA, &limit) == 0;
    }
    if (!set_) {
        throw std::system_error{errno, std::generic_category(), "the memory limit cannot be set"};
    }
}

void MemoryLimit::lift() noexcept {
    if (set_) {
        ::setrlimit(RLIMIT_DATA, &before_);
        set_ = false;
    }
}

void MemoryLimit::lift_for_good() noexcept {
    rlimit limit{};
    ::getrlimit(RLIMIT_DATA, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_DATA, &limit);
}

}  // namespace hourglass::activity::isolation
