#pragma once

#include "hourglass/base/metric_recorder.hpp"
#include "hourglass/workflow/catalog.hpp"
#include "hourglass/workflow/definition.hpp"
#include "hourglass/workflow/failure_types.hpp"
#include "hourglass/workflow/info.hpp"
#include "hourglass/workflow/interceptor.hpp"
#include "src/workflow/command_places.hpp"

#include "temporal/sdk/core/workflow_activation/workflow_activation.pb.h"
#include "temporal/sdk/core/workflow_completion/workflow_completion.pb.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::workflow {

using Activation = coresdk::workflow_activation::WorkflowActivation;
using Completion = coresdk::workflow_completion::WorkflowActivationCompletion;

class Engine;

using Interceptors = std::vector<std::unique_ptr<WorkflowInterceptor>>;

/// What a run knows that no activation says.
struct RunOptions {
    std::string workflow_namespace{};
    std::string task_queue{};
    /// Whether the worker can run a local activity; empty: it is not asked.
    std::function<bool(std::string_view activity)> knows_activity{};
    /// The worker takes part in versioning: only then the server takes a versioning behaviour.
    bool versioned = false;
    /// Keep in mind where each command was made.
    bool places_commands = false;
    /// Which exceptions fail the workflow, beside those that its definition names.
    FailsWorkflow fails_workflow{};
    /// Makes what stands around the run, the first one outermost, none null; empty: nothing does.
    std::function<Interceptors(const WorkflowInfo& info)> make_interceptors{};
    /// Where workflow::meter() measures; null: nowhere.
    std::shared_ptr<hourglass::detail::MetricRecorder> metrics{};
};

using SharedRunOptions = std::shared_ptr<const RunOptions>;

/// How a run stands after an activation.
enum class RunState : std::uint8_t {
    Open,    ///< goes on with the next activation
    Closed,  ///< its workflow has ended; answers queries until it is evicted
    Failed,  ///< the workflow task failed: destroy the run. Core evicts it and starts over from the
             ///< history
    Evicted,  ///< Core forgot it and its coroutines are gone: destroy the run
};

/// One run of a workflow: activations in, commands out. Pure: no thread, no clock, no I/O.
///
/// @threads one at a time; each activation may come on another one. Several runs go side by side.
class WorkflowRun {
public:
    /// @param definition  must outlive the run, as those of the catalog do.
    /// @param options  not null; the runs of a worker share them.
    WorkflowRun(const Definition& definition, std::string run_id, SharedRunOptions options);
    /// With options that no other run has.
    WorkflowRun(const Definition& definition, std::string run_id, RunOptions options);
    ~WorkflowRun();
    WorkflowRun(const WorkflowRun&) = delete;
    WorkflowRun& operator=(const WorkflowRun&) = delete;

    /// Applies the jobs, runs the workflow until it waits, and writes the answer. Never throws but
    /// for lack of memory: what the workflow throws is part of the answer.
    /// @param completion  empty; may live on an arena.
    RunState activate(const Activation& activation, Completion& completion);

    /// The same with the answer in place of the state.
    [[nodiscard]] Completion activate(const Activation& activation);

    [[nodiscard]] RunState state() const noexcept;
    [[nodiscard]] const std::string& run_id() const noexcept;
    // From the first activation on, and never changed again.
    [[nodiscard]] const std::string& workflow_id() const noexcept;
    [[nodiscard]] const std::string& workflow_type() const noexcept;
    /// Where the workflow's code is while `activate` runs it, a line a coroutine, innermost first.
    /// @threads any, while the run lives; one at a time.
    [[nodiscard]] std::string running_place() const;
    /// With RunOptions::places_commands: where each command of the last activation was made, by its
    /// index, see CommandPlaces. There may be fewer of these than of those.
    [[nodiscard]] std::vector<CommandPlace> command_places() const;

private:
    std::unique_ptr<Engine> engine_;
};

/// Whether the activation begins a run: only then is there a workflow type to look up.
/// @returns the type, or null.
[[nodiscard]] const std::string* workflow_type_of(const Activation& activation);
/// Whether the activation is nothing but the end of a run. An empty completion answers it if the
/// run is not known.
[[nodiscard]] bool is_eviction(const Activation& activation);

/// Answers an activation with a failure of the workflow task.
/// @param type  what the failure is known by in the history, such as "UnknownWorkflowType".
void fail_task(
    std::string_view run_id, std::string_view message, std::string_view type, Completion& completion
);
/// Answers an activation with an empty success: an eviction of a run that is not known.
void answer_empty(std::string_view run_id, Completion& completion);
/// Answers the first activation of a type that the catalog does not know: names it and the known
/// ones.
void fail_unknown_type(
    const Activation& activation, const Catalog& catalog, Completion& completion
);

}  // namespace hourglass::workflow
