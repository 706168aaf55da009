#pragma once

#include "hourglass/convert/payload.hpp"
#include "src/workflow/workflow_run.hpp"

#include <cstddef>
#include <string>

/// A workflow task by hand, without a worker.
namespace bench {

[[nodiscard]] const hourglass::workflow::Definition& definition_of(const std::string& type);

/// The first activation of a run.
[[nodiscard]] hourglass::workflow::Activation begin(
    const std::string& type, const hourglass::Payloads& arguments
);

/// Does with an activation what `worker::evaluate` does between the lease's bytes and its answer.
/// @returns the answer's size.
/// @throws std::logic_error if the task fails.
std::size_t task(hourglass::workflow::WorkflowRun& run, const std::string& bytes);

}  // namespace bench
