#include "src/testing/driven_run.hpp"

#include "hourglass/client/errors.hpp"
#include "src/client/close_event.hpp"
#include "src/client/update_outcome.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/testing/command_view.hpp"

#include <string>
#include <utility>
#include <variant>

namespace hourglass::testing {
namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;

[[noreturn]] void throw_task_failed(
    const Execution& execution, const service::RespondWorkflowTaskFailedRequest& answer
) {
    const bool nondeterminism =
        answer.cause() == enums::WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR;
    throw WorkflowTaskFailedError{
        "a workflow task of '" + execution.workflow_id() + "' failed" +
            (nondeterminism ? ", because the code is not what the history tells: " : ": ") +
            answer.failure().message(),
        answer.failure().message(),
        nondeterminism
    };
}

[[noreturn]] void throw_timed_out(const Execution& execution, const DriverWorker& worker) {
    throw WaitTimeoutError{
        "the worker has not answered a workflow task of '" + execution.workflow_id() + "' within " +
        std::to_string(worker.options().answer_limit.count()) +
        " ms (WorkflowDriverOptions::answer_limit): the workflow's code blocks, a local activity "
        "takes longer, or the machine is overloaded; the log may tell more"
    };
}

Execution::Failure failure_of(const std::exception_ptr& error) {
    Execution::Failure failure;
    convert::to_failure(error, &failure);
    return failure;
}

/// Sets a flag for as long as it lives.
class Raised {
public:
    explicit Raised(bool& flag) : flag_{flag} { flag_ = true; }
    ~Raised() { flag_ = false; }
    Raised(const Raised&) = delete;
    Raised& operator=(const Raised&) = delete;

private:
    bool& flag_;
};

}  // namespace

void DrivenRun::Impl::happened() {
    if (!together) {
        run_task();
    }
}

void DrivenRun::Impl::run_task() {
    bool again = true;
    commands.clear();
    // Of all parts together: with a local activity that goes on, there is one more and one more.
    const auto deadline = std::chrono::steady_clock::now() + worker->options().answer_limit;
    while (again) {
        auto task = execution.begin_task();
        const auto answer =
            worker->run(execution.queue(), std::move(task), execution.log().history(), deadline);
        if (!answer) {
            execution.time_out_task();
            throw_timed_out(execution, *worker);
        }
        if (const auto* failed = std::get_if<service::RespondWorkflowTaskFailedRequest>(&*answer)) {
            execution.fail_task(*failed);
            throw_task_failed(execution, *failed);
        }
        const auto* done = std::get_if<service::RespondWorkflowTaskCompletedRequest>(&*answer);
        if (done == nullptr) {
            throw Error{"the worker answered a workflow task as if it was a query"};
        }
        auto made = commands_of(*done, execution.log().history());
        if (const std::string unserved = execution.complete_task(*done); !unserved.empty()) {
            worker->evict(execution.run_id());  // it takes the task for done
            throw Error{unserved};
        }
        for (auto& command : made) {
            commands.push_back(std::move(command));
        }
        // So does a worker whose local activity takes longer than a workflow task may.
        again = done->force_create_new_workflow_task() && execution.close_event() == nullptr;
    }
}

