// Local activities: what hands them out, and hands them out again after a long wait.

#include "hourglass/base/error.hpp"
#include "hourglass/convert/operation_failures.hpp"
#include "hourglass/workflow/local_activity.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_retry.hpp"
#include "src/workflow/command_options.hpp"
#include "src/workflow/engine.hpp"
#include "src/workflow/local_activity.hpp"

#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace hourglass::workflow {
namespace {

using coresdk::workflow_commands::ScheduleLocalActivity;

void check_options(const std::string& call, const LocalActivityOptions& options) {
    if (!options.start_to_close_timeout && !options.schedule_to_close_timeout) {
        throw ConfigurationError{
            call +
            ": set start_to_close_timeout or schedule_to_close_timeout (or both) in its "
            "LocalActivityOptions"
        };
    }
    check_timeout(call, "start_to_close_timeout", options.start_to_close_timeout);
    check_timeout(call, "schedule_to_close_timeout", options.schedule_to_close_timeout);
    check_timeout(call, "schedule_to_start_timeout", options.schedule_to_start_timeout);
    check_timeout(call, "local_retry_threshold", options.local_retry_threshold);
    if (const auto& policy = options.retry_policy.get()) {
        validate(*policy);
    }
}

void write(const LocalActivityOptions& options, ScheduleLocalActivity& command) {
    using C = ScheduleLocalActivity;
    set_timeout(options.start_to_close_timeout, &C::mutable_start_to_close_timeout, command);
    set_timeout(options.schedule_to_close_timeout, &C::mutable_schedule_to_close_timeout, command);
    set_timeout(options.schedule_to_start_timeout, &C::mutable_schedule_to_start_timeout, command);
    set_timeout(options.local_retry_threshold, &C::mutable_local_retry_threshold, command);
    if (const auto& policy = options.retry_policy.get()) {
        convert::to_proto(*policy, command.mutable_retry_policy());
    }
    command.set_cancellation_type(to_proto(options.cancellation_type));
    command.set_include_arguments_in_marker(options.include_arguments_in_marker);
}

}  // namespace

detail::Ref<detail::ActivityOperation> Engine::schedule_local(
    std::string_view name, const LocalActivityOptions& options, ArgumentsAndHeaders sent
) {
    require_writable("execute_local_activity()");
    if (name.empty()) {
        throw ConfigurationError{"execute_local_activity needs the activity's name"};
    }
    const std::string call = "execute_local_activity of '" + std::string{name} + "'";
    check_options(call, options);
    // Not on replay: what was done then needs no definition to be repeated.
    if (!replaying_ && options_->knows_activity && !options_->knows_activity(name)) {
        const ConfigurationError error{
            call +
            ": this worker has no such activity, and a local activity runs nowhere else. "
            "Define it with HOURGLASS_ACTIVITY, or add it to the worker's Definitions"
        };
        // Even if the workflow catches it: what it did instead could not be replayed.
        fail_task(call, std::make_exception_ptr(error));
        throw error;
    }
    const auto scope = current_scope();
    Command order;
    set_metadata(options.summary, {}, order);
    mark_groups(order);
    auto& command = *order.mutable_schedule_local_activity();
    command.set_activity_type(std::string{name});
    command.set_activity_id(
        options.activity_id->empty() ? std::to_string(last_.activity + 1) : *options.activity_id
    );
    convert::to_proto(std::move(sent.arguments), command.mutable_arguments());
    convert::to_proto(sent.headers, command.mutable_headers());
    write(options, command);
    auto activity = detail::make_ref<detail::LocalActivityOperation>(scope, std::move(order));
    if (scope->cancelled()) {
        activity->settle(scope->cancelled_error());
        return activity;
    }
    scope->add(*activity);
    hand_out(*activity);
    return activity;
}

void Engine::hand_out(detail::LocalActivityOperation& activity) {
    const std::uint32_t sequence = ++last_.activity;
    activity.order().mutable_schedule_local_activity()->set_seq(sequence);
    add_ungrouped_command() = activity.order();
    activities_->emplace(sequence, detail::Ref<detail::ActivityOperation>{&activity});
}

