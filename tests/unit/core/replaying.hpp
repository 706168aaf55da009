#pragma once

#include "src/core/replayer.hpp"
#include "src/core/runtime.hpp"

#include <memory>
#include <string>

namespace hourglass::core::test {

inline constexpr const char* kRunId = "6a3e8bb4-5b3f-4f0c-9d4d-0c8d9f3a1b2c";

[[nodiscard]] std::shared_ptr<Replayer> make_replayer(const std::shared_ptr<Runtime>& runtime);

/// Finalizes the worker, whatever state it is in: Core keeps memory of one that is just dropped.
void end(Replayer& replayer);

/// A serialized history: a workflow that completes in its first task.
[[nodiscard]] std::string brief_history();

/// The serialized completion with which that workflow completes.
[[nodiscard]] std::string brief_completion();

}  // namespace hourglass::core::test
