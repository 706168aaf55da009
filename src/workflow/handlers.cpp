// The coroutines that run the user's: the main routine, and one for each signal and update. No
// exception leaves them.

#include "hourglass/convert/conversion_error.hpp"
#include "hourglass/convert/failures.hpp"
#include "hourglass/workflow/errors.hpp"
#include "hourglass/workflow/logger.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/workflow/context.hpp"
#include "src/workflow/engine.hpp"
#include "src/workflow/inbound.hpp"
#include "src/workflow/main_routine.hpp"
#include "src/workflow/prepare_signal.hpp"
#include "src/workflow/running_handler.hpp"
#include "src/workflow/update_job.hpp"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hourglass::workflow {
namespace {

/// @param type  the failure's.
[[noreturn]] void throw_unknown(
    const char* type,
    const char* kind,
    const std::string& name,
    std::string_view workflow,
    const std::string& known
) {
    ApplicationErrorOptions options;
    options.type = type;
    options.non_retryable = true;
    throw ApplicationError{
        "workflow '" + std::string{workflow} + "' has no " + kind + " '" + name +
            "'; it has: " + known,
        std::move(options)
    };
}

/// In a handler of ConversionError: the same with the place, which the converter cannot know.
[[noreturn]] void rethrow_with_place(const std::string& place, const ConversionError& error) {
    ApplicationErrorOptions options;
    options.type = "ConversionError";
    options.non_retryable = true;
    throw ApplicationError{place + ": " + error.what(), std::move(options)};
}

/// Fails when its turn comes: what came before it in the activation, such as a signal, is handled.
Task<Payload> throw_later(std::exception_ptr error) {
    std::rethrow_exception(error);
    co_return Payload{};
}

}  // namespace

detail::TaskStateBase& Engine::start_routine(
    Task<void> routine, detail::Ref<detail::EventGroupMark> group
) {
    routine.frame()->group = std::move(group);
    const auto started =
        detail::make_ref<detail::TaskState<void>>(std::move(routine), root_scope_, false);
    start(*started);
    return *started;  // the engine holds it until it ends
}

Task<Payload> Engine::call_run_method() {
    const Doing doing{*this, "the conversion of the run method's arguments"};
    try {
        Payloads arguments = std::move(run_arguments_);
        return interceptors_.empty() ? definition_.run(instance_.get(), std::move(arguments))
                                     : Inbound::execute(this, std::move(arguments));
    } catch (...) {
        return throw_later(std::current_exception());
    }
}

void Engine::start_main() {
    const auto started = detail::make_ref<MainRoutine>(*this, call_run_method(), root_scope_);
    start(*started);
    main_routine_ = started.get();  // the engine holds it until it ends
}

Task<void> Engine::run_signal(
    std::string name, detail::PrepareSignal handler, Payloads arguments, RunningHandler running
) {
    static_cast<void>(running);  // lives as long as this
    SignalCall call = prepare_signal(handler, name, std::move(arguments));
    if (!call) {
        co_return;
    }
    std::exception_ptr error;
    try {
        Task<void> rest = call(instance_.get());
        if (rest.valid()) {
            co_await std::move(rest);
        }
    } catch (...) {
        error = std::current_exception();  // as above
    }
    if (error) {
        end_signal(error, name);
    }
}

Task<void> Engine::run_intercepted_signal(WaitingMessage message, RunningHandler running) {
    static_cast<void>(running);  // lives as long as this
    const std::string name = message.name;
    std::exception_ptr error;
    try {
        Task<void> handled = Inbound{*this}.signal(std::move(message));
        if (handled.valid()) {  // else an interceptor has let it go
            co_await std::move(handled);
        }
    } catch (...) {
        error = std::current_exception();  // as above
    }
    if (error) {
        end_signal(error, name);
    }
}

Task<void> Engine::run_update(UpdateJob job, RunningHandler running) {
    static_cast<void>(running);  // lives as long as this
    std::unique_ptr<UpdateCall> call;
    try {
        call = accept_update(job);
    } catch (const ReadOnlyError&) {
        fail_task("validator of update '" + job.name + "'", std::current_exception());
        co_return;
    } catch (...) {
        reject_update(job.protocol_instance_id, std::current_exception());  // whatever it throws
        co_return;
    }
    std::exception_ptr error;
    Payload result;
    try {
        Task<Payload> handler = call ? call->start(instance_.get()) : Inbound{*this}.update(job);
        result = co_await std::move(handler);
    } catch (...) {
        error = std::current_exception();  // as above
    }
    if (error) {
        end_update(job, error);
    } else {
        auto& response = *add_command().mutable_update_response();
        response.set_protocol_instance_id(job.protocol_instance_id);
        convert::to_proto(std::move(result), response.mutable_completed());
    }
}

