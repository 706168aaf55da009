#include "src/workflow/workflow_run.hpp"

#include "src/workflow/engine.hpp"

#include "temporal/api/enums/v1/failed_cause.pb.h"

#include <string>
#include <string_view>
#include <utility>

namespace hourglass::workflow {

WorkflowRun::WorkflowRun(const Definition& definition, std::string run_id, SharedRunOptions options)
    : engine_{std::make_unique<Engine>(definition, std::move(run_id), std::move(options))} {}

WorkflowRun::WorkflowRun(const Definition& definition, std::string run_id, RunOptions options)
    : WorkflowRun{
          definition, std::move(run_id), std::make_shared<const RunOptions>(std::move(options))
      } {}

WorkflowRun::~WorkflowRun() = default;

RunState WorkflowRun::activate(const Activation& activation, Completion& completion) {
    return engine_->activate(activation, completion);
}

Completion WorkflowRun::activate(const Activation& activation) {
    Completion completion;
    static_cast<void>(engine_->activate(activation, completion));
    return completion;
}

RunState WorkflowRun::state() const noexcept {
    return engine_->state();
}

const std::string& WorkflowRun::run_id() const noexcept {
    return engine_->run_id();
}

const std::string& WorkflowRun::workflow_id() const noexcept {
    return engine_->workflow_id();
}

const std::string& WorkflowRun::workflow_type() const noexcept {
    return engine_->workflow_type();
}

std::string WorkflowRun::running_place() const {
    return engine_->running_place();
}

std::vector<CommandPlace> WorkflowRun::command_places() const {
    return engine_->command_places();
}

const std::string* workflow_type_of(const Activation& activation) {
    for (const auto& job : activation.jobs()) {
        if (job.has_initialize_workflow()) {
            return &job.initialize_workflow().workflow_type();
        }
    }
    return nullptr;
}

bool is_eviction(const Activation& activation) {
    return activation.jobs_size() == 1 && activation.jobs(0).has_remove_from_cache();
}

void fail_task(
    std::string_view run_id, std::string_view message, std::string_view type, Completion& completion
) {
    completion.set_run_id(std::string{run_id});
    auto& failed = *completion.mutable_failed();
    failed.set_force_cause(
        temporal::api::enums::v1::WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE
    );
    auto& failure = *failed.mutable_failure();
    failure.set_message(std::string{message});
    failure.mutable_application_failure_info()->set_type(std::string{type});
}

void answer_empty(std::string_view run_id, Completion& completion) {
    completion.set_run_id(std::string{run_id});
    completion.mutable_successful();
}

void fail_unknown_type(
    const Activation& activation, const Catalog& catalog, Completion& completion
) {
    const std::string* type = workflow_type_of(activation);
    std::string known;
    for (const auto& name : catalog.names()) {
        known.append(known.empty() ? "'" : ", '").append(name).append("'");
    }
    fail_task(
        activation.run_id(),
        "no workflow type '" + (type == nullptr ? std::string{} : *type) +
            "' on this worker; it knows " + (known.empty() ? std::string{"none"} : known) +
            ". Define it with HOURGLASS_WORKFLOW in a file that is linked into the program",
        "UnknownWorkflowType",
        completion
    );
}

}  // namespace hourglass::workflow
