#include "src/activity/task_info.hpp"

#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_retry.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/proto_versioning.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace hourglass::activity {
namespace {

namespace task = coresdk::activity_task;

std::optional<std::string> unless_empty(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional{text};
}

// The server writes "no timeout" as zero.
std::optional<std::chrono::nanoseconds> timeout_from(
    bool has, const google::protobuf::Duration& proto
) {
    const auto timeout = convert::if_set(has, proto);
    return timeout && timeout->count() > 0 ? timeout : std::nullopt;
}

CancellationReason reason_from(task::ActivityCancelReason reason) {
    switch (reason) {
        case task::NOT_FOUND:
            return CancellationReason::NotFound;
        case task::TIMED_OUT:
            return CancellationReason::TimedOut;
        case task::WORKER_SHUTDOWN:
            return CancellationReason::WorkerShutdown;
        case task::PAUSED:
            return CancellationReason::Paused;
        case task::RESET:
            return CancellationReason::Reset;
        default:
            return CancellationReason::Requested;
    }
}

}  // namespace

Info info_from(
    task::Start& start,
    std::string task_token,
    std::string task_queue,
    const std::string& client_namespace
) {
    Info info;
    info.activity_id = start.activity_id();
    info.activity_type = start.activity_type();
    info.task_token = std::move(task_token);
    info.attempt = start.attempt();
    info.is_local = start.is_local();
    info.workflow_namespace =
        start.workflow_namespace().empty() ? client_namespace : start.workflow_namespace();
    info.task_queue = std::move(task_queue);
    info.workflow_id = unless_empty(start.workflow_execution().workflow_id());
    info.workflow_run_id = unless_empty(start.workflow_execution().run_id());
    info.workflow_type = unless_empty(start.workflow_type());
    info.activity_run_id = unless_empty(start.run_id());
    info.scheduled_time = convert::from_proto(start.scheduled_time());
    info.current_attempt_scheduled_time =
        convert::from_proto(start.current_attempt_scheduled_time());
    info.started_time = convert::from_proto(start.started_time());
    info.start_to_close_timeout =
        timeout_from(start.has_start_to_close_timeout(), start.start_to_close_timeout());
    info.schedule_to_close_timeout =
        timeout_from(start.has_schedule_to_close_timeout(), start.schedule_to_close_timeout());
    info.heartbeat_timeout = timeout_from(start.has_heartbeat_timeout(), start.heartbeat_timeout());
    info.heartbeat_details = convert::from_proto(std::move(*start.mutable_heartbeat_details()));
    info.headers = convert::from_proto(start.header_fields());
    if (start.has_retry_policy()) {
        info.retry_policy = convert::from_proto(start.retry_policy());
    }
    info.priority = convert::from_proto(start.priority());
    return info;
}

CancellationDetails details_from(const task::Cancel& cancel) {
    const task::ActivityCancellationDetails& details = cancel.details();
    const CancellationReason reason = reason_from(cancel.reason());
    return {
        .reason = reason,
        .not_found = details.is_not_found() || reason == CancellationReason::NotFound,
        .requested = details.is_cancelled() || reason == CancellationReason::Requested,
        .timed_out = details.is_timed_out() || reason == CancellationReason::TimedOut,
        .worker_shutdown =
            details.is_worker_shutdown() || reason == CancellationReason::WorkerShutdown,
        .paused = details.is_paused() || reason == CancellationReason::Paused,
        .reset = details.is_reset() || reason == CancellationReason::Reset,
    };
}

}  // namespace hourglass::activity
