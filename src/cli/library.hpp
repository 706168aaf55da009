#pragma once

#include <filesystem>

namespace hourglass::cli {

/// Loads a shared library for good, so that its HOURGLASS_WORKFLOWs are defined in this process.
/// @throws ConfigurationError if it cannot be loaded, or if no workflow came with it.
void load_library(const std::filesystem::path& file);

}  // namespace hourglass::cli
