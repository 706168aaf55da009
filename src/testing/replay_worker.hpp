#pragma once

#include "hourglass/client/workflow_history.hpp"
#include "hourglass/codec/data_options.hpp"
#include "hourglass/testing/replay_report.hpp"
#include "hourglass/testing/replayer.hpp"
#include "src/activity/timers.hpp"
#include "src/core/replayer.hpp"
#include "src/core/runtime.hpp"
#include "src/worker/cached_runs.hpp"
#include "src/worker/evaluation_watch.hpp"
#include "src/worker/registration.hpp"

#include "temporal/api/history/v1/message.pb.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::testing {

/// Replays one history after the other on one worker of Core and on the caller's thread, Core's
/// part too: no thread waits for another. A worker that Core does not go on with is left behind,
/// and the next history gets a new one.
/// @threads one at a time.
class ReplayWorker {
public:
    /// @param runtime  one that is driven, and by nobody else.
    ReplayWorker(std::shared_ptr<core::Runtime> runtime, const ReplayOptions& options);
    /// Ends Core's worker, and waits for it.
    ~ReplayWorker();
    ReplayWorker(const ReplayWorker&) = delete;
    ReplayWorker& operator=(const ReplayWorker&) = delete;

    /// @param workflow_namespace  what the workflow sees as its own.
    /// @throws ConfigurationError if Core makes no worker.
    [[nodiscard]] ReplayResult replay(
        const WorkflowHistory& history, const std::string& workflow_namespace
    );

private:
    [[nodiscard]] std::optional<ReplayFailure> run(
        const WorkflowHistory& history,
        const temporal::api::history::v1::History& proto,
        const std::string& workflow_namespace
    );
    [[nodiscard]] std::shared_ptr<worker::Registration> begin(
        const std::string& task_queue, const std::string& workflow_namespace
    );
    void end_worker();

    const std::shared_ptr<core::Runtime> runtime_;
    const std::chrono::milliseconds silence_limit_;
    const DataOptions data_;
    const std::vector<std::shared_ptr<WorkerInterceptor>> interceptors_;
    const workflow::FailsWorkflow fails_workflow_;
    std::shared_ptr<core::Replayer> replayer_;
    /// What a history is read into, for one after the other: fresh memory costs more than to read
    /// it.
    std::vector<char> arena_block_;
    worker::CachedRuns runs_;
    /// Names code that does not return, which nobody can end.
    const std::shared_ptr<worker::EvaluationWatch> watch_ =
        std::make_shared<worker::EvaluationWatch>(
            std::make_shared<activity::ThreadTimers>(), worker::EvaluationWatch::Options{}
        );
    std::uint64_t registrations_ = 0;
};

}  // namespace hourglass::testing
