#pragma once

#include <hourglass/hourglass.hpp>

#include <string>

namespace bench {

/// The defaults, with a worker for this task queue on the server of the environment.
[[nodiscard]] hourglass::ApplicationOptions options_for(const std::string& queue);

/// A task queue that no other run uses.
[[nodiscard]] std::string fresh_queue();

/// What every SDK does before it is measured, so that none is charged for the start of its worker.
void warm_up(const hourglass::Application& app, const std::string& queue);

}  // namespace bench
