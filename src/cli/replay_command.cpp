#include "src/cli/replay_command.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/client/client.hpp"
#include "hourglass/testing/replayer.hpp"
#include "src/cli/library.hpp"

#include <iostream>
#include <unistd.h>
#include <utility>

namespace hourglass::cli {
namespace {

using testing::ReplayReport;
using testing::ReplayResult;

/// One line that counts, for those who watch.
class Progress {
public:
    explicit Progress(bool shown) : shown_{shown} {}
    ~Progress() {
        if (shown_ && done_ > 0) {
            std::cerr << "\r\033[K" << std::flush;
        }
    }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void add(const ReplayResult& result) {
        ++done_;
        failed_ += result.ok() ? 0 : 1;
        if (shown_) {
            std::cerr << "\r\033[K" << done_ << " histories replayed, " << failed_ << " failed"
                      << std::flush;
        }
    }

private:
    const bool shown_;
    std::size_t done_ = 0;
    std::size_t failed_ = 0;
};

ReplayReport run(const ReplayCommand& command, testing::Replayer& replayer) {
    if (!command.from_server) {
        return replayer.replay_files(
            {command.files_and_folders.begin(), command.files_and_folders.end()}
        );
    }
    const Client client = Client::connect(ClientOptions::from_environment());
    return replayer.replay_query(client, command.query, command.limit);
}

}  // namespace

bool replay(const ReplayCommand& command, const DataOptions& otherwise) {
    if (command.from_server == !command.files_and_folders.empty()) {
        throw ConfigurationError{
            "name either files and folders with histories, or a --query for the server; not both"
        };
    }
    for (const auto& library : command.libraries) {
        load_library(library);
    }
    Progress progress{!command.quiet && isatty(STDERR_FILENO) != 0};
    testing::Replayer replayer{
        {.workflow_namespace = command.workflow_namespace,
         .parallel = command.parallel,
         .data = data_options(command.data, otherwise),
         .on_result = [&progress](const ReplayResult& result) { progress.add(result); }}
    };
    const ReplayReport report = run(command, replayer);
    if (!command.quiet || !report.ok()) {
        std::cout << report << std::endl;
    }
    return report.ok();
}

}  // namespace hourglass::cli
