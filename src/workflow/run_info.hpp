#pragma once

#include "hourglass/workflow/info.hpp"
#include "src/workflow/workflow_run.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace hourglass::workflow {

/// What a run knows of itself. Few ask for more than the names, and memory holds many runs: until
/// somebody does, the rest stays encoded, as the first job brought it.
class RunInfo {
public:
    using FirstJob = coresdk::workflow_activation::InitializeWorkflow;

    /// @param workflow_type  until the first job names it.
    RunInfo(std::string run_id, std::string_view workflow_type);

    [[nodiscard]] const std::string& run_id() const noexcept { return run_id_; }
    // Complete, and never changed again, once the first job was applied.
    [[nodiscard]] const std::string& workflow_id() const noexcept { return workflow_id_; }
    [[nodiscard]] const std::string& workflow_type() const noexcept { return workflow_type_; }

    /// @param now  when the run was started, if the job does not say.
    void initialize(const FirstJob& job, std::chrono::system_clock::time_point now);
    /// @param task  outlives what is done until `end_task`.
    void begin_task(const Activation& task);
    void end_task() noexcept { task_ = nullptr; }

    /// All of it: the same object each time.
    [[nodiscard]] WorkflowInfo& whole(const RunOptions& options);

private:
    std::string run_id_;
    std::string workflow_id_;
    std::string workflow_type_;
    std::string rest_;  // of the first job; empty once somebody has asked for it
    std::chrono::system_clock::time_point first_task_{};
    std::unique_ptr<WorkflowInfo> whole_;
    const Activation* task_ = nullptr;
};

}  // namespace hourglass::workflow
