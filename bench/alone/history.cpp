// Histories of any length, for the job `replay` of every SDK.

#include "jobs.hpp"
#include "scripted_run.hpp"
#include <hourglass/hourglass.hpp>

#include <fstream>
#include <stdexcept>

namespace bench {

nlohmann::json write_history(std::int64_t events, const std::string& file) {
    if (events < 11) {
        throw std::invalid_argument{"a history with one activity has 11 events"};
    }
    const std::int64_t count = (events - 5) / 6;
    const ScriptedRun run = sequential_run(1, "bench", count);
    const hourglass::WorkflowHistory history{
        run.workflow_id, finished_history(run, count).SerializeAsString()
    };
    std::ofstream json{file + ".json"};
    std::ofstream serialized{file + ".pb", std::ios::binary};
    json << history.to_json();
    serialized << history.serialized();
    if (!json.flush() || !serialized.flush()) {
        throw std::runtime_error{"cannot write '" + file + "'"};
    }
    return {{"events", history.size()}};
}

}  // namespace bench
