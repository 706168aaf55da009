#include "hourglass/client/activity_errors.hpp"
#include "src/client/backend.hpp"
#include "src/client/checks.hpp"
#include "src/client/describe.hpp"
#include "src/client/matching.hpp"
#include "src/client/operations.hpp"
#include "src/client/outcome_wait.hpp"
#include "src/client/standalone.hpp"
#include "src/client/start_request.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_retry.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/proto_versioning.hpp"
#include "src/convert/utf8.hpp"

#include "temporal/api/activity/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <exception>
#include <utility>

namespace hourglass {

std::string_view to_text(ActivityStatus status) {
    switch (status) {
        case ActivityStatus::Running:
            return "Running";
        case ActivityStatus::Completed:
            return "Completed";
        case ActivityStatus::Failed:
            return "Failed";
        case ActivityStatus::Canceled:
            return "Canceled";
        case ActivityStatus::Terminated:
            return "Terminated";
        case ActivityStatus::TimedOut:
            return "TimedOut";
        case ActivityStatus::Paused:
            return "Paused";
        case ActivityStatus::Unspecified:
            break;
    }
    return "Unspecified";
}

namespace client {

namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using convert::if_set;
using std::chrono::milliseconds;

/// @throws ConfigurationError naming what is not usable.
void check(const std::string& type, const StartActivityOptions& options) {
    if (const auto error = unusable_id(
            options.id, "start", "a standalone activity", "set StartActivityOptions::id"
        )) {
        std::rethrow_exception(error);
    }
    const std::string whose = "cannot start activity \"" + options.id + '"';
    if (type.empty() || !convert::is_utf8(type)) {
        throw ConfigurationError{whose + ": the name of its type is empty or not valid UTF-8"};
    }
    if (options.task_queue.empty() || !convert::is_utf8(options.task_queue)) {
        throw ConfigurationError{
            whose +
            ": StartActivityOptions::task_queue is empty or not valid UTF-8; name the queue that "
            "the activity's worker polls"
        };
    }
    using O = StartActivityOptions;
    const std::pair<const char*, std::optional<milliseconds> O::*> durations[] = {
        {"schedule_to_close_timeout", &O::schedule_to_close_timeout},
        {"schedule_to_start_timeout", &O::schedule_to_start_timeout},
        {"start_to_close_timeout", &O::start_to_close_timeout},
        {"heartbeat_timeout", &O::heartbeat_timeout},
        {"start_delay", &O::start_delay}
    };
    for (const auto& [name, field] : durations) {
        check_positive(whose, std::string{"StartActivityOptions::"} + name, options.*field);
    }
    if (!options.schedule_to_close_timeout && !options.start_to_close_timeout) {
        throw ConfigurationError{
            whose +
            ": neither schedule_to_close_timeout nor start_to_close_timeout is set in "
            "StartActivityOptions; set one of them"
        };
    }
    if (options.retry_policy) {
        validate(*options.retry_policy);
    }
    validate(options.priority);
}

service::StartActivityExecutionRequest activity_request(
    const RpcContext& context, StartActivityCall call
) {
    const StartActivityOptions& options = call.options;
    check(call.type, options);
    service::StartActivityExecutionRequest request;
    request.set_namespace_(context.namespace_name);
    request.set_identity(context.identity);
    request.set_request_id(new_uuid());
    request.set_activity_id(options.id);
    request.mutable_activity_type()->set_name(std::move(call.type));
    request.mutable_task_queue()->set_name(options.task_queue);
    if (const auto timeout = options.schedule_to_close_timeout) {
        convert::to_proto(*timeout, request.mutable_schedule_to_close_timeout());
    }
    if (const auto timeout = options.schedule_to_start_timeout) {
        convert::to_proto(*timeout, request.mutable_schedule_to_start_timeout());
    }
    if (const auto timeout = options.start_to_close_timeout) {
        convert::to_proto(*timeout, request.mutable_start_to_close_timeout());
    }
    if (const auto timeout = options.heartbeat_timeout) {
        convert::to_proto(*timeout, request.mutable_heartbeat_timeout());
    }
    if (options.retry_policy) {
        convert::to_proto(*options.retry_policy, request.mutable_retry_policy());
    }
    if (!call.arguments.empty()) {
        convert::to_proto(std::move(call.arguments), request.mutable_input());
    }
    if (!call.headers.empty()) {
        convert::to_proto(call.headers, request.mutable_header()->mutable_fields());
    }
    request.set_id_reuse_policy(static_cast<enums::ActivityIdReusePolicy>(options.id_reuse_policy));
    request.set_id_conflict_policy(
        static_cast<enums::ActivityIdConflictPolicy>(options.id_conflict_policy)
    );
    if (options.start_delay) {
        convert::to_proto(*options.start_delay, request.mutable_start_delay());
    }
    if (!options.search_attributes.empty()) {
        convert::to_proto(
            options.search_attributes.values(),
            request.mutable_search_attributes()->mutable_indexed_fields()
        );
    }
    if (!options.static_summary.empty() || !options.static_details.empty()) {
        set_metadata(
            options.static_summary, options.static_details, request.mutable_user_metadata()
        );
    }
    if (options.priority != Priority{}) {
        convert::to_proto(options.priority, request.mutable_priority());
    }
    return request;
}

/// What the two messages that tell of an activity have in common.
template <class Info>
void read(const Info& info, ActivityExecution& execution) {
    execution.id = info.activity_id();
    execution.run_id = info.run_id();
    execution.type = info.activity_type().name();
    execution.task_queue = info.task_queue();
    execution.status = static_cast<ActivityStatus>(info.status());
    execution.scheduled_time = convert::from_proto(info.schedule_time());
    execution.close_time = if_set(info.has_close_time(), info.close_time());
    execution.search_attributes =
        SearchAttributes{convert::from_proto(info.search_attributes().indexed_fields())};
}

ActivityDescription to_description(const service::DescribeActivityExecutionResponse& response) {
    const auto& info = response.info();
    ActivityDescription description;
    read(info, description);
    description.run_state = static_cast<PendingActivityState>(info.run_state());
    description.attempt = info.attempt();
    description.schedule_to_close_timeout =
        timeout_of(info.has_schedule_to_close_timeout(), info.schedule_to_close_timeout());
    description.schedule_to_start_timeout =
        timeout_of(info.has_schedule_to_start_timeout(), info.schedule_to_start_timeout());
    description.start_to_close_timeout =
        timeout_of(info.has_start_to_close_timeout(), info.start_to_close_timeout());
    description.heartbeat_timeout =
        timeout_of(info.has_heartbeat_timeout(), info.heartbeat_timeout());
    description.retry_policy = convert::from_proto(info.retry_policy());
    description.last_started_time = if_set(info.has_last_started_time(), info.last_started_time());
    description.last_heartbeat_time =
        if_set(info.has_last_heartbeat_time(), info.last_heartbeat_time());
    description.next_attempt_time =
        if_set(info.has_next_attempt_schedule_time(), info.next_attempt_schedule_time());
    description.heartbeat_details = convert::from_proto(info.heartbeat_details());
    if (info.has_last_failure()) {
        description.last_failure = convert::to_cause(info.last_failure());
    }
    description.last_worker_identity = info.last_worker_identity();
    description.cancel_reason = info.canceled_reason();
    description.priority = convert::from_proto(info.priority());
    if (info.user_metadata().has_summary()) {
        description.static_summary = text_of(info.user_metadata().summary());
    }
    if (info.user_metadata().has_details()) {
        description.static_details = text_of(info.user_metadata().details());
    }
    description.arguments = convert::from_proto(response.input());
    return description;
}

/// For OutcomeWait.
struct ActivityPoll {
    using Ref = detail::ActivityRef;
    using Request = service::PollActivityExecutionRequest;
    using Response = service::PollActivityExecutionResponse;
    static constexpr const char* kMethod = "PollActivityExecution";

