#pragma once

#include "hourglass/base/error.hpp"
#include "hourglass/base/function_traits.hpp"
#include "hourglass/base/name_of.hpp"
#include "hourglass/client/start_options.hpp"
#include "hourglass/convert/typed_calls.hpp"
#include "hourglass/testing/driven_run.hpp"
#include "hourglass/testing/driven_workflow.hpp"
#include "hourglass/worker/worker_options.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace hourglass::testing {

struct WorkflowDriverOptions {
    /// The worker that runs the workflows. Of its activities only local ones run.
    WorkerOptions worker = {};
    std::string workflow_namespace = "default";
    /// How long the worker may take for one workflow task; > 0. No time of the workflow's.
    std::chrono::milliseconds answer_limit = std::chrono::seconds{10};
    /// When workflows start; theirs is a clock that moves when a timer fires, and stands still
    /// else.
    std::chrono::system_clock::time_point start_time =
        std::chrono::sys_days{std::chrono::year{2030} / 1 / 1};
};

/// Runs this program's workflows step by step, without a server or a socket: a test says what
/// happens to a workflow, and sees what commands the workflow answers with.
///
/// The worker is a real one, with Temporal Core and Hourglass's tree, cache and replay. What it
/// talks to is in this process, and is the test. Activities, children and timers do what the test
/// says, and time passes only when it fires a timer. Local activities run, in the worker as always.
///
/// A driver is one worker, for as many workflows as it is asked for. It does not go through a fork.
/// @threads one at a time.
class WorkflowDriver {
public:
    /// @throws ConfigurationError, DuplicateRegistrationError.
    explicit WorkflowDriver(WorkflowDriverOptions options = {});
    /// Ends the worker, or leaves that to the last workflow.
    ~WorkflowDriver();
    WorkflowDriver(const WorkflowDriver&) = delete;
    WorkflowDriver& operator=(const WorkflowDriver&) = delete;

    /// Starts a workflow and runs its first workflow task. An id is made up if there is none.
    /// @throws WorkflowTaskFailedError; ConfigurationError if an option is not usable.
    template <auto Run, class... A>
    DrivenWorkflow<Run> start(StartOptions options, A&&... arguments) {
        auto workflow = begin<Run>(std::move(options), std::forward<A>(arguments)...);
        workflow.run_task();
        return workflow;
    }
    template <class... A>
    DrivenWorkflow<> start(std::string type, StartOptions options, A&&... arguments) {
        auto workflow = begin(std::move(type), std::move(options), std::forward<A>(arguments)...);
        workflow.run_task();
        return workflow;
    }

    /// The same without the workflow task: the first is run by what happens next, a signal or an
    /// update that came together with the start.
    template <auto Run, class... A>
    [[nodiscard]] DrivenWorkflow<Run> begin(StartOptions options, A&&... arguments) {
        detail::check_run<Run>();
        using Workflow = typename detail::TraitsOf<Run>::Class;
        return DrivenWorkflow<Run>{begin_encoded(
            std::string{detail::kNameOfType<Workflow>},
            std::move(options),
            detail::encode_for<Run>(std::forward<A>(arguments)...)
        )};
    }
    template <class... A>
    [[nodiscard]] DrivenWorkflow<> begin(std::string type, StartOptions options, A&&... arguments) {
        return DrivenWorkflow<>{begin_encoded(
            std::move(type), std::move(options), encode_arguments(std::forward<A>(arguments)...)
        )};
    }

private:
    struct Impl;

    [[nodiscard]] std::shared_ptr<DrivenRun> begin_encoded(
        std::string type, StartOptions options, Payloads arguments
    );

    std::unique_ptr<Impl> impl_;
};

}  // namespace hourglass::testing
