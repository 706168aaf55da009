#pragma once

#include "src/core/core_worker.hpp"
#include "src/core/runtime.hpp"

#include <memory>
#include <string_view>

struct HgHistoryFeeder;

namespace hourglass::core {

/// Feeds histories to a worker that replays them one after the other instead of polling a server.
/// All members: any thread.
class Replayer {
public:
    /// Of `options` those that concern polling have no meaning here.
    [[nodiscard]] static Result<std::shared_ptr<Replayer>, CallError> create(
        std::shared_ptr<Runtime> runtime, const WorkerOptions& options
    );

    Replayer(const Replayer&) = delete;
    Replayer& operator=(const Replayer&) = delete;
    ~Replayer();

    /// Polled, completed and ended like any other, for workflow activations only. It shuts down by
    /// itself once the Replayer is closed and every history is replayed. Finalize it (or leave it
    /// to a Reaper): Core keeps some memory of a replaying worker that is just dropped.
    [[nodiscard]] const std::shared_ptr<CoreWorker>& worker() const noexcept { return worker_; }

    /// Adds a serialized temporal.api.history.v1.History; answers when there is room for it.
    void push(std::string_view workflow_id, std::string_view history, VoidCallback callback);

    /// No more histories come; any number of times, but not while `push` is called.
    void close();

private:
    Replayer(
        std::shared_ptr<Runtime> runtime,
        std::shared_ptr<CoreWorker> worker,
        HgHistoryFeeder* feeder
    ) noexcept;

    std::shared_ptr<Runtime> runtime_;
    std::shared_ptr<CoreWorker> worker_;
    HgHistoryFeeder* feeder_;
};

}  // namespace hourglass::core
