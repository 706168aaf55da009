#include "src/client/backend.hpp"
#include "src/client/checks.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <exception>
#include <utility>

namespace hourglass::client {

namespace {

namespace service = temporal::api::workflowservice::v1;

CallTarget task_target(
    const RpcContext& context, const std::string& verb, const detail::ActivityTaskRef& task
) {
    std::string which = "the activity of a task token";
    if (task.task_token.empty()) {
        which = "activity \"" + task.activity_id + '"';
        if (!task.workflow_id.empty()) {
            which += " of workflow \"" + task.workflow_id + '"';
        }
    }
    CallTarget target = target_of(context, verb + " " + which);
    target.of_activity = true;
    target.activity_id = task.activity_id;
    return target;
}

std::exception_ptr unusable(const detail::ActivityTaskRef& task, const std::string& verb) {
    if (!task.task_token.empty()) {
        return nullptr;
    }
    return unusable_id(
        task.activity_id,
        verb,
        "an activity",
        "give client.async_activity(…) a task token, or AsyncActivityId::activity_id"
    );
}

/// Sends the request of a task token, or else that of ids; `write` fills what both have.
template <class T, class ByToken, class ById, class Response, class ResponseById, class W, class C>
Future<T> answer(
    const RpcContextPtr& context,
    const detail::ActivityTaskRef& task,
    const std::string& verb,
    const std::string& method,
    W write,
    C convert
) {
    if (auto error = unusable(task, verb)) {
        return failed_future<T>(error);
    }
    CallTarget target = task_target(*context, verb, task);
    if (!task.task_token.empty()) {
        ByToken request;
        request.set_task_token(task.task_token);
        request.set_namespace_(context->namespace_name);
        request.set_identity(context->identity);
        write(request);
        return unary<T, Response>(
            context, std::move(target), spec_of(*context, method, request), convert
        );
    }
    ById request;
    request.set_namespace_(context->namespace_name);
    request.set_workflow_id(task.workflow_id);
    request.set_run_id(task.run_id);
    request.set_activity_id(task.activity_id);
    request.set_identity(context->identity);
    write(request);
    return unary<T, ResponseById>(
        context, std::move(target), spec_of(*context, method + "ById", request), convert
    );
}

constexpr auto kNothing = [](const auto&) {};

}  // namespace

Future<detail::HeartbeatReply> RpcBackend::heartbeat_activity(
    detail::ActivityTaskRef task, Payloads details
) {
    return answer<
        detail::HeartbeatReply,
        service::RecordActivityTaskHeartbeatRequest,
        service::RecordActivityTaskHeartbeatByIdRequest,
        service::RecordActivityTaskHeartbeatResponse,
        service::RecordActivityTaskHeartbeatByIdResponse>(
        context_,
        task,
        "record a heartbeat of",
        "RecordActivityTaskHeartbeat",
        [&](auto& request) {
            if (!details.empty()) {
                convert::to_proto(std::move(details), request.mutable_details());
            }
        },
        [](const auto& response) {
            return detail::HeartbeatReply{
                .cancel_requested = response.cancel_requested(),
                .paused = response.activity_paused(),
                .reset = response.activity_reset()
            };
        }
    );
}

Future<void> RpcBackend::complete_activity(detail::ActivityTaskRef task, Payloads result) {
    return answer<
        void,
        service::RespondActivityTaskCompletedRequest,
        service::RespondActivityTaskCompletedByIdRequest,
        service::RespondActivityTaskCompletedResponse,
        service::RespondActivityTaskCompletedByIdResponse>(
        context_,
        task,
        "complete",
        "RespondActivityTaskCompleted",
        [&](auto& request) {
            if (!result.empty()) {
                convert::to_proto(std::move(result), request.mutable_result());
            }
        },
        kNothing
    );
}

Future<void> RpcBackend::fail_activity(
    detail::ActivityTaskRef task, std::exception_ptr error, Payloads last_heartbeat_details
) {
    if (!error) {
        return failed_future<void>(
            configuration_error("cannot fail an activity without an error; say what failed")
        );
    }
    return answer<
        void,
        service::RespondActivityTaskFailedRequest,
        service::RespondActivityTaskFailedByIdRequest,
        service::RespondActivityTaskFailedResponse,
        service::RespondActivityTaskFailedByIdResponse>(
        context_,
        task,
        "fail",
        "RespondActivityTaskFailed",
        [&](auto& request) {
            convert::to_failure(error, request.mutable_failure());
            if (!last_heartbeat_details.empty()) {
                convert::to_proto(
                    std::move(last_heartbeat_details), request.mutable_last_heartbeat_details()
                );
            }
        },
        kNothing
    );
}

Future<void> RpcBackend::report_activity_cancelled(detail::ActivityTaskRef task, Payloads details) {
    return answer<
        void,
        service::RespondActivityTaskCanceledRequest,
        service::RespondActivityTaskCanceledByIdRequest,
        service::RespondActivityTaskCanceledResponse,
        service::RespondActivityTaskCanceledByIdResponse>(
        context_,
        task,
        "report the cancellation of",
        "RespondActivityTaskCanceled",
        [&](auto& request) {
            if (!details.empty()) {
                convert::to_proto(std::move(details), request.mutable_details());
            }
        },
        kNothing
    );
}

}  // namespace hourglass::client
