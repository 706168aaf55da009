#include "src/cli/replay_command.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/client/client.hpp"
#include "hourglass/testing/replayer.hpp"
#include "src/cli/library.hpp"
#include "src/cli/progress.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <optional>
#include <unistd.h>
#include <utility>

namespace hourglass::cli {
namespace {

using testing::ReplayReport;
using testing::ReplayResult;

/// How many files `Replayer::replay_files` takes of that; one that is not there it will tell of.
std::size_t count_files(const std::filesystem::path& file_or_folder) {
    if (!std::filesystem::is_directory(file_or_folder)) {
        return 1;
    }
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{file_or_folder}) {
        const auto ending = entry.path().extension();
        count += entry.is_regular_file() && (ending == ".json" || ending == ".pb") ? 1 : 0;
    }
    return count;
}

/// What is replayed, wherever it comes from.
class Histories {
public:
    /// @param data  how the payloads in them travel.
    Histories(const ReplayCommand& command, DataOptions data) : command_{command} {
        if (command.from_server) {
            ClientOptions options = ClientOptions::from_environment(std::move(data));
            options.data = {};  // the replayer decodes
            client_ = Client::connect(std::move(options));
        }
    }

    /// How many there are, as far as that can be known beforehand.
    [[nodiscard]] std::optional<std::size_t> count() const {
        if (!client_) {
            std::size_t count = 0;
            for (const auto& path : command_.files_and_folders) {
                count += count_files(path);
            }
            return count;
        }
        try {
            const auto total = client_->count_workflows(command_.query).total;
            return std::min(static_cast<std::size_t>(total), command_.limit);
        } catch (const Error&) {
            return std::nullopt;  // what is wrong with the query, the replay itself will say
        }
    }

    [[nodiscard]] ReplayReport replay(testing::Replayer& replayer) const {
        if (client_) {
            return replayer.replay_query(*client_, command_.query, command_.limit);
        }
        return replayer.replay_files(
            {command_.files_and_folders.begin(), command_.files_and_folders.end()}
        );
    }

private:
    const ReplayCommand& command_;
    std::optional<Client> client_;
};

}  // namespace

bool replay(const ReplayCommand& command, const CliOptions& program) {
    if (command.from_server == !command.files_and_folders.empty()) {
        throw ConfigurationError{
            "name either files and folders with histories, or a --query for the server; not both"
        };
    }
    for (const auto& library : command.libraries) {
        load_library(library);
    }
    const bool watched = !command.quiet && isatty(STDERR_FILENO) != 0;
    const DataOptions data = data_options(command.data, program.data);
    const Histories histories{command, data};
    std::optional<Progress> progress{
        std::in_place, watched, watched ? histories.count() : std::nullopt
    };
    testing::Replayer replayer{
        {.workflow_namespace = command.workflow_namespace,
         .parallel = command.parallel,
         .data = data,
         .interceptors = program.interceptors,
         .fails_workflow = program.fails_workflow,
         .plugins = program.plugins,
         .on_result = [&progress](const ReplayResult& result) { progress->add(result.ok()); }}
    };
    const ReplayReport report = histories.replay(replayer);
    progress.reset();
    if (!command.quiet || !report.ok()) {
        std::cout << report << std::endl;
    }
    return report.ok();
}

}  // namespace hourglass::cli
