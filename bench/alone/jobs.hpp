#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>

/// Each answers what it measured; a worker that does not do what it should ends the program.
namespace bench {

/// How long a workflow task takes to come back, at so many a second: `p50_us`, `p99_us`, `max_us`.
[[nodiscard]] nlohmann::json turnaround(std::int64_t per_second, std::int64_t seconds);

/// Workflow tasks a second, `parallel` at a time: `tasks_per_s`, `cpu_us_per_task`.
[[nodiscard]] nlohmann::json throughput(std::int64_t seconds, std::int64_t parallel);

/// Runs that wait, all in the worker's cache: `bytes_per_workflow`, Core's part included.
[[nodiscard]] nlohmann::json cached(std::int64_t runs);

/// Resident memory while so many activations go by: `samples` of [activations, bytes], and how much
/// it grows: `bytes_per_activation`.
[[nodiscard]] nlohmann::json activations(std::int64_t count);

/// Writes FILE.json and FILE.pb: a history of about so many events, which goes on as recorded ones
/// do.
[[nodiscard]] nlohmann::json write_history(std::int64_t events, const std::string& file);

}  // namespace bench
