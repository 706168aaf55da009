#pragma once

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>

namespace bench {

/// What the process has used so far.
struct Usage {
    std::chrono::system_clock::time_point at;
    double cpu_seconds = 0;
    /// Resident memory, bytes.
    std::int64_t resident = 0;
};

[[nodiscard]] Usage usage_now();

/// When the process began, to 10 ms, with nothing used.
[[nodiscard]] Usage usage_at_start();

/// `at` (now, seconds since 1970), `wall_s`, `cpu_s` and `resident` (bytes, now).
[[nodiscard]] nlohmann::json spent_since(const Usage& before);

}  // namespace bench
