#pragma once

#include "hourglass/base/process_epoch.hpp"
#include "hourglass/base/unique_function.hpp"
#include "hourglass/nexus/interceptor.hpp"
#include "hourglass/nexus/services.hpp"
#include "src/activity/thread_pool.hpp"
#include "src/client/rpc.hpp"
#include "src/nexus/backing_workflow.hpp"
#include "src/nexus/state.hpp"

#include "temporal/sdk/core/nexus/nexus.pb.h"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace hourglass::nexus {

/// What a request is handled in.
struct Environment {
    std::shared_ptr<activity::ThreadPool> pool;
    /// Starts and cancels workflows, and is the handler's.
    client::RpcContextPtr client;
    std::string task_queue{};
    std::stop_token worker_shutdown{};
    /// Where handlers measure; null: nowhere.
    std::shared_ptr<hourglass::detail::MetricRecorder> metrics{};
    /// Around the handler, the first one outermost; none null.
    std::vector<std::shared_ptr<OperationInterceptor>> interceptors{};
};

/// One request to start or cancel an operation. It keeps itself alive until it has answered.
/// @threads any.
class Request final : public detail::RequestState {
public:
    using Completion = coresdk::nexus::NexusTaskCompletion;
    /// Runs exactly once, on a thread of the pool, or inside of `start` if none could be had; if it
    /// throws, once more, with less to hand on. It may only post.
    using Done = UniqueFunction<void(Completion)>;

    /// Whatever goes wrong is the answer; nothing but lack of memory is thrown.
    /// @param task  one that has a task.
    static std::shared_ptr<Request> start(
        std::shared_ptr<const coresdk::nexus::NexusTask> task,
        std::shared_ptr<const Services> services,
        Environment environment,
        Done done
    );

    /// A request that nothing could answer, for lack of memory, says so.
    ~Request() override;
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

    /// Tells the handler, which ends when it likes. One that was not begun never is.
    void cancel(CancellationReason reason) { request_cancellation(reason); }
    [[nodiscard]] bool ended() const;
    [[nodiscard]] client::RpcContextPtr client() override;

private:
    Request(
        std::shared_ptr<const coresdk::nexus::NexusTask> task,
        std::shared_ptr<const Services> services,
        Environment environment,
        Done done
    );

    void run();
    [[nodiscard]] Completion handled();
    void fill_start(Completion& completion);
    /// Through the interceptors from `index` on.
    StartedOperation start_through(
        std::size_t index, const Handler& handler, StartOperationCall call
    );
    StartedOperation start_operation(const Handler& handler, StartOperationCall call);
    void cancel_through(std::size_t index, CancelOperationCall call);
    void answer(Completion completion) noexcept;
    void answer_error(const std::exception_ptr& error);
    void hand_on(Done done, Completion completion) noexcept;
    /// What is answered to an error that the handler let out.
    [[nodiscard]] Completion failed(const std::exception_ptr& error) const;
    [[nodiscard]] Completion unavailable(const std::string& why) const;
    [[nodiscard]] Completion aborted() const;
    [[nodiscard]] Completion empty() const;

    const std::uint64_t epoch_ = hourglass::detail::process_epoch();
    const std::shared_ptr<const coresdk::nexus::NexusTask> task_;
    const std::shared_ptr<const Services> services_;
    const std::shared_ptr<activity::ThreadPool> pool_;
    const std::vector<std::shared_ptr<OperationInterceptor>> interceptors_;
    const client::RpcContextPtr client_;
    const std::shared_ptr<OutboundLinks> links_ = std::make_shared<OutboundLinks>();
    /// The handler's own, whose calls are linked with the operation's caller.
    std::optional<client::RpcContextPtr> linked_client_;
    std::once_flag linked_client_made_;
    mutable std::mutex mutex_;
    Done done_;
};

}  // namespace hourglass::nexus
