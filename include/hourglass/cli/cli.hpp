#pragma once

#include "hourglass/codec/data_options.hpp"
#include "hourglass/workflow/failure_types.hpp"

#include <memory>
#include <vector>

namespace hourglass {
class WorkerInterceptor;
}

namespace hourglass::testing {
class ReplayPlugin;
}

namespace hourglass::cli {

struct CliOptions {
    /// How the program's payloads travel, for the commands that read or make some; the command
    /// line's flags, if there are any, take its place.
    DataOptions data = {};
    /// For `replay`: as testing::ReplayOptions has them.
    std::vector<std::shared_ptr<WorkerInterceptor>> interceptors = {};
    workflow::FailsWorkflow fails_workflow = {};
    std::vector<std::shared_ptr<testing::ReplayPlugin>> plugins = {};
};

/// The command `hourglass`, as src/cli/main.cpp calls it; for a program of one's own that is to
/// know one's workflows and codecs without loading a library: `int main(int argc, char** argv) {
/// return hourglass::cli::run(argc, argv); }` has `my_program replay histories/`.
/// @returns the exit code: 0 if all went well, 1 if a history failed, 2 if the command could not be
/// carried out.
int run(int argc, char** argv, const CliOptions& options = {});

}  // namespace hourglass::cli
