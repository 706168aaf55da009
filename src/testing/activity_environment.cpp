#include "hourglass/testing/activity_environment.hpp"

#include "hourglass/activity/definitions.hpp"
#include "src/activity/attempt.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_retry.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/proto_versioning.hpp"

#include "temporal/sdk/core/core_interface.pb.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <mutex>
#include <stop_token>
#include <utility>

namespace hourglass::testing {
namespace {

using activity::CancellationReason;
using activity::Info;
using coresdk::activity_task::Start;

constexpr std::chrono::seconds kBodiesEnd{10};

void set(const std::optional<std::chrono::nanoseconds>& timeout, google::protobuf::Duration* to) {
    if (timeout) {
        convert::to_proto(*timeout, to);
    } else {
        to->Clear();  // the server writes "no timeout" as zero
    }
}

/// The task that a server would have sent.
Start task_of(const Info& info, std::string type, const Payloads& arguments) {
    Start task;
    task.set_activity_id(info.activity_id);
    task.set_activity_type(std::move(type));
    task.set_attempt(info.attempt);
    task.set_is_local(info.is_local);
    task.set_workflow_namespace(info.workflow_namespace);
    task.mutable_workflow_execution()->set_workflow_id(info.workflow_id.value_or(""));
    task.mutable_workflow_execution()->set_run_id(info.workflow_run_id.value_or(""));
    task.set_workflow_type(info.workflow_type.value_or(""));
    task.set_run_id(info.activity_run_id.value_or(""));
    convert::to_proto(info.scheduled_time, task.mutable_scheduled_time());
    convert::to_proto(
        info.current_attempt_scheduled_time, task.mutable_current_attempt_scheduled_time()
    );
    convert::to_proto(info.started_time, task.mutable_started_time());
    set(info.start_to_close_timeout, task.mutable_start_to_close_timeout());
    set(info.schedule_to_close_timeout, task.mutable_schedule_to_close_timeout());
    set(info.heartbeat_timeout, task.mutable_heartbeat_timeout());
    convert::to_proto(info.heartbeat_details, task.mutable_heartbeat_details());
    convert::to_proto(info.headers, task.mutable_header_fields());
    if (info.retry_policy) {
        convert::to_proto(*info.retry_policy, task.mutable_retry_policy());
    }
    convert::to_proto(info.priority, task.mutable_priority());
    convert::to_proto(arguments, task.mutable_input());
    return task;
}

coresdk::activity_task::ActivityCancelReason reason_of(CancellationReason reason) {
    switch (reason) {
        case CancellationReason::NotFound:
            return coresdk::activity_task::NOT_FOUND;
        case CancellationReason::Requested:
            return coresdk::activity_task::CANCELLED;
        case CancellationReason::TimedOut:
            return coresdk::activity_task::TIMED_OUT;
        case CancellationReason::WorkerShutdown:
            return coresdk::activity_task::WORKER_SHUTDOWN;
        case CancellationReason::Paused:
            return coresdk::activity_task::PAUSED;
        case CancellationReason::Reset:
            return coresdk::activity_task::RESET;
    }
    return coresdk::activity_task::CANCELLED;
}

void settle(
    Promise<Payload>& promise, const std::string& type, const activity::ExecutionResult& result
) {
    if (result.has_completed()) {
        promise.set_value(
            result.completed().has_result() ? convert::from_proto(result.completed().result())
                                            : null_payload()
        );
    } else if (result.has_failed()) {
        promise.set_error(convert::from_failure(result.failed().failure()));
    } else if (result.has_cancelled()) {
        promise.set_error(convert::from_failure(result.cancelled().failure()));
    } else {
        promise.set_error(std::make_exception_ptr(CompletesAsyncError{
            "the body of activity '" + type +
            "' called complete_async(): there is no result until somebody completes it by its task "
            "token"
        }));
    }
}

/// Tells a test what its activity measures, as TelemetryOptions::on_measurement would be told.
class TestRecorder final : public hourglass::detail::MetricRecorder {
public:
    explicit TestRecorder(std::function<void(const Measurement&)> tell) : tell_{std::move(tell)} {}

    void record(
        const hourglass::detail::MetricInstrument& instrument,
        const MetricAttributes& attributes,
        double value
    ) override {
        auto labels = nlohmann::json::object();
        for (const MetricAttribute& each : attributes) {
            labels[each.name] = each.value;
        }
        const auto replace = nlohmann::json::error_handler_t::replace;
        const std::string json = labels.dump(-1, ' ', false, replace);
        tell_(
            {instrument.kind, value, instrument.name, instrument.unit, instrument.description, json}
        );
    }

private:
    const std::function<void(const Measurement&)> tell_;
};

}  // namespace

Info default_activity_info() {
    const auto now = std::chrono::system_clock::now();
    return {
        .activity_id = "test-activity",
        .task_token = "test-token",
        .workflow_namespace = "default",
        .task_queue = "test-queue",
        .workflow_id = "test-workflow",
        .workflow_run_id = "test-run",
        .workflow_type = "TestWorkflow",
        .scheduled_time = now,
        .current_attempt_scheduled_time = now,
        .started_time = now,
        .start_to_close_timeout = std::chrono::hours{1},
    };
}

struct ActivityEnvironment::Impl {
    explicit Impl(ActivityEnvironmentOptions given) : options{std::move(given)} {}

