// What the end of the main routine, of a signal or of an update means.
//
// clang-format off
// | thrown                                       | constructor, main routine, signal | update         |
// |----------------------------------------------|-----------------------------------|----------------|
// | "cancelled" where the workflow was cancelled | cancelled; a signal: none         | rejected       |
// | any other FailureError                       | the workflow fails                | rejected       |
// | what the workflow or its worker names        | the workflow fails                | rejected       |
// | continue_as_new()                            | continues as new                  | the task fails |
// | anything else                                | the task fails                    | the task fails |
// clang-format on

#include "hourglass/convert/failures.hpp"
#include "hourglass/workflow/continue_as_new.hpp"
#include "hourglass/workflow/errors.hpp"
#include "hourglass/workflow/logger.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_retry.hpp"
#include "src/convert/proto_time.hpp"
#include "src/workflow/engine.hpp"
#include "src/workflow/update_job.hpp"

#include <exception>
#include <string>
#include <utility>

namespace hourglass::workflow {
namespace {

void write(
    const detail::ContinueAsNewRequest& request,
    coresdk::workflow_commands::ContinueAsNewWorkflowExecution& command
) {
    const ContinueAsNewOptions& options = request.options;
    command.set_workflow_type(request.workflow_type);
    command.set_task_queue(options.task_queue);
    convert::to_proto(request.arguments, command.mutable_arguments());
    convert::to_proto(request.headers, command.mutable_headers());
    if (options.run_timeout) {
        convert::to_proto(*options.run_timeout, command.mutable_workflow_run_timeout());
    }
    if (options.task_timeout) {
        convert::to_proto(*options.task_timeout, command.mutable_workflow_task_timeout());
    }
    if (options.retry_policy) {
        convert::to_proto(*options.retry_policy, command.mutable_retry_policy());
    }
    if (options.start_delay) {
        convert::to_proto(*options.start_delay, command.mutable_backoff_start_interval());
    }
    if (!options.memo.empty()) {
        convert::to_proto(options.memo, command.mutable_memo());
    }
    command.set_initial_versioning_behavior(
        static_cast<temporal::api::enums::v1::ContinueAsNewVersioningBehavior>(options.versioning)
    );
    if (!options.search_attributes.empty()) {
        convert::to_proto(
            options.search_attributes.values(),
            command.mutable_search_attributes()->mutable_indexed_fields()
        );
    }
}

/// What a CancelledError of the workflow's own brings for whoever waits for the workflow.
void write_details(
    const std::exception_ptr& error, coresdk::workflow_commands::CancelWorkflowExecution& command
) {
    const FailureCause failure = as_failure(error);
    const auto* cancelled = dynamic_cast<const CancelledError*>(failure.get());
    if (cancelled != nullptr && !cancelled->details().empty()) {
        convert::to_proto(cancelled->details(), command.mutable_details());
    }
}

}  // namespace

Command* Engine::closing_command() {
    if (state_ == RunState::Closed) {
        return nullptr;  // the first end counts; a signal's may come before the main routine's
    }
    state_ = RunState::Closed;
    return &add_command();
}

void Engine::complete(Payload result) {
    if (Command* command = closing_command()) {
        convert::to_proto(
            std::move(result), command->mutable_complete_workflow_execution()->mutable_result()
        );
        if (std::as_const(seldom_)->continues_as_new) {
            // Who drops it on purpose, as race() does with what does not win, may; but a catch
            // (...) would go unnoticed.
            logger().warn(
                "the workflow ends with a result although continue_as_new() was called: what that "
                "throws did not arrive at the run method. A catch (...) has to throw it again, and "
                "a Task that calls it has to be awaited"
            );
        }
    }
}

bool Engine::fails_workflow(const std::exception_ptr& error) const {
    try {
        std::rethrow_exception(error);
    } catch (const FailureError&) {
        return true;
    } catch (const detail::ContinueAsNewRequest&) {
        return false;
    } catch (const std::exception& caught) {
        try {
            return (definition_.fails_workflow != nullptr && definition_.fails_workflow(caught)) ||
                   (options_->fails_workflow && options_->fails_workflow(caught));
        } catch (const std::exception& own) {
            logger().error(
                "WorkerOptions::fails_workflow threw; the workflow task fails",
                {{"reason", own.what()}}
            );
            return false;
        } catch (...) {
            logger().error("WorkerOptions::fails_workflow threw; the workflow task fails");
            return false;
        }
    } catch (...) {
        return false;  // what is no std::exception nobody can name
    }
}

void Engine::write_failure(const std::exception_ptr& error, Failure& failure) const {
    convert::to_failure(error, &failure);
    // What came from elsewhere goes on as it came.
    if (failure.stack_trace().empty() && !as_failure(error)->context().received) {
        failure.set_stack_trace(path_of(error));
    }
}

void Engine::end_with(const std::exception_ptr& error, const std::string& where) {
    if (root_scope_->cancelled() && is_cancelled_error(error)) {
        if (Command* command = closing_command()) {
            write_details(error, *command->mutable_cancel_workflow_execution());
        }
        return;
    }
    try {
        std::rethrow_exception(error);
    } catch (const detail::ContinueAsNewRequest& request) {
        if (Command* command = closing_command()) {
            write(request, *command->mutable_continue_as_new_workflow_execution());
        }
    } catch (...) {
        if (!fails_workflow(error)) {
            fail_task(where, error);  // a bug: the workflow waits until it is mended
        } else if (Command* command = closing_command()) {
            write_failure(error, *command->mutable_fail_workflow_execution()->mutable_failure());
        }
    }
}

void Engine::end_signal(const std::exception_ptr& error, const std::string& name) {
    if (root_scope_->cancelled() && is_cancelled_error(error)) {
        logger().debug("a signal's handler was cancelled with the workflow", {{"signal", name}});
        return;
    }
    end_with(error, "signal '" + name + "'");
}

void Engine::end_update(const UpdateJob& job, const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const detail::ContinueAsNewRequest&) {
        const Error refused{
            "continue_as_new() was called in an update's handler: its caller would get no answer. "
            "Let the handler note "
            "it and the run method call it"
        };
        fail_task("update '" + job.name + "'", std::make_exception_ptr(refused));
    } catch (...) {
        if (fails_workflow(error)) {
            reject_update(job.protocol_instance_id, error);
        } else {
            fail_task("update '" + job.name + "'", error);  // a bug, as above
        }
    }
}

}  // namespace hourglass::workflow
