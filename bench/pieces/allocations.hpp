#pragma once

#include <cstdint>

namespace bench {

/// How often this thread has asked for memory so far.
[[nodiscard]] std::uint64_t allocations() noexcept;

}  // namespace bench
