#pragma once

#include <hourglass/hourglass.hpp>

#include <string>

namespace recorded {

/// Starts the workflow of examples/checkout, whose program is one file.
hourglass::WorkflowHandle<> start_checkout(const hourglass::Client& client, std::string id);

}  // namespace recorded