    void heartbeat(const std::string& serialized) {
        coresdk::ActivityHeartbeat heartbeat;
        heartbeat.ParseFromString(serialized);
        const Payloads details = convert::from_proto(heartbeat.details());
        {
            const std::lock_guard lock{mutex};
            heartbeats.push_back(details);
        }
        if (options.on_heartbeat) {
            options.on_heartbeat(details);
        }
    }

    void cancel(CancellationReason reason) {
        coresdk::activity_task::Cancel cancellation;
        cancellation.set_reason(reason_of(reason));
        for (const auto& attempt : running_now()) {
            attempt->cancel(cancellation);
        }
    }

    std::vector<std::shared_ptr<activity::Attempt>> running_now() {
        const std::lock_guard lock{mutex};
        std::erase_if(running, [](const auto& attempt) { return attempt->ended(); });
        return running;
    }

    const ActivityEnvironmentOptions options;
    const std::shared_ptr<TestRecorder> metrics =
        options.on_measurement ? std::make_shared<TestRecorder>(options.on_measurement) : nullptr;
    const std::shared_ptr<activity::ThreadPool> pool = std::make_shared<activity::ThreadPool>();
    const std::shared_ptr<activity::Timers> timers = std::make_shared<activity::ThreadTimers>();
    std::stop_source worker_shutdown;
    mutable std::mutex mutex;
    std::vector<std::shared_ptr<activity::Attempt>> running;
    std::vector<Payloads> heartbeats;
};

ActivityEnvironment::ActivityEnvironment(ActivityEnvironmentOptions options)
    : impl_{std::make_shared<Impl>(std::move(options))} {}

ActivityEnvironment::~ActivityEnvironment() {
    impl_->cancel(CancellationReason::WorkerShutdown);
    static_cast<void>(impl_->pool->shutdown(kBodiesEnd));  // the pool's log names what does not end
}

hourglass::detail::KeptContext ActivityEnvironment::context_of(const std::string& type) const {
    const Info& info = impl_->options.info;
    SerializationContext context{
        .workflow_namespace = info.workflow_namespace,
        .activity_id = info.activity_id,
        .activity_type = type,
        .is_local_activity = info.is_local
    };
    if (info.workflow_id) {
        context.workflow_id = *info.workflow_id;
    }
    if (info.workflow_type) {
        context.workflow_type = *info.workflow_type;
    }
    return hourglass::detail::KeptContext{context};
}

Future<Payload> ActivityEnvironment::start_encoded(
    activity::Definition definition, std::string type, Payloads arguments
) {
    definition.isolated.reset();
    if (type.empty()) {
        type = definition.name;
    }
    activity::Definitions definitions;
    definitions.add(std::move(definition));
    Promise<Payload> promise;
    auto result = promise.future();
    const Info& info = impl_->options.info;
    // A body that is cancelled at its first heartbeat has to be known by then.
    const std::lock_guard lock{impl_->mutex};
    auto attempt = activity::Attempt::start(
        task_of(info, type, arguments),
        info.task_token,
        definitions,
        impl_->options.objects,
        {
            .pool = impl_->pool,
            .timers = impl_->timers,
            // Weak: a body that does not end must not keep the pool that waits for it.
            .heartbeat =
                [weak = std::weak_ptr{impl_}](const std::string& serialized) {
                    if (const auto impl = weak.lock()) {
                        impl->heartbeat(serialized);
                    }
                },
            .task_queue = info.task_queue,
            .client_namespace = info.workflow_namespace,
            .worker_shutdown = impl_->worker_shutdown.get_token(),
            .metrics = impl_->metrics,
        },
        [promise = std::move(promise), type](const activity::ExecutionResult& answer) mutable {
            settle(promise, type, answer);
        }
    );
    impl_->running.push_back(std::move(attempt));
    return result;
}

void ActivityEnvironment::cancel(CancellationReason reason) {
    impl_->cancel(reason);
}

void ActivityEnvironment::shut_down_worker() {
    impl_->worker_shutdown.request_stop();
}

std::vector<Payloads> ActivityEnvironment::heartbeats() const {
    const std::lock_guard lock{impl_->mutex};
    return impl_->heartbeats;
}

}  // namespace hourglass::testing
