#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/nexus/nexus.hpp"
#include "src/client/make_client.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/nexus/request.hpp"
#include "tests/unit/client/fake_channel.hpp"

#include <chrono>
#include <cstdlib>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::nexus {

/// Handles requests as a worker does. What handlers ask the server is answered by `channel`.
class Harness {
public:
    using Completion = Request::Completion;
    using Task = coresdk::nexus::NexusTask;
    struct Running {
        std::shared_ptr<Request> request;
        Future<Completion> completion;
    };

    Services services;
    std::shared_ptr<client::FakeChannel> channel = std::make_shared<client::FakeChannel>();
    std::shared_ptr<activity::ThreadPool> pool = std::make_shared<activity::ThreadPool>();
    std::stop_source worker_shutdown;
    ClientOptions client{.namespace_ = "greeters"};
    std::shared_ptr<hourglass::detail::MetricRecorder> metrics;
    std::vector<std::shared_ptr<OperationInterceptor>> interceptors;

    ~Harness() {
        pool->shutdown(std::chrono::seconds{60});
        channel->forget_open_calls();
    }

    template <class... Input>
    static Task start_task(const std::string& operation, const Input&... input) {
        Task task;
        task.set_endpoint("greetings-prod");
        task.mutable_task()->set_task_token("token");
        auto& request = *task.mutable_task()->mutable_request();
        (*request.mutable_header())["tenant"] = "blue";
        auto& start = *request.mutable_start_operation();
        start.set_service("greetings");
        start.set_operation(operation);
        start.set_request_id("request-1");
        start.set_callback("http://caller/callback");
        (*start.mutable_callback_header())["source"] = "caller";
        const auto payloads = encode_arguments(input...);
        if (!payloads.empty()) {
            convert::to_proto(payloads.front(), start.mutable_payload());
        }
        return task;
    }
    static Task cancel_task(const std::string& operation, const std::string& operation_token) {
        Task task;
        task.mutable_task()->set_task_token("token");
        auto& cancel = *task.mutable_task()->mutable_request()->mutable_cancel_operation();
        cancel.set_service("greetings");
        cancel.set_operation(operation);
        cancel.set_operation_token(operation_token);
        return task;
    }

    Running start(Task task) {
        Promise<Completion> promise;
        auto completion = promise.future();
        auto request = Request::start(
            std::make_shared<const Task>(std::move(task)),
            std::make_shared<const Services>(services),
            {.pool = pool,
             .client = hourglass::detail::make_context(channel, client),
             .task_queue = "greeters-queue",
             .worker_shutdown = worker_shutdown.get_token(),
             .metrics = metrics,
             .interceptors = interceptors},
            [promise = std::move(promise)](Completion answer) mutable {
                // A second answer would make the test fail here.
                if (!promise.set_value(std::move(answer))) {
                    std::abort();
                }
            }
        );
        return {std::move(request), std::move(completion)};
    }
    Completion handle(Task task) { return start(std::move(task)).completion.get(); }
    template <class... Input>
    Completion call(const std::string& operation, const Input&... input) {
        return handle(start_task(operation, input...));
    }
};

/// "NOT_FOUND", with what is said of retrying, and the failure's text.
inline std::string error_in(const Request::Completion& completion) {
    using temporal::api::enums::v1::NexusHandlerErrorRetryBehavior;
    const auto& failure = completion.failure();
    const auto& info = failure.nexus_handler_failure_info();
    std::string text = info.type();
    if (info.retry_behavior() ==
        NexusHandlerErrorRetryBehavior::NEXUS_HANDLER_ERROR_RETRY_BEHAVIOR_RETRYABLE) {
        text += " retryable";
    } else if (info.retry_behavior() ==
               NexusHandlerErrorRetryBehavior::NEXUS_HANDLER_ERROR_RETRY_BEHAVIOR_NON_RETRYABLE) {
        text += " non-retryable";
    }
    return text + ": " + failure.message();
}

template <class T>
T value_in(const Request::Completion& completion) {
    const auto& response = completion.completed().start_operation();
    if (!response.has_sync_success()) {
        throw std::runtime_error{"no result: " + completion.ShortDebugString()};
    }
    return from_payload<T>(convert::from_proto(response.sync_success().payload()));
}

}  // namespace hourglass::nexus
