#pragma once

#include "hourglass/activity/activity.hpp"
#include "hourglass/base/future.hpp"
#include "src/activity/attempt.hpp"
#include "src/activity/thread_pool.hpp"
#include "src/activity/timers.hpp"
#include "src/convert/proto_payload.hpp"

#include "temporal/sdk/core/core_interface.pb.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::activity {

/// Timers that are due when the test says so.
class ManualTimers final : public Timers {
public:
    Id after(std::chrono::nanoseconds delay, UniqueFunction<void()> callback) override {
        const std::lock_guard lock{mutex_};
        pending_.emplace(next_, std::pair{now_ + delay, std::move(callback)});
        return next_++;
    }
    void cancel(Id id) override {
        const std::lock_guard lock{mutex_};
        pending_.erase(id);
    }
    [[nodiscard]] std::size_t pending() const {
        const std::lock_guard lock{mutex_};
        return pending_.size();
    }
    void advance(std::chrono::nanoseconds duration) {
        std::vector<UniqueFunction<void()>> due;
        {
            const std::lock_guard lock{mutex_};
            now_ += duration;
            for (auto entry = pending_.begin(); entry != pending_.end();) {
                if (entry->second.first <= now_) {
                    due.push_back(std::move(entry->second.second));
                    entry = pending_.erase(entry);
                } else {
                    ++entry;
                }
            }
        }
        for (auto& callback : due) {
            callback();
        }
    }

private:
    mutable std::mutex mutex_;
    std::chrono::nanoseconds now_{};
    std::map<Id, std::pair<std::chrono::nanoseconds, UniqueFunction<void()>>> pending_;
    Id next_ = 1;
};

/// Runs attempts as a worker does, and keeps what they answer.
class Harness {
public:
    struct Running {
        std::shared_ptr<Attempt> attempt;
        Future<ExecutionResult> result;
    };

    Definitions definitions;
    Objects objects;
    std::shared_ptr<ManualTimers> timers = std::make_shared<ManualTimers>();
    std::shared_ptr<isolation::IdleProcesses> processes =
        std::make_shared<isolation::IdleProcesses>(timers);
    std::shared_ptr<ThreadPool> pool = std::make_shared<ThreadPool>();
    std::stop_source worker_shutdown;
    std::shared_ptr<detail::MetricRecorder> metrics;
    std::vector<std::shared_ptr<ActivityInterceptor>> interceptors;

    ~Harness() { pool->shutdown(std::chrono::seconds{60}); }

    static coresdk::activity_task::Start task(
        const std::string& type, const Payloads& arguments = {}
    ) {
        coresdk::activity_task::Start start;
        start.set_activity_id("7");
        start.set_activity_type(type);
        start.set_attempt(1);
        start.set_workflow_namespace("default");
        start.set_workflow_type("Checkout");
        start.mutable_workflow_execution()->set_workflow_id("order-7");
        start.mutable_workflow_execution()->set_run_id("run-1");
        convert::to_proto(arguments, start.mutable_input());
        return start;
    }

    Running start(coresdk::activity_task::Start task) {
        Promise<ExecutionResult> promise;
        auto result = promise.future();
        auto attempt = Attempt::start(
            std::move(task),
            "token",
            definitions,
            objects,
            {
                .pool = pool,
                .timers = timers,
                .processes = processes,
                .heartbeat =
                    [this](std::string serialized) {
                        coresdk::ActivityHeartbeat heartbeat;
                        heartbeat.ParseFromString(serialized);
                        const std::lock_guard lock{mutex_};
                        heartbeats_.push_back(std::move(heartbeat));
                    },
                .task_queue = "orders",
                .client_namespace = "of-the-client",
                .worker_shutdown = worker_shutdown.get_token(),
                .metrics = metrics,
                .interceptors = interceptors,
            },
            [promise = std::move(promise)](ExecutionResult answer) mutable {
                // A second answer would make the test fail here.
                if (!promise.set_value(std::move(answer))) {
                    std::abort();
                }
            }
        );
        return {std::move(attempt), std::move(result)};
    }

    template <class... Args>
    Running start(const std::string& type, const Args&... arguments) {
        return start(task(type, encode_arguments(arguments...)));
    }
    template <class... Args>
    ExecutionResult run(const std::string& type, const Args&... arguments) {
        return start(type, arguments...).result.get();
    }

    static coresdk::activity_task::Cancel cancellation(
        coresdk::activity_task::ActivityCancelReason reason = coresdk::activity_task::CANCELLED
    ) {
        coresdk::activity_task::Cancel cancel;
        cancel.set_reason(reason);
        return cancel;
    }

    std::vector<coresdk::ActivityHeartbeat> heartbeats() {
        const std::lock_guard lock{mutex_};
        return heartbeats_;
    }

private:
    std::mutex mutex_;
    std::vector<coresdk::ActivityHeartbeat> heartbeats_;
};

template <class T>
T value_of(const ExecutionResult& result) {
    if (!result.has_completed()) {
        throw std::runtime_error{"not completed: " + result.ShortDebugString()};
    }
    return from_payload<T>(convert::from_proto(result.completed().result()));
}

}  // namespace hourglass::activity
