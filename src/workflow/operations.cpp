// What a workflow starts: activities, timers, conditions.

#include "hourglass/base/error.hpp"
#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/failures.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_retry.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/proto_versioning.hpp"
#include "src/workflow/command_options.hpp"
#include "src/workflow/context.hpp"
#include "src/workflow/engine.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace hourglass::workflow {
namespace {

using coresdk::workflow_commands::ScheduleActivity;

void check_options(std::string_view activity, const ActivityOptions& options) {
    if (activity.empty()) {
        throw ConfigurationError{"execute_activity needs the activity's name"};
    }
    if (!options.start_to_close_timeout && !options.schedule_to_close_timeout) {
        throw ConfigurationError{
            "execute_activity of '" + std::string{activity} +
            "': set start_to_close_timeout or schedule_to_close_timeout (or both) in its "
            "ActivityOptions"
        };
    }
    const std::string call = "execute_activity of '" + std::string{activity} + "'";
    check_timeout(call, "start_to_close_timeout", options.start_to_close_timeout);
    check_timeout(call, "schedule_to_close_timeout", options.schedule_to_close_timeout);
    check_timeout(call, "schedule_to_start_timeout", options.schedule_to_start_timeout);
    check_timeout(call, "heartbeat_timeout", options.heartbeat_timeout);
    if (const auto& policy = options.retry_policy.get()) {
        validate(*policy);
    }
    validate(options.priority);
}

void write(const ActivityOptions& options, ScheduleActivity& command) {
    using C = ScheduleActivity;
    set_timeout(options.start_to_close_timeout, &C::mutable_start_to_close_timeout, command);
    set_timeout(options.schedule_to_close_timeout, &C::mutable_schedule_to_close_timeout, command);
    set_timeout(options.schedule_to_start_timeout, &C::mutable_schedule_to_start_timeout, command);
    set_timeout(options.heartbeat_timeout, &C::mutable_heartbeat_timeout, command);
    if (const auto& policy = options.retry_policy.get()) {
        convert::to_proto(*policy, command.mutable_retry_policy());
    }
    command.set_cancellation_type(to_proto(options.cancellation_type));
    command.set_do_not_eagerly_execute(options.disable_eager);
    if (options.priority != Priority{}) {
        convert::to_proto(options.priority, command.mutable_priority());
    }
}

}  // namespace

detail::Ref<detail::ActivityOperation> Engine::schedule(
    std::string_view name, const ActivityOptions& options, ArgumentsAndHeaders sent
) {
    require_writable("execute_activity()");
    check_options(name, options);
    const auto scope = current_scope();
    if (scope->cancelled()) {
        auto refused = detail::make_ref<detail::ActivityOperation>(scope, 0U);
        refused->settle(scope->cancelled_error());
        return refused;
    }
    const std::uint32_t sequence = ++last_.activity;
    auto& wrapper = add_command();
    set_metadata(options.summary, {}, wrapper);
    auto& command = *wrapper.mutable_schedule_activity();
    command.set_seq(sequence);
    command.set_activity_id(
        options.activity_id->empty() ? std::to_string(sequence) : *options.activity_id
    );
    command.set_activity_type(std::string{name});
    command.set_task_queue(
        options.task_queue->empty() ? options_->task_queue : *options.task_queue
    );
    convert::to_proto(std::move(sent.arguments), command.mutable_arguments());
    convert::to_proto(sent.headers, command.mutable_headers());
    write(options, command);

    auto activity = detail::make_ref<detail::ActivityOperation>(scope, sequence);
    scope->add(*activity);
    activities_->emplace(sequence, activity);
    return activity;
}

