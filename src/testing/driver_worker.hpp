#pragma once

#include "hourglass/testing/workflow_driver.hpp"
#include "src/subsystem/living_tree.hpp"
#include "src/testing/frontend.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace hourglass::testing {

/// The worker of a WorkflowDriver, with the tree that it lives in, and the frontend that it is
/// connected to.
/// @threads one at a time.
class DriverWorker {
public:
    /// @throws ConfigurationError, DuplicateRegistrationError.
    explicit DriverWorker(WorkflowDriverOptions options);
    /// Stops the tree in order.
    ~DriverWorker();
    DriverWorker(const DriverWorker&) = delete;
    DriverWorker& operator=(const DriverWorker&) = delete;

    [[nodiscard]] const WorkflowDriverOptions& options() const { return options_; }

    /// Hands out a task and waits for its answer.
    /// @param history  all events of the run.
    /// @returns nothing if none came until `deadline`.
    [[nodiscard]] std::optional<TaskAnswer> run(
        std::string queue,
        temporal::api::workflowservice::v1::PollWorkflowTaskQueueResponse task,
        const temporal::api::history::v1::History& history,
        std::chrono::steady_clock::time_point deadline
    );
    /// Takes the run out of the cache, if it is there, before it gets its next task.
    void evict(const std::string& run_id);

private:
    const WorkflowDriverOptions options_;
    const std::shared_ptr<Frontend> frontend_ = std::make_shared<Frontend>();
    subsystem::LivingTree tree_;
};

}  // namespace hourglass::testing