    static Request request(const Ref& activity) {
        Request request;
        request.set_activity_id(activity.id);
        request.set_run_id(activity.run_id);
        return request;
    }
    static const auto& outcome(const Response& response) { return response.outcome(); }
    static bool ended_with_nothing(const Response& /*response*/) { return false; }
    template <class Outcome>
    static Payloads result(const Outcome& outcome) {
        return convert::from_proto(outcome.result());
    }
    static std::string name(const Ref& activity) { return "activity \"" + activity.id + '"'; }
    static CallTarget target(const RpcContext& context, const Ref& activity) {
        return target_of(context, "wait for", activity);
    }
    static std::exception_ptr failed(
        const Ref& activity, const std::string& text, FailureCause cause
    ) {
        return std::make_exception_ptr(
            ActivityFailedError{activity.id, activity.run_id, text, std::move(cause)}
        );
    }
};

}  // namespace

Future<detail::ActivityRef> RpcBackend::send(StartActivityCall call) {
    const std::string id = call.options.id;
    service::StartActivityExecutionRequest request;
    try {
        request = activity_request(*context_, std::move(call));
    } catch (const Error&) {
        return failed_future<detail::ActivityRef>(std::current_exception());
    }
    return unary<detail::ActivityRef, service::StartActivityExecutionResponse>(
        context_,
        target_of(*context_, "start", StandaloneActivityRef{.id = id}),
        spec_of(*context_, "StartActivityExecution", request),
        [id](const service::StartActivityExecutionResponse& response) {
            return detail::ActivityRef{.id = id, .run_id = response.run_id()};
        }
    );
}

Future<Payloads> RpcBackend::send(ActivityResultCall call) {
    if (auto error = unusable_id(call.activity, "wait for")) {
        return failed_future<Payloads>(error);
    }
    return OutcomeWait<ActivityPoll>::begin(
        context_, std::move(call.activity), limit_of(*context_, call.options.timeout)
    );
}

Future<ActivityDescription> RpcBackend::send(DescribeActivityCall call) {
    return call_about<
        ActivityDescription,
        service::DescribeActivityExecutionRequest,
        service::DescribeActivityExecutionResponse>(
        context_,
        call.activity,
        "describe",
        "DescribeActivityExecution",
        [](auto& request) {
            request.set_include_input(true);
            request.set_include_heartbeat_details(true);
            request.set_include_last_failure(true);
        },
        [](const service::DescribeActivityExecutionResponse& response) {
            return to_description(response);
        }
    );
}

Future<void> RpcBackend::send(CancelActivityCall call) {
    return command<
        service::RequestCancelActivityExecutionRequest,
        service::RequestCancelActivityExecutionResponse>(
        context_,
        call.activity,
        "cancel",
        "RequestCancelActivityExecution",
        with_reason(std::move(call.reason))
    );
}

Future<void> RpcBackend::send(TerminateActivityCall call) {
    return command<
        service::TerminateActivityExecutionRequest,
        service::TerminateActivityExecutionResponse>(
        context_,
        call.activity,
        "terminate",
        "TerminateActivityExecution",
        with_reason(std::move(call.reason))
    );
}

Future<void> RpcBackend::send(DeleteActivityCall call) {
    return command<
        service::DeleteActivityExecutionRequest,
        service::DeleteActivityExecutionResponse>(
        context_, call.activity, "delete", "DeleteActivityExecution", [](auto&) {}
    );
}

Future<Page<ActivityExecution>> RpcBackend::send(ListActivitiesCall call) {
    return list_matching<
        service::ListActivityExecutionsRequest,
        service::ListActivityExecutionsResponse,
        ActivityExecution>(
        context_,
        "the activities",
        "ListActivityExecutions",
        std::move(call),
        [](const auto& response, auto& items) {
            for (const auto& each : response.executions()) {
                read(each, items.emplace_back());
            }
        }
    );
}

Future<Count> RpcBackend::send(CountActivitiesCall call) {
    return count_matching<
        service::CountActivityExecutionsRequest,
        service::CountActivityExecutionsResponse>(
        context_, "the activities", "CountActivityExecutions", std::move(call.query)
    );
}

}  // namespace client
}  // namespace hourglass