DrivenRun::DrivenRun(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
DrivenRun::~DrivenRun() = default;

const std::string& DrivenRun::workflow_id() const {
    return impl_->execution.workflow_id();
}

const std::string& DrivenRun::run_id() const {
    return impl_->execution.run_id();
}

const std::vector<WorkflowCommand>& DrivenRun::commands() const {
    return impl_->commands;
}

WorkflowHistory DrivenRun::history() const {
    const auto& execution = impl_->execution;
    return WorkflowHistory{
        execution.workflow_id(), execution.log().history().SerializeAsString(), execution.run_id()
    };
}

bool DrivenRun::is_closed() const {
    return impl_->execution.close_event() != nullptr;
}

std::chrono::system_clock::time_point DrivenRun::now() const {
    return impl_->execution.log().now();
}

Payloads DrivenRun::result() const {
    const auto* event = impl_->execution.close_event();
    if (event == nullptr) {
        throw Error{"workflow '" + workflow_id() + "' is open: it has no result so far"};
    }
    return client::result_of(*event, workflow_id(), run_id());
}

void DrivenRun::run_task() {
    if (impl_->together) {
        throw Error{"`run_task` is called in `together`, which runs the workflow task itself"};
    }
    impl_->run_task();
}

void DrivenRun::together(const std::function<void()>& happenings) {
    if (impl_->together) {
        throw Error{"`together` is called in `together`: one workflow task is all there is"};
    }
    {
        const Raised raised{impl_->together};
        happenings();
    }
    impl_->run_task();
}

void DrivenRun::evict() {
    impl_->worker->evict(run_id());
    impl_->execution.forget_worker();
}

void DrivenRun::signal(const std::string& name, Payloads arguments) {
    impl_->execution.signal(name, std::move(arguments));
    impl_->happened();
}

void DrivenRun::cancel(const std::string& reason) {
    impl_->execution.request_cancel(reason);
    impl_->happened();
}

Payloads DrivenRun::query(const std::string& name, Payloads arguments) {
    const auto& execution = impl_->execution;
    const auto answer = impl_->worker->run(
        execution.queue(),
        execution.query(name, std::move(arguments)),
        execution.log().history(),
        std::chrono::steady_clock::now() + impl_->worker->options().answer_limit
    );
    if (!answer) {
        throw_timed_out(execution, *impl_->worker);
    }
    if (const auto* failed = std::get_if<service::RespondWorkflowTaskFailedRequest>(&*answer)) {
        throw_task_failed(execution, *failed);
    }
    const auto* answered = std::get_if<service::RespondQueryTaskCompletedRequest>(&*answer);
    if (answered == nullptr) {
        throw Error{"the worker answered a query as if it was a workflow task"};
    }
    if (answered->completed_type() == enums::QUERY_RESULT_TYPE_FAILED) {
        const std::string why = answered->error_message().empty() ? answered->failure().message()
                                                                  : answered->error_message();
        throw QueryFailedError{
            "cannot query \"" + name + "\" of workflow \"" + workflow_id() + "\": " + why,
            answered->has_failure() ? convert::to_cause(answered->failure()) : nullptr
        };
    }
    return convert::from_proto(answered->query_result());
}

std::string DrivenRun::update(const std::string& name, Payloads arguments) {
    std::string id = "update-" + std::to_string(++impl_->updates);
    impl_->execution.admit_update(id, name, std::move(arguments));
    impl_->happened();
    return id;
}

bool DrivenRun::update_is_accepted(const std::string& id) const {
    return impl_->execution.update(id).accepted != 0;
}

bool DrivenRun::update_is_done(const std::string& id) const {
    return impl_->execution.update(id).is_done();
}

Payloads DrivenRun::update_result(const std::string& id) const {
    const ServedUpdate& update = impl_->execution.update(id);
    const std::string& name = update.request.input().name();
    if (!update.is_done()) {
        throw Error{
            "update '" + name + "' of workflow '" + workflow_id() + "' is " +
            (update.accepted != 0 ? "accepted, and not done: its handler waits for something"
                                  : "not accepted so far: no workflow task has handled it")
        };
    }
    return client::outcome_future(
               {.update = name, .workflow_id = workflow_id(), .run_id = run_id()}, update.outcome
    )
        .get();
}

void DrivenRun::complete_activity(std::string_view activity, Payloads result) {
    impl_->execution.complete_activity(activity, std::move(result));
    impl_->happened();
}

void DrivenRun::fail_activity(std::string_view activity, const std::exception_ptr& error) {
    impl_->execution.fail_activity(activity, failure_of(error));
    impl_->happened();
}

void DrivenRun::cancel_activity(std::string_view activity, Payloads details) {
    impl_->execution.cancel_activity(activity, std::move(details));
    impl_->happened();
}

void DrivenRun::start_child(std::string_view child) {
    impl_->execution.start_child(child);
    impl_->happened();
}

void DrivenRun::complete_child(std::string_view child, Payloads result) {
    impl_->execution.complete_child(child, std::move(result));
    impl_->happened();
}

void DrivenRun::fail_child(std::string_view child, const std::exception_ptr& error) {
    impl_->execution.fail_child(child, failure_of(error));
    impl_->happened();
}

void DrivenRun::cancel_child(std::string_view child, Payloads details) {
    impl_->execution.cancel_child(child, std::move(details));
    impl_->happened();
}

void DrivenRun::confirm_signal(std::string_view workflow_id_or_signal) {
    impl_->execution.confirm_signal(workflow_id_or_signal);
    impl_->happened();
}

void DrivenRun::confirm_cancel_request(std::string_view workflow_id) {
    impl_->execution.confirm_cancel_request(workflow_id);
    impl_->happened();
}

void DrivenRun::refuse_child(std::string_view child, workflow::ChildStartFailure why) {
    impl_->execution.refuse_child(child, why);
    impl_->happened();
}

void DrivenRun::refuse_signal(
    std::string_view workflow_id_or_signal, workflow::ExternalFailure why
) {
    impl_->execution.refuse_signal(workflow_id_or_signal, why);
    impl_->happened();
}

void DrivenRun::refuse_cancel_request(std::string_view workflow_id, workflow::ExternalFailure why) {
    impl_->execution.refuse_cancel_request(workflow_id, why);
    impl_->happened();
}

void DrivenRun::fire_timer() {
    const auto next = impl_->execution.next_timer();
    if (!next) {
        throw Error{"workflow '" + workflow_id() + "' has no open timer"};
    }
    fire_timer(next->id);
}

void DrivenRun::fire_timer(std::string_view id) {
    impl_->execution.fire_timer(id);
    impl_->happened();
}

void DrivenRun::advance(std::chrono::nanoseconds duration) {
    if (impl_->together) {
        throw Error{"`advance` is called in `together`, although it runs workflow tasks of its own"
        };
    }
    const auto until = later(now(), duration);
    while (!is_closed()) {
        const auto next = impl_->execution.next_timer();
        if (!next || next->fires_at > until) {
            break;
        }
        fire_timer(next->id);
    }
    impl_->execution.move_clock(until);
}

}  // namespace hourglass::testing
