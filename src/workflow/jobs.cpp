// What each kind of job does to the engine's state. Nothing of the user's runs here but the
// constructor.

#include "hourglass/base/error.hpp"
#include "hourglass/workflow/logger.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/workflow/context.hpp"
#include "src/workflow/engine.hpp"
#include "src/workflow/running_handler.hpp"
#include "src/workflow/update_job.hpp"

#include <exception>
#include <string>
#include <utility>

namespace hourglass::workflow {
namespace {

namespace activation = coresdk::workflow_activation;

}  // namespace

void Engine::apply(const Job& job) {
    if (!instance_ && !job.has_initialize_workflow()) {
        refuse("the run '" + run_id() + "' got a job before its first one, initialize_workflow");
    }
    switch (job.variant_case()) {
        case Job::kInitializeWorkflow:
            initialize(job.initialize_workflow());
            return;
        case Job::kFireTimer:
            fire(job.fire_timer());
            return;
        case Job::kUpdateRandomSeed:
            reseed(job.update_random_seed().randomness_seed());
            return;
        case Job::kCancelWorkflow:
            cancel_pending_ = true;
            seldom_->cancel_reason = job.cancel_workflow().reason();
            return;
        case Job::kSignalWorkflow:
            signal(
                {job.signal_workflow().signal_name(),
                 convert::from_proto(job.signal_workflow().input()),
                 convert::from_proto(job.signal_workflow().headers()),
                 job.signal_workflow().originating_event_id()}
            );
            return;
        case Job::kResolveActivity:
            resolve(job.resolve_activity());
            return;
        case Job::kNotifyHasPatch:
            seldom_->patches_in_history.insert(job.notify_has_patch().patch_id());
            return;
        case Job::kDoUpdate:
            update(job.do_update());
            return;
        case Job::kResolveChildWorkflowExecutionStart:
            resolve(job.resolve_child_workflow_execution_start());
            return;
        case Job::kResolveChildWorkflowExecution:
            resolve(job.resolve_child_workflow_execution());
            return;
        case Job::kResolveSignalExternalWorkflow:
            resolve(job.resolve_signal_external_workflow());
            return;
        case Job::kResolveRequestCancelExternalWorkflow:
            resolve(job.resolve_request_cancel_external_workflow());
            return;
        case Job::kResolveNexusOperationStart:
            resolve(job.resolve_nexus_operation_start());
            return;
        case Job::kResolveNexusOperation:
            resolve(job.resolve_nexus_operation());
            return;
        case Job::kQueryWorkflow:
        case Job::kRemoveFromCache:
        case Job::VARIANT_NOT_SET:
            break;
    }
    refuse("the activation has a job of a kind that is not known here");
}

void Engine::refuse(const std::string& what) {
    throw Error{
        what + "; the activation does not fit this run, which has to start over from its history"
    };
}

void Engine::initialize(const activation::InitializeWorkflow& job) {
    if (instance_) {
        refuse("the run '" + run_id() + "' was initialized twice");
    }
    info_.initialize(job, now_);
    reseed(job.randomness_seed());
    run_arguments_ = convert::from_proto(job.arguments());
    main_pending_ = true;
    std::exception_ptr error;
    const char* place = "WorkerInterceptor::workflow()";
    try {
        if (options_->make_interceptors) {
            const Doing doing{*this, "WorkerInterceptor::workflow()"};
            interceptors_ = options_->make_interceptors(info());
        }
        place = "constructor";
        const Doing doing{*this, "the constructor"};
        instance_ = definition_.create(run_arguments_);
    } catch (...) {
        error = std::current_exception();  // what it means is decided by its type
    }
    if (error && fails_workflow(error)) {
        end_with(error, place);
        scheduler_.stop();  // there is nothing to run
    } else if (error) {
        fail_task(place, error);
    }
}

HandlerTable<detail::PrepareSignal>::Entry Engine::signal_handler(const std::string& name) const {
    using Entry = HandlerTable<detail::PrepareSignal>::Entry;
    return signal_handlers_.find(name, definition_.signals, [](const SignalDefinition& defined) {
        return Entry{
            [prepare = defined.prepare](const std::string& /*name*/, const Payloads& payloads) {
                return prepare(payloads);
            },
            {.unfinished = defined.unfinished}
        };
    });
}

void Engine::signal(WaitingMessage message) {
    auto entry = signal_handler(message.name);
    if (!entry) {
        logger().warn(
            "a signal came that the workflow has no handler for; it is kept until one is set",
            {{"signal", message.name},
             {"known_signals", signal_handlers_.names(definition_.signals)}}
        );
        seldom_->unhandled_signals.push_back(std::move(message));
        return;
    }
    RunningHandler running{*this, {message.name, {}, entry.options.unfinished}};
    HandlerRun& run = running.run();
    detail::Ref<detail::EventGroupMark> group;
    if (message.event != 0) {
        group = detail::make_ref<detail::EventGroupMark>(message.event);
    }
    Task<void> routine = interceptors_.empty()
                             ? run_signal(
                                   std::move(message.name),
                                   std::move(entry.handler),
                                   std::move(message.arguments),
                                   std::move(running)
                               )
                             : run_intercepted_signal(std::move(message), std::move(running));
    run.routine = &start_routine(std::move(routine), std::move(group));
}

void Engine::update(const activation::DoUpdate& job) {
    UpdateJob update;
    update.protocol_instance_id = job.protocol_instance_id();
    update.id = job.id();
    update.name = job.name();
    update.arguments = convert::from_proto(job.input());
    update.headers = convert::from_proto(job.headers());
    update.validate = job.run_validator();
    if (update_handler(update.name)) {
        start_update(std::move(update));
    } else {
        // Core puts updates first, and on replay into one activation with what may set the handler.
        unhandled_updates_.push_back(std::move(update));
    }
}

void Engine::start_update(UpdateJob update) {
    RunningHandler running{
        *this, {update.name, update.id, update_handler(update.name).options.unfinished}
    };
    HandlerRun& run = running.run();
    auto group = detail::make_ref<detail::EventGroupMark>(
        detail::EventGroupMark::Kind::Update, update.id, std::string{}
    );
    run.routine =
        &start_routine(run_update(std::move(update), std::move(running)), std::move(group));
}

void Engine::fire(const activation::FireTimer& job) {
    if (ends_backoff(job.seq())) {
        return;
    }
    const auto found = timers_->find(job.seq());
    if (found == timers_->end()) {
        refuse(
            "timer " + std::to_string(job.seq()) + " fired, but the workflow does not wait for it"
        );
    }
    const detail::Ref<detail::TimerOperation> timer = found->second;
    timers_->erase(found);
    timer->settle();
}

void Engine::resolve(const activation::ResolveActivity& job) {
    const auto found = activities_->find(job.seq());
    if (found == activities_->end()) {
        refuse(
            "activity " + std::to_string(job.seq()) +
            " ended, but the workflow does not wait for it"
        );
    }
    const detail::Ref<detail::ActivityOperation> activity = found->second;
    activities_->erase(found);
    const auto& result = job.result();
    if (result.has_completed()) {
        // A function that returns nothing may leave the result out.
        activity->complete(
            result.completed().has_result() ? convert::from_proto(result.completed().result())
                                            : null_payload()
        );
    } else if (result.has_failed()) {
        const detail::ActivityCalled whose{*activity};  // what is in the failure, too
        const hourglass::detail::ConversionScope scope{&whose};
        const std::exception_ptr error = convert::from_failure(result.failed().failure());
        if (auto* const local = dynamic_cast<detail::LocalActivityOperation*>(activity.get())) {
            local->settle_failed(error);
        } else {
            activity->settle(error);
        }
    } else if (result.has_cancelled()) {
        const detail::ActivityCalled whose{*activity};
        const hourglass::detail::ConversionScope scope{&whose};
        activity->settle(convert::from_failure(result.cancelled().failure()));
    } else if (result.has_backoff()) {
        back_off(*activity, result.backoff());
    } else {
        refuse("activity " + std::to_string(job.seq()) + " ended in a way that is not known here");
    }
}

}  // namespace hourglass::workflow
