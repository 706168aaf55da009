#include "src/worker/late_reports.hpp"

#include "hourglass/base/log.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <chrono>
#include <utility>

namespace hourglass::worker {
namespace {

namespace service = temporal::api::workflowservice::v1;

constexpr std::chrono::seconds kHeartbeatFor{10};

template <class Request>
client::CallSpec spec_of(
    std::string method, const Request& request, std::chrono::milliseconds timeout
) {
    client::CallSpec spec;
    spec.method = std::move(method);
    spec.body = request.SerializeAsString();
    spec.timeout = timeout;
    return spec;
}

LateCompletion outcome_of(const client::RpcAnswer& answer) {
    if (answer) {
        return LateCompletion::ActivityReported;
    }
    return answer.error().code == RpcCode::NotFound ? LateCompletion::ActivityUnknown
                                                    : LateCompletion::ActivityGivenUp;
}

}  // namespace

LateReports::LateReports(
    client::CallSettings calls, std::string namespace_name, std::string identity, Count count
)
    : calls_{std::move(calls)},
      namespace_name_{std::move(namespace_name)},
      identity_{std::move(identity)},
      count_{std::move(count)} {}

void LateReports::report(
    const std::string& task_token,
    const std::string& task_queue,
    const coresdk::activity_result::ActivityExecutionResult& result,
    const coresdk::ActivityHeartbeat& last_heartbeat
) const {
    const auto fill = [&](auto request) {
        request.set_task_token(task_token);
        request.set_namespace_(namespace_name_);
        request.set_identity(identity_);
        return request;
    };
    client::CallSpec spec;
    if (result.has_completed()) {
        auto request = fill(service::RespondActivityTaskCompletedRequest{});
        if (result.completed().has_result()) {
            *request.mutable_result()->add_payloads() = result.completed().result();
        }
        spec = spec_of("RespondActivityTaskCompleted", request, client::kAnswersKeptFor);
    } else if (result.has_failed()) {
        auto request = fill(service::RespondActivityTaskFailedRequest{});
        *request.mutable_failure() = result.failed().failure();
        *request.mutable_last_heartbeat_details()->mutable_payloads() = last_heartbeat.details();
        spec = spec_of("RespondActivityTaskFailed", request, client::kAnswersKeptFor);
    } else if (result.has_cancelled()) {
        auto request = fill(service::RespondActivityTaskCanceledRequest{});
        *request.mutable_details() = result.cancelled().failure().canceled_failure_info().details();
        spec = spec_of("RespondActivityTaskCanceled", request, client::kAnswersKeptFor);
    } else {
        return;  // will be completed by somebody else: there is nothing to report
    }
    {
        const std::lock_guard lock{open_->mutex};
        ++open_->count;
    }
    client::call(
        calls_,
        std::move(spec),
        [open = open_, count = count_, task_queue](client::RpcAnswer answer) {
            count(outcome_of(answer)
            );  // before it is over: who waits for that reads the counters next
            {
                const std::lock_guard lock{open->mutex};
                --open->count;
            }
            open->changed.notify_all();
            client::CallbackPool::shared().post([task_queue, answer = std::move(answer)] {
                if (answer) {
                    log::info(
                        "a late activity result was reported by its task token",
                        {{"task_queue", task_queue}}
                    );
                } else if (answer.error().code == RpcCode::NotFound) {
                    log::warn(
                        "a late activity result is of no use any more: the server does not know "
                        "the "
                        "attempt",
                        {{"task_queue", task_queue}, {"reason", answer.error().message}}
                    );
                } else {
                    log::error(
                        "a late activity result could not be reported; the server will time the "
                        "attempt out",
                        {{"task_queue", task_queue}, {"reason", answer.error().message}}
                    );
                }
            });
        }
    );
}

bool LateReports::wait_until_sent(std::chrono::milliseconds timeout) const {
    std::unique_lock lock{open_->mutex};
    return open_->changed.wait_for(lock, timeout, [this] { return open_->count == 0; });
}

void LateReports::heartbeat(
    const coresdk::ActivityHeartbeat& heartbeat, std::function<void(HeartbeatAnswer)> done
) const {
    service::RecordActivityTaskHeartbeatRequest request;
    request.set_task_token(heartbeat.task_token());
    request.set_namespace_(namespace_name_);
    request.set_identity(identity_);
    *request.mutable_details()->mutable_payloads() = heartbeat.details();
    client::call(
        calls_,
        spec_of("RecordActivityTaskHeartbeat", request, kHeartbeatFor),
        [done = std::move(done)](client::RpcAnswer answer) {
            if (!answer) {
                done({.gone = answer.error().code == RpcCode::NotFound});
                return;
            }
            service::RecordActivityTaskHeartbeatResponse response;
            done(
                {.cancel_requested =
                     response.ParseFromString(*answer) && response.cancel_requested()}
            );
        }
    );
}

}  // namespace hourglass::worker
