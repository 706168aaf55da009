#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>

namespace bench {

/// Kills each of the Subsystem's five children so many times, one at a time. Answers, by its id,
/// how long it took from the kill until the tree was whole and the worker polled again (`polls_s`),
/// and until a workflow with an activity, started then, had finished (`workflow_s`): lists, a
/// number a round.
[[nodiscard]] nlohmann::json heal(std::int64_t rounds);

}  // namespace bench
