#pragma once

#include "hourglass/convert/payload.hpp"
#include "src/testing/frontend.hpp"

#include "temporal/api/history/v1/message.pb.h"

#include <cstdint>
#include <string>

/// What a server would record of a run of Sequential, and hand out of it, without a server.
namespace bench {

/// One run. Its activities are named by their index, from 0, which is also what they answer.
struct ScriptedRun {
    std::string workflow;  // its type
    std::string workflow_id;
    std::string run_id;
    std::string queue;
    hourglass::Payloads arguments;
};

/// A run whose ids tell its number.
[[nodiscard]] ScriptedRun sequential_run(
    std::int64_t number, const std::string& queue, std::int64_t activities
);

/// The history of a finished run of Sequential: 6 events an activity, and 5.
[[nodiscard]] temporal::api::history::v1::History finished_history(
    const ScriptedRun& run, std::int64_t activities
);

/// The run's first workflow task, on the queue that workers share.
[[nodiscard]] hourglass::testing::TaskOffer first_task(const ScriptedRun& run);

/// The workflow task after an activity, for a worker that has the run in its cache.
/// @param activity_id  as the worker asked for it.
/// @param sticky_queue  the worker's own.
[[nodiscard]] hourglass::testing::TaskOffer next_task(
    const ScriptedRun& run,
    std::int64_t activity,
    const std::string& activity_id,
    const std::string& sticky_queue
);

}  // namespace bench
