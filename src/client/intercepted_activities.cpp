// The calls about activities, each through the interceptors.

#include "src/client/through.hpp"

#include <utility>

namespace hourglass::client {

Future<detail::ActivityRef> RpcBackend::start_activity(
    std::string type, StartActivityOptions options, Payloads arguments
) {
    StartActivityCall call{
        .type = std::move(type), .options = std::move(options), .arguments = std::move(arguments)
    };
    return through(0, &ClientInterceptor::start_activity, &RpcBackend::send, std::move(call));
}

Future<Payloads> RpcBackend::activity_result(
    detail::ActivityRef activity, ActivityResultOptions options
) {
    ActivityResultCall call{.activity = std::move(activity), .options = options};
    return through(0, &ClientInterceptor::activity_result, &RpcBackend::send, std::move(call));
}

Future<ActivityDescription> RpcBackend::describe_activity(detail::ActivityRef activity) {
    DescribeActivityCall call{.activity = std::move(activity)};
    return through(0, &ClientInterceptor::describe_activity, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::cancel_activity(detail::ActivityRef activity, std::string reason) {
    CancelActivityCall call{.activity = std::move(activity), .reason = std::move(reason)};
    return through(0, &ClientInterceptor::cancel_activity, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::terminate_activity(detail::ActivityRef activity, std::string reason) {
    TerminateActivityCall call{.activity = std::move(activity), .reason = std::move(reason)};
    return through(0, &ClientInterceptor::terminate_activity, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::remove_activity(detail::ActivityRef activity) {
    DeleteActivityCall call{.activity = std::move(activity)};
    return through(0, &ClientInterceptor::delete_activity, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::pause_activity(PauseActivityCall call) {
    return through(0, &ClientInterceptor::pause_activity, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::unpause_activity(UnpauseActivityCall call) {
    return through(0, &ClientInterceptor::unpause_activity, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::reset_activity(ResetActivityCall call) {
    return through(0, &ClientInterceptor::reset_activity, &RpcBackend::send, std::move(call));
}

Future<ActivityExecutionOptions> RpcBackend::update_activity_options(UpdateActivityOptionsCall call
) {
    return through(
        0, &ClientInterceptor::update_activity_options, &RpcBackend::send, std::move(call)
    );
}

Future<Page<ActivityExecution>> RpcBackend::list_activities_page(
    std::string query, int page_size, std::string page_token
) {
    ListActivitiesCall call{
        .query = std::move(query), .page_size = page_size, .page_token = std::move(page_token)
    };
    return through(0, &ClientInterceptor::list_activities, &RpcBackend::send, std::move(call));
}

Future<Count> RpcBackend::count_activities(std::string query) {
    CountActivitiesCall call{.query = std::move(query)};
    return through(0, &ClientInterceptor::count_activities, &RpcBackend::send, std::move(call));
}

Future<HeartbeatReply> RpcBackend::heartbeat_activity(
    detail::ActivityTaskRef task, Payloads details
) {
    HeartbeatActivityCall call{.task = std::move(task), .details = std::move(details)};
    return through(0, &ClientInterceptor::heartbeat_activity, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::complete_activity(detail::ActivityTaskRef task, Payloads result) {
    CompleteActivityCall call{.task = std::move(task), .result = std::move(result)};
    return through(0, &ClientInterceptor::complete_activity, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::fail_activity(
    detail::ActivityTaskRef task, std::exception_ptr error, Payloads last_heartbeat_details
) {
    FailActivityCall call{
        .task = std::move(task),
        .error = std::move(error),
        .last_heartbeat_details = std::move(last_heartbeat_details)
    };
    return through(0, &ClientInterceptor::fail_activity, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::report_activity_cancelled(detail::ActivityTaskRef task, Payloads details) {
    ReportActivityCancelledCall call{.task = std::move(task), .details = std::move(details)};
    return through(
        0, &ClientInterceptor::report_activity_cancelled, &RpcBackend::send, std::move(call)
    );
}

}  // namespace hourglass::client
