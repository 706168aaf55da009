#pragma once

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace bench {

/// What the process has used so far.
struct Usage {
    std::chrono::system_clock::time_point at;
    double cpu_seconds = 0;
    /// Resident memory, bytes.
    std::int64_t resident = 0;
};

[[nodiscard]] Usage usage_now();

/// What a `stat` file below /proc tells of a process or a thread.
struct Stat {
    std::string name;
    std::vector<std::string> fields;

    /// By the number that proc(5) gives it, from 3 on, behind the name.
    [[nodiscard]] std::int64_t field(std::size_t number) const;
};

/// @returns an empty one of what has ended.
[[nodiscard]] Stat read_stat(const std::filesystem::path& file);

/// Of the times in `Stat`.
[[nodiscard]] double seconds_of_ticks(std::int64_t ticks);

/// When the process began, to 10 ms, with nothing used.
[[nodiscard]] Usage usage_at_start();

/// `at` (now, seconds since 1970), `wall_s`, `cpu_s` and `resident` (bytes, now).
[[nodiscard]] nlohmann::json spent_since(const Usage& before);

}  // namespace bench
