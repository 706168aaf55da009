#pragma once

#include <cstdint>

namespace bench {

/// How often this thread has asked for memory so far.
[[nodiscard]] std::uint64_t allocations() noexcept;

/// What this thread has allocated and not freed, in bytes, as large as malloc made them; less than
/// 0 if it freed what others allocated.
[[nodiscard]] std::int64_t heap_bytes() noexcept;

}  // namespace bench
