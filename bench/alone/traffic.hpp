#pragma once

#include "in_process_worker.hpp"
#include "scripted_run.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace bench {

/// Workflow tasks of runs of Sequential for an in-process worker, one at a time for each of its
/// places: when a run has ended, the place's next task begins another one. Each answer is checked;
/// a wrong one ends the program.
/// @threads any.
class Traffic {
public:
    /// Told of each answer, on a thread of Core's; may ask for a next task, and may not block.
    using Answered =
        std::function<void(Traffic&, std::size_t place, std::chrono::nanoseconds turnaround)>;

    Traffic(
        InProcessWorker& worker, std::size_t places, std::int64_t activities, Answered answered
    );
    /// Waits for the answers to what was handed out.
    ~Traffic();
    Traffic(const Traffic&) = delete;
    Traffic& operator=(const Traffic&) = delete;

    [[nodiscard]] std::size_t places() const { return places_.size(); }

    /// Hands out the next task of a place that waits for no answer. The turn-around is from here
    /// until the worker's answer has come back: through Core, our code and Core again.
    void next(std::size_t place);

private:
    struct Place {
        ScriptedRun run;
        std::int64_t activity = -1;  // the one under way; -1: none was asked for so far
        std::string activity_id;
        std::string sticky_queue;
        bool open = false;
    };

    void take_answer(std::size_t index, const hourglass::testing::TaskAnswer& answer);

    InProcessWorker& worker_;
    const std::int64_t activities_;
    const Answered answered_;
    std::vector<Place> places_;  // each is used by one at a time: who hands out, or who answers
    std::atomic<std::int64_t> runs_{0};
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t under_way_ = 0;
};

}  // namespace bench
