#include "hourglass/client/async_activity_handle.hpp"
#include "hourglass/convert/failures.hpp"
#include "src/client/backend.hpp"
#include "src/client/checks.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/type_text.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <exception>
#include <typeinfo>
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

Future<HeartbeatReply> RpcBackend::send(HeartbeatActivityCall call) {
    return answer<
        HeartbeatReply,
        service::RecordActivityTaskHeartbeatRequest,
        service::RecordActivityTaskHeartbeatByIdRequest,
        service::RecordActivityTaskHeartbeatResponse,
        service::RecordActivityTaskHeartbeatByIdResponse>(
        context_,
        call.task,
        "record a heartbeat of",
        "RecordActivityTaskHeartbeat",
        [&](auto& request) {
            if (!call.details.empty()) {
                convert::to_proto(std::move(call.details), request.mutable_details());
            }
        },
        [](const auto& response) {
            return HeartbeatReply{
                .cancel_requested = response.cancel_requested(),
                .paused = response.activity_paused(),
                .reset = response.activity_reset()
            };
        }
    );
}

Future<void> RpcBackend::send(CompleteActivityCall call) {
    return answer<
        void,
        service::RespondActivityTaskCompletedRequest,
        service::RespondActivityTaskCompletedByIdRequest,
        service::RespondActivityTaskCompletedResponse,
        service::RespondActivityTaskCompletedByIdResponse>(
        context_,
        call.task,
        "complete",
        "RespondActivityTaskCompleted",
        [&](auto& request) {
            if (!call.result.empty()) {
                convert::to_proto(std::move(call.result), request.mutable_result());
            }
        },
        kNothing
    );
}

Future<void> RpcBackend::send(FailActivityCall call) {
    if (!call.error) {
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
        call.task,
        "fail",
        "RespondActivityTaskFailed",
        [&](auto& request) {
            convert::to_failure(call.error, request.mutable_failure());
            if (!call.last_heartbeat_details.empty()) {
                convert::to_proto(
                    std::move(call.last_heartbeat_details), request.mutable_last_heartbeat_details()
                );
            }
        },
        kNothing
    );
}

Future<void> RpcBackend::send(ReportActivityCancelledCall call) {
    return answer<
        void,
        service::RespondActivityTaskCanceledRequest,
        service::RespondActivityTaskCanceledByIdRequest,
        service::RespondActivityTaskCanceledResponse,
        service::RespondActivityTaskCanceledByIdResponse>(
        context_,
        call.task,
        "report the cancellation of",
        "RespondActivityTaskCanceled",
        [&](auto& request) {
            if (!call.details.empty()) {
                convert::to_proto(std::move(call.details), request.mutable_details());
            }
        },
        kNothing
    );
}

}  // namespace hourglass::client

namespace hourglass::detail {

std::exception_ptr whole_exception(const std::exception& error) {
    if (const auto handled = std::current_exception()) {
        try {
            std::rethrow_exception(handled);
        } catch (const std::exception& caught) {
            if (&caught == &error) {
                return handled;
            }
        } catch (...) {  // another kind of thing: not this one
        }
    }
    if (const auto* const failure = dynamic_cast<const FailureError*>(&error)) {
        convert::ProtoFailure proto;
        convert::to_failure(*failure, &proto);
        return convert::from_failure(std::move(proto));
    }
    return std::make_exception_ptr(
        ApplicationError{error.what(), {.type = convert::type_text(typeid(error))}}
    );
}

}  // namespace hourglass::detail
