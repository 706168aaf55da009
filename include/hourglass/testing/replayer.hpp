#pragma once

#include "hourglass/client/client.hpp"
#include "hourglass/client/workflow_history.hpp"
#include "hourglass/testing/replay_report.hpp"
#include "hourglass/workflow/failure_types.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hourglass {
class WorkerInterceptor;
}  // namespace hourglass

namespace hourglass::testing {

class ReplayPlugin;

struct ReplayOptions {
    /// What workflow::info().workflow_namespace says, because a history does not tell; replay_query
    /// takes the client's.
    std::string workflow_namespace = "default";
    /// Histories replayed at once, each on a thread and with a worker of Core of its own; 0: one a
    /// processor.
    unsigned parallel = 0;
    /// How long Core may say nothing before a history is given up; > 0. Time that the workflow's
    /// code takes does not count.
    std::chrono::milliseconds silence_limit = std::chrono::seconds{60};
    /// How the payloads in the histories are encoded; those that are not are read as they are.
    DataOptions data = {};
    /// Stand around the workflows, as on the workers that wrote the histories; not null.
    std::vector<std::shared_ptr<WorkerInterceptor>> interceptors = {};
    /// Which exceptions fail a workflow, as WorkerOptions::fails_workflow of those workers; the
    /// replay itself does not ask about nondeterminism, which it reports.
    workflow::FailsWorkflow fails_workflow = {};
    /// Change these options before they are used, in this order; not null.
    std::vector<std::shared_ptr<ReplayPlugin>> plugins = {};
    /// Told of each history as soon as it is done, one at a time; it may not throw.
    /// @threads any.
    std::function<void(const ReplayResult&)> on_result = {};
};

/// Options of replays that belong together: a Plugin whose interceptors or codecs concern workflows
/// is one of these, too, so that their histories are replayed as they were written.
/// @threads the one that makes the Replayer.
class ReplayPlugin {
public:
    ReplayPlugin() = default;
    ReplayPlugin(const ReplayPlugin&) = delete;
    ReplayPlugin& operator=(const ReplayPlugin&) = delete;
    virtual ~ReplayPlugin() = default;

    /// For messages, not empty; two plugins of a Replayer have two names.
    [[nodiscard]] virtual std::string name() const = 0;
    /// Once, before the Replayer is made of them; their own list of plugins is empty meanwhile.
    /// @throws what it likes; the Replayer's constructor throws it.
    virtual void configure_replayer(ReplayOptions& options) = 0;
};

/// Runs recorded histories through the workflows of this program, to see whether the code still
/// takes the way that was recorded: before it meets executions that older code began.
///
/// The workflows are those that HOURGLASS_WORKFLOW defines in the process. No server is needed, no
/// activity runs, nothing is sent. Of an execution that is still open the end is open too: what its
/// next workflow task would do is not compared with anything.
/// @threads one at a time.
class Replayer {
public:
    /// @throws ConfigurationError, DuplicateRegistrationError.
    explicit Replayer(ReplayOptions options = {});
    ~Replayer();
    Replayer(const Replayer&) = delete;
    Replayer& operator=(const Replayer&) = delete;

    [[nodiscard]] ReplayResult replay(const WorkflowHistory& history);

    [[nodiscard]] ReplayReport replay_all(std::vector<WorkflowHistory> histories);

    /// Each file, and of each folder every `*.json` and `*.pb` in it and below, sorted by name.
    /// JSON as WorkflowHistory::from_json reads it, all else as a serialized History. A workflow id
    /// that is not in the history is the file's name without its ending. A file that cannot be read
    /// is a failure in the report.
    /// @throws ConfigurationError if there is no such file or folder, or no history in a folder.
    [[nodiscard]] ReplayReport replay_files(
        const std::vector<std::filesystem::path>& files_and_folders
    );

    /// The executions that `client` lists for `query`, newest first, `limit` at most. A history
    /// that the server does not give is a failure in the report, and so is a list that breaks off.
    /// @throws what `Client::list_workflows` throws, if nothing was replayed before.
    [[nodiscard]] ReplayReport replay_query(
        const Client& client, std::string query, std::size_t limit = 1000
    );

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hourglass::testing