std::unique_ptr<UpdateCall> Engine::prepare_update(const HandleUpdateCall& call) const {
    const auto entry = update_handler(call.name);
    if (!entry) {
        throw_unknown(
            "UnknownUpdate",
            "update",
            call.name,
            definition_.name,
            update_handlers_.names(definition_.updates)
        );
    }
    try {
        return entry.handler(call.name, call.arguments);
    } catch (const ConversionError& error) {
        rethrow_with_place("update '" + call.name + "'", error);
    }
}

std::unique_ptr<UpdateCall> Engine::accept_update(const UpdateJob& job) {
    std::unique_ptr<UpdateCall> call;
    if (interceptors_.empty()) {
        call = prepare_update(job);
    }
    if (job.validate) {
        const ReadOnly read_only{*this, "the validator of update", job.name};
        if (call) {
            call->validate(instance_.get());
        } else {
            Inbound{*this}.validate(job);
        }
    }
    auto& response = *add_command().mutable_update_response();
    response.set_protocol_instance_id(job.protocol_instance_id);
    response.mutable_accepted();
    return call;
}

HandlerTable<detail::PrepareUpdate>::Entry Engine::update_handler(const std::string& name) const {
    using Entry = HandlerTable<detail::PrepareUpdate>::Entry;
    return update_handlers_.find(name, definition_.updates, [](const UpdateDefinition& defined) {
        return Entry{
            [prepare = defined.prepare](const std::string& /*name*/, const Payloads& payloads) {
                return prepare(payloads);
            },
            {.unfinished = defined.unfinished}
        };
    });
}

void Engine::reject_unhandled_updates() {
    std::vector<UpdateJob> unhandled;
    unhandled.swap(unhandled_updates_);
    for (UpdateJob& update : unhandled) {
        start_update(std::move(update));  // which says that there is no handler
    }
    if (!unhandled.empty()) {
        run_until_idle();
    }
}

void Engine::reject_update(
    const std::string& protocol_instance_id, const std::exception_ptr& error
) {
    auto& response = *add_command().mutable_update_response();
    response.set_protocol_instance_id(protocol_instance_id);
    write_failure(error, *response.mutable_rejected());
}

void Engine::answer_query(const coresdk::workflow_activation::QueryWorkflow& job) {
    auto& answer = *add_command().mutable_respond_to_query();
    answer.set_query_id(job.query_id());
    try {
        const ReadOnly read_only{*this, "the query", job.query_type()};
        convert::to_proto(call_query(job), answer.mutable_succeeded()->mutable_response());
    } catch (...) {
        convert::to_failure(std::current_exception(), answer.mutable_failed());
    }
}

Payload Engine::call_query(const coresdk::workflow_activation::QueryWorkflow& job) {
    if (!instance_) {
        throw ApplicationError{
            "workflow '" + std::string{definition_.name} + "' cannot answer the query '" +
            job.query_type() + "': its constructor failed, and the workflow with it"
        };
    }
    if (job.query_type() == "__temporal_workflow_metadata") {
        return metadata();
    }
    if (job.query_type() == "__stack_trace") {
        return stack_trace();
    }
    if (job.query_type() == "__enhanced_stack_trace") {
        return enhanced_stack_trace();
    }
    HandleQueryCall call{
        job.query_type(), convert::from_proto(job.arguments()), convert::from_proto(job.headers())
    };
    return interceptors_.empty() ? call_query_handler(call) : Inbound{*this}.query(std::move(call));
}

Payload Engine::call_query_handler(const HandleQueryCall& call) {
    using Entry = HandlerTable<detail::AnswerQuery>::Entry;
    const void* instance = instance_.get();
    const Entry entry = query_handlers_.find(
        call.name,
        definition_.queries,
        [instance](const QueryDefinition& defined) {
            return Entry{
                [call = defined.call, instance](
                    const std::string& /*name*/, const Payloads& payloads
                ) { return call(instance, payloads); },
                {}
            };
        }
    );
    if (!entry) {
        throw_unknown(
            "UnknownQuery",
            "query",
            call.name,
            definition_.name,
            query_handlers_.names(definition_.queries)
        );
    }
    try {
        return entry.handler(call.name, call.arguments);
    } catch (const ConversionError& error) {
        rethrow_with_place("query '" + call.name + "'", error);
    }
}

}  // namespace hourglass::workflow