void Engine::back_off(
    detail::ActivityOperation& given_back, const coresdk::activity_result::DoBackoff& backoff
) {
    auto* const activity = dynamic_cast<detail::LocalActivityOperation*>(&given_back);
    if (activity == nullptr) {
        refuse("an activity that is not local was given back for a later attempt");
    }
    if (activity->cancel_requested()) {
        activity->settle_cancelled();  // the attempt failed by itself before it heard of it
        return;
    }
    auto& command = *activity->order().mutable_schedule_local_activity();
    command.set_attempt(backoff.attempt());
    *command.mutable_original_schedule_time() = backoff.original_schedule_time();
    const std::uint32_t timer = ++last_.timer;
    auto& start = *add_command().mutable_start_timer();
    start.set_seq(timer);
    *start.mutable_start_to_fire_timeout() = backoff.backoff_duration();
    seldom_->backoffs.emplace(timer, detail::Ref<detail::LocalActivityOperation>{activity});
    activity->backs_off(timer);
}

bool Engine::ends_backoff(std::uint32_t timer) {
    const auto found = seldom_->backoffs.find(timer);
    if (found == seldom_->backoffs.end()) {
        return false;
    }
    const detail::Ref<detail::LocalActivityOperation> activity = found->second;
    seldom_->backoffs.erase(found);
    activity->backs_off(std::nullopt);
    hand_out(*activity);
    return true;
}

void Engine::request_local_activity_cancel(std::uint32_t sequence) {
    add_ungrouped_command().mutable_request_cancel_local_activity()->set_seq(sequence);
}

void Engine::cancel_backoff(std::uint32_t timer) {
    seldom_->backoffs.erase(timer);
    add_ungrouped_command().mutable_cancel_timer()->set_seq(timer);
}

namespace detail {

Ref<ActivityOperation> schedule_local_activity(
    CalledName name, const LocalActivityOptions& options, Payloads arguments
) {
    Engine& engine = Engine::current("execute_local_activity()");
    if (!engine.intercepts("execute_local_activity()")) {
        return engine.schedule_local(name.text, options, {std::move(arguments)});
    }
    ScheduleLocalActivityCall call{std::string{name.text}, options, std::move(arguments), {}};
    engine.intercept(&WorkflowInterceptor::schedule_local_activity, call);
    return engine.schedule_local(
        call.type, call.options, {std::move(call.arguments), std::move(call.headers)}
    );
}

void LocalActivityOperation::cancel() {
    if (ready() || cancel_requested_) {
        return;
    }
    Engine& engine = Engine::current("ActivityHandle::cancel()");
    engine.require_writable("ActivityHandle::cancel()");
    cancel_requested_ = true;
    if (timer_) {
        const Ref<LocalActivityOperation> keep{this};
        engine.cancel_backoff(*timer_);
        settle_cancelled();
    } else {
        // Core resolves it when its cancellation type says so.
        engine.request_local_activity_cancel(sequence());
    }
}

void LocalActivityOperation::settle_cancelled() {
    settle(std::make_exception_ptr(ActivityError{
        "Local Activity cancelled",
        failure_info(RetryState::CancelRequested),
        {.cause = std::make_shared<const CancelledError>("cancelled between two attempts")}
    }));
}

void LocalActivityOperation::settle_failed(const std::exception_ptr& error) {
    FailureCause cause = as_failure(error);
    if (dynamic_cast<const ActivityError*>(cause.get()) != nullptr) {
        settle(error);  // a timeout, say
        return;
    }
    const auto* application = dynamic_cast<const ApplicationError*>(cause.get());
    const bool for_good = application != nullptr && application->non_retryable();
    settle(std::make_exception_ptr(ActivityError{
        "Local Activity failed",
        failure_info(for_good ? RetryState::NonRetryableFailure : RetryState::Unspecified),
        {.cause = std::move(cause)}
    }));
}

ActivityFailureInfo LocalActivityOperation::failure_info(RetryState retry_state) const {
    const auto& command = order_.schedule_local_activity();
    return {
        .activity_type = command.activity_type(),
        .activity_id = command.activity_id(),
        .retry_state = retry_state
    };
}

}  // namespace detail
}  // namespace hourglass::workflow
