#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>

namespace bench {

/// So many workers in one process, each on a task queue of its own. Answers how long it took until
/// all of them polled (`ready_s`), what one takes of memory (`bytes_per_worker`), how many threads
/// the process has, and what CPU time all of them take in a second in which nothing happens
/// (`idle_cpu_per_s`). Then the first and the last of them run a workflow.
[[nodiscard]] nlohmann::json workers(std::int64_t count);

}  // namespace bench
