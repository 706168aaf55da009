// Many runs in memory, Core's part of them and ours.

#include "bench/jobs/usage.hpp"
#include "in_process_worker.hpp"
#include "jobs.hpp"
#include "scripted_run.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <variant>

namespace bench {
namespace {

using hourglass::testing::TaskAnswer;
using temporal::api::workflowservice::v1::RespondWorkflowTaskCompletedRequest;

constexpr std::int64_t kWarmUp = 200;
constexpr int kAtATime = 64;

/// How many runs wait for the answer to their first workflow task.
class UnderWay {
public:
    void add() {
        std::unique_lock lock{mutex_};
        wait(lock, kAtATime - 1);
        ++count_;
    }
    void remove() {
        const std::lock_guard lock{mutex_};  // until the end: `wait_for_all` may be waited for
        --count_;
        changed_.notify_one();
    }
    void wait_for_all() {
        std::unique_lock lock{mutex_};
        wait(lock, 0);
    }

private:
    void wait(std::unique_lock<std::mutex>& lock, int most) {
        if (!changed_.wait_for(lock, std::chrono::minutes{1}, [&] { return count_ <= most; })) {
            give_up("the worker does not answer its workflow tasks");
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0;
};

/// Begins the runs `first` up to `last`, and waits until each waits.
void begin_runs(InProcessWorker& worker, std::int64_t first, std::int64_t last) {
    UnderWay under_way;
    for (std::int64_t number = first; number < last; ++number) {
        under_way.add();
        ScriptedRun run = sequential_run(number, worker.queue(), 0);
        run.workflow = "Waiter";
        run.arguments.clear();
        auto offer = first_task(run);
        offer.whole_history = []() -> temporal::api::history::v1::History {
            give_up("the worker lost a run from its cache");
        };
        offer.answered = [&under_way](const TaskAnswer& answer) {
            const auto* done = std::get_if<RespondWorkflowTaskCompletedRequest>(&answer);
            if (done == nullptr || done->commands_size() != 0) {
                give_up("a run that should only wait did something else");
            }
            under_way.remove();
        };
        worker.offer(std::move(offer));
    }
    under_way.wait_for_all();
}

}  // namespace

nlohmann::json cached(std::int64_t runs) {
    InProcessWorker worker{static_cast<std::uint32_t>(kWarmUp + runs + 10)};
    begin_runs(worker, 0, kWarmUp);
    const Usage before = usage_now();
    begin_runs(worker, kWarmUp, kWarmUp + runs);
    nlohmann::json line = spent_since(before);
    if (worker.cached_runs() != static_cast<std::size_t>(kWarmUp + runs)) {
        give_up("not all runs are in the worker's cache");
    }
    line["workflows"] = runs;
    line["bytes_per_workflow"] = (line["resident"].get<std::int64_t>() - before.resident) / runs;
    return line;
}

}  // namespace bench
