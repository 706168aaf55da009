#pragma once

#include "hourglass/activity/definitions.hpp"
#include "hourglass/activity/interceptor.hpp"
#include "hourglass/activity/objects.hpp"
#include "hourglass/activity/task.hpp"
#include "hourglass/base/metric_recorder.hpp"
#include "hourglass/base/process_epoch.hpp"
#include "hourglass/base/unique_function.hpp"
#include "src/activity/isolation/isolated_run.hpp"
#include "src/activity/outcome.hpp"
#include "src/activity/state.hpp"
#include "src/activity/thread_pool.hpp"
#include "src/activity/timers.hpp"

#include "temporal/sdk/core/activity_task/activity_task.pb.h"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace hourglass::activity {

/// What an attempt runs in.
struct Environment {
    std::shared_ptr<ThreadPool> pool;
    std::shared_ptr<Timers> timers;
    /// Null if no activity is isolated.
    std::shared_ptr<isolation::IdleProcesses> processes{};
    /// Takes a serialized coresdk.ActivityHeartbeat, on any thread; must not block. Empty:
    /// heartbeats go nowhere.
    std::function<void(std::string)> heartbeat{};
    std::string task_queue{};
    /// For tasks that name no namespace.
    std::string client_namespace{};
    std::stop_token worker_shutdown{};
    /// Where bodies measure; null: nowhere.
    std::shared_ptr<detail::MetricRecorder> metrics{};
    /// Around the body, the first one outermost; none null.
    std::vector<std::shared_ptr<ActivityInterceptor>> interceptors{};
};

/// One run of an activity's body. It keeps itself alive until it has answered.
/// @threads any.
class Attempt final : public detail::ActivityState {
public:
    /// Runs exactly once, on a thread of the pool, or inside of `start` if none could be had. It
    /// may only post.
    using Done = UniqueFunction<void(ExecutionResult)>;

    /// Whatever goes wrong is the attempt's result; nothing but lack of memory is thrown.
    static std::shared_ptr<Attempt> start(
        coresdk::activity_task::Start start,
        std::string task_token,
        const Definitions& definitions,
        Objects objects,
        Environment environment,
        Done done
    );

    ~Attempt() override;

    /// Tells the body, which ends when it likes; nothing once the attempt has answered. A body that
    /// was not begun never is.
    void cancel(const coresdk::activity_task::Cancel& cancel);
    [[nodiscard]] bool ended() const;

    void resume(detail::ActivityPromiseBase& waiting) noexcept override;

private:
    Attempt(
        Setup setup,
        Payloads arguments,
        Objects objects,
        std::shared_ptr<ThreadPool> pool,
        Done done
    ) noexcept;

    std::shared_ptr<Attempt> self();
    void run(const std::shared_ptr<const Definition>& definition);
    void begin(const std::shared_ptr<const Definition>& definition);
    [[nodiscard]] ExecutionResult run_in_process();
    void body_ended() noexcept;
    void give_up() noexcept;
    void answer(ExecutionResult result) noexcept;
    void answer_error(const std::exception_ptr& error) noexcept;

    // intercepted_attempt.cpp
    void begin_intercepted(std::shared_ptr<const Definition> definition);
    /// Through the interceptors from `index` on.
    Task<Payload> through(
        std::size_t index, std::shared_ptr<const Definition> definition, ExecuteActivityCall call
    );
    Task<Payload> run_body(std::shared_ptr<const Definition> definition, ExecuteActivityCall call);
    Task<Payload> run_isolated_body(ExecuteActivityCall call);
    Payload isolated_result(ExecuteActivityCall call);
    /// How a process ended without a result, and the exception that stands for it.
    struct IsolatedEnd {
        std::exception_ptr error;
        ExecutionResult result;
    };

    const std::uint64_t epoch_ = detail::process_epoch();
    Payloads arguments_;
    const Objects objects_;
    const std::shared_ptr<ThreadPool> pool_;
    /// Set from the start if the body runs in a process of its own.
    std::shared_ptr<isolation::IsolatedRun> isolated_;
    std::optional<Task<Payload>> body_;
    /// Only with interceptors.
    std::optional<IsolatedEnd> isolated_end_;
    mutable std::mutex answer_mutex_;
    Done done_;
};

}  // namespace hourglass::activity