detail::Ref<detail::TimerOperation> Engine::start_timer(
    std::chrono::nanoseconds duration, const std::string& summary
) {
    require_writable("start_timer()");
    const auto scope = current_scope();
    if (scope->cancelled()) {
        auto refused = detail::make_ref<detail::TimerOperation>(scope, 0U);
        refused->settle(scope->cancelled_error());
        return refused;
    }
    StartTimerCall call;
    const bool intercepted = intercepts("start_timer()");
    if (intercepted) {
        call.duration = duration;
        call.options.summary = summary;
        intercept(&WorkflowInterceptor::start_timer, call);
        duration = call.duration;
    }
    const std::uint32_t sequence = ++last_.timer;
    auto& command = add_command();
    set_metadata(intercepted ? call.options.summary.get() : summary, {}, command);
    command.mutable_start_timer()->set_seq(sequence);
    const std::chrono::nanoseconds shortest = std::chrono::milliseconds{1};
    convert::to_proto(
        std::max(duration, shortest), command.mutable_start_timer()->mutable_start_to_fire_timeout()
    );

    auto timer = detail::make_ref<detail::TimerOperation>(scope, sequence);
    scope->add(*timer);
    timers_->emplace(sequence, timer);
    return timer;
}

detail::Ref<detail::ConditionOperation> Engine::add_condition(const std::function<bool()>& test) {
    const auto scope = current_scope();
    auto condition = detail::make_ref<detail::ConditionOperation>(scope, test);
    if (scope->cancelled()) {
        condition->settle(scope->cancelled_error());
    } else {
        scope->add(*condition);
        conditions_.push_back(*condition);
    }
    return condition;
}

bool Engine::test(const std::function<bool()>& condition) {
    const ReadOnly read_only{*this, "a condition of wait_condition()"};
    return condition();
}

void Engine::request_activity_cancel(std::uint32_t sequence) {
    add_ungrouped_command().mutable_request_cancel_activity()->set_seq(sequence);
}

void Engine::cancel_timer(std::uint32_t sequence) {
    timers_->erase(sequence);
    add_ungrouped_command().mutable_cancel_timer()->set_seq(sequence);
}

namespace detail {

Ref<ActivityOperation> schedule_activity(
    CalledName name, const ActivityOptions& options, Payloads arguments
) {
    Engine& engine = Engine::current("execute_activity()");
    if (!engine.intercepts("execute_activity()")) {
        auto activity = engine.schedule(name.text, options, {std::move(arguments)});
        activity->known_as(name, options.activity_id);
        return activity;
    }
    ScheduleActivityCall call{std::string{name.text}, options, std::move(arguments), {}};
    engine.intercept(&WorkflowInterceptor::schedule_activity, call);
    auto activity = engine.schedule(
        call.type, call.options, {std::move(call.arguments), std::move(call.headers)}
    );
    activity->known_as({call.type}, call.options.activity_id);
    return activity;
}

void ActivityOperation::known_as(CalledName type, const std::string& id) {
    type_ = KeptName{type};
    if (!id.empty()) {
        id_ = std::make_unique<const std::string>(id);
    }
}

ActivityOperation::~ActivityOperation() {
    report_lost_error("an activity");
}

void ActivityOperation::cancel() {
    if (ready() || cancel_requested_) {
        return;
    }
    Engine& engine = Engine::current("ActivityHandle::cancel()");
    engine.require_writable("ActivityHandle::cancel()");
    cancel_requested_ = true;
    // Core resolves the activity when its cancellation type says so, at once for TryCancel and
    // Abandon.
    engine.request_activity_cancel(sequence_);
}

void TimerOperation::cancel() {
    if (ready()) {
        return;
    }
    Engine& engine = Engine::current("TimerHandle::cancel()");
    engine.require_writable("TimerHandle::cancel()");
    const Ref<TimerOperation> keep{this};
    engine.cancel_timer(sequence_);
    settle(std::make_exception_ptr(CancelledError{"the timer was cancelled"}));
}

void ConditionOperation::cancel() {
    withdraw();
    settle(std::make_exception_ptr(CancelledError{"the wait was cancelled"}));
}

}  // namespace detail
}  // namespace hourglass::workflow
