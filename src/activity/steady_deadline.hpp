#pragma once

#include <algorithm>
#include <chrono>

namespace hourglass::activity {

/// Now and `duration`, capped where the clock ends, so that "for ever" may be asked for.
[[nodiscard]] inline std::chrono::steady_clock::time_point deadline_after(
    std::chrono::nanoseconds duration
) {
    const auto now = std::chrono::steady_clock::now();
    return now + std::min<std::chrono::nanoseconds>(
                     duration, std::chrono::steady_clock::time_point::max() - now
                 );
}

}  // namespace hourglass::activity
