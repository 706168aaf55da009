#pragma once

#include "hourglass/cli/cli.hpp"
#include "src/cli/data_flags.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace hourglass::cli {

/// What `hourglass replay` is asked to do.
struct ReplayCommand {
    std::vector<std::string> libraries = {};
    std::vector<std::string> files_and_folders = {};
    /// Instead of files: which executions of the server that the environment or its
    /// profile names.
    std::string query = {};
    bool from_server = false;
    std::size_t limit = 1000;
    std::string workflow_namespace = "default";
    unsigned parallel = 0;
    bool quiet = false;
    DataFlags data = {};
};

/// @param program  what the command does not say.
/// @returns whether every history replayed.
/// @throws ConfigurationError, or what the server's client throws.
bool replay(const ReplayCommand& command, const CliOptions& program);

}  // namespace hourglass::cli
