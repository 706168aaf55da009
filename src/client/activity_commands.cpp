#include "hourglass/client/activity_commands.hpp"

#include "src/client/backend.hpp"
#include "src/client/describe.hpp"
#include "src/client/standalone.hpp"
#include "src/convert/proto_retry.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/proto_versioning.hpp"
#include "src/convert/utf8.hpp"

#include "temporal/api/activity/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <string>
#include <utility>

namespace hourglass::client {

namespace {

namespace service = temporal::api::workflowservice::v1;
namespace activity = temporal::api::activity::v1;
using std::chrono::milliseconds;

/// Writes what an update sets, and names it in the mask.
/// @throws ConfigurationError naming what is not usable.
void write(
    const std::string& whose,
    const ActivityOptionsUpdate& update,
    service::UpdateActivityExecutionOptionsRequest& request
) {
    auto& options = *request.mutable_activity_options();
    auto& mask = *request.mutable_update_mask();
    if (update.task_queue) {
        if (update.task_queue->empty() || !convert::is_utf8(*update.task_queue)) {
            throw ConfigurationError{
                whose + ": ActivityOptionsUpdate::task_queue is empty or not valid UTF-8"
            };
        }
        options.mutable_task_queue()->set_name(*update.task_queue);
        mask.add_paths("task_queue.name");
    }
    const auto time = [&](const char* name,
                          const std::optional<milliseconds>& value,
                          google::protobuf::Duration* (activity::ActivityOptions::*field)()) {
        if (!value) {
            return;
        }
        if (*value < milliseconds{0}) {
            throw ConfigurationError{
                whose + ": ActivityOptionsUpdate::" + name + " is " +
                std::to_string(value->count()) + " ms; it must not be less than 0"
            };
        }
        if (*value > milliseconds{0}) {
            convert::to_proto(*value, (options.*field)());
        }
        mask.add_paths(name);
    };
    using O = activity::ActivityOptions;
    time(
        "schedule_to_close_timeout",
        update.schedule_to_close_timeout,
        &O::mutable_schedule_to_close_timeout
    );
    time(
        "schedule_to_start_timeout",
        update.schedule_to_start_timeout,
        &O::mutable_schedule_to_start_timeout
    );
    time(
        "start_to_close_timeout", update.start_to_close_timeout, &O::mutable_start_to_close_timeout
    );
    time("heartbeat_timeout", update.heartbeat_timeout, &O::mutable_heartbeat_timeout);
    time("start_delay", update.start_delay, &O::mutable_start_delay);
    if (update.retry_policy) {
        validate(*update.retry_policy);
        convert::to_proto(*update.retry_policy, options.mutable_retry_policy());
        mask.add_paths("retry_policy");
    }
    if (update.priority) {
        validate(*update.priority);
        convert::to_proto(*update.priority, options.mutable_priority());
        mask.add_paths("priority");
    }
    if (mask.paths().empty()) {
        throw ConfigurationError{whose + ": ActivityOptionsUpdate is empty; set what changes"};
    }
}

ActivityExecutionOptions to_options(const activity::ActivityOptions& proto) {
    ActivityExecutionOptions options;
    options.task_queue = proto.task_queue().name();
    options.schedule_to_close_timeout =
        timeout_of(proto.has_schedule_to_close_timeout(), proto.schedule_to_close_timeout());
    options.schedule_to_start_timeout =
        timeout_of(proto.has_schedule_to_start_timeout(), proto.schedule_to_start_timeout());
    options.start_to_close_timeout =
        timeout_of(proto.has_start_to_close_timeout(), proto.start_to_close_timeout());
    options.heartbeat_timeout =
        timeout_of(proto.has_heartbeat_timeout(), proto.heartbeat_timeout());
    options.retry_policy = convert::from_proto(proto.retry_policy());
    options.priority = convert::from_proto(proto.priority());
    options.start_delay = timeout_of(proto.has_start_delay(), proto.start_delay());
    return options;
}

}  // namespace

Future<void> RpcBackend::send(PauseActivityCall call) {
    return command<service::PauseActivityExecutionRequest, service::PauseActivityExecutionResponse>(
        context_,
        call.activity,
        "pause",
        "PauseActivityExecution",
        with_reason(std::move(call.reason))
    );
}

Future<void> RpcBackend::send(UnpauseActivityCall call) {
    return command<
        service::UnpauseActivityExecutionRequest,
        service::UnpauseActivityExecutionResponse>(
        context_,
        call.activity,
        "unpause",
        "UnpauseActivityExecution",
        [&call](auto& request) {
            check_positive(
                "cannot unpause activity \"" + call.activity.id + '"',
                "UnpauseActivityOptions::jitter",
                call.options.jitter
            );
            request.set_reason(convert::valid_utf8(std::move(call.options.reason)));
            if (call.options.jitter) {
                convert::to_proto(*call.options.jitter, request.mutable_jitter());
            }
        }
    );
}

Future<void> RpcBackend::send(ResetActivityCall call) {
    return command<service::ResetActivityExecutionRequest, service::ResetActivityExecutionResponse>(
        context_,
        call.activity,
        "reset",
        "ResetActivityExecution",
        [&call](auto& request) {
            check_positive(
                "cannot reset activity \"" + call.activity.id + '"',
                "ResetActivityOptions::jitter",
                call.options.jitter
            );
            request.set_keep_paused(call.options.keep_paused);
            request.set_restore_original_options(call.options.restore_original_options);
            request.set_reset_heartbeat(call.options.reset_heartbeat);
            if (call.options.jitter) {
                convert::to_proto(*call.options.jitter, request.mutable_jitter());
            }
        }
    );
}

Future<ActivityExecutionOptions> RpcBackend::send(UpdateActivityOptionsCall call) {
    const std::string verb =
        call.restore_original ? "restore the options of" : "update the options of";
    using Response = service::UpdateActivityExecutionOptionsResponse;
    return call_about<
        ActivityExecutionOptions,
        service::UpdateActivityExecutionOptionsRequest,
        Response>(
        context_,
        call.activity,
        verb,
        "UpdateActivityExecutionOptions",
        [&](auto& request) {
            if (call.restore_original) {
                request.set_restore_original(true);
            } else {
                write(
                    "cannot " + verb + " activity \"" + call.activity.id + '"', call.update, request
                );
            }
        },
        [](const Response& response) { return to_options(response.activity_options()); }
    );
}

}  // namespace hourglass::client
