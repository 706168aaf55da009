// Files of histories, as the replayer reads them: each is a history or a ConfigurationError; and
// one that is written as JSON and read again is the same.
#include "hourglass/base/error.hpp"
#include "src/testing/history_files.hpp"
#include "src/testing/replayable.hpp"
#include "src/testing/steps.hpp"
#include "tests/fuzz/fuzz.hpp"

#include "temporal/api/history/v1/message.pb.h"

#include <cstdint>
#include <optional>
#include <string>

namespace hourglass::fuzz {
namespace {

std::optional<WorkflowHistory> read(const std::string& content) {
    try {
        return testing::parse_history(content, "fuzzed");
    } catch (const ConfigurationError&) {
        return std::nullopt;
    }
}

std::optional<std::string> written(const WorkflowHistory& history) {
    try {
        return history.to_json();
    } catch (const Error&) {
        return std::nullopt;  // a serialized one may have what JSON cannot say, a time say
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto history = read(std::string{reinterpret_cast<const char*>(data), size});
    if (!history) {
        return 0;
    }
    require(history->size() > 0, "a history has events");
    temporal::api::history::v1::History message;
    require(message.ParseFromString(history->serialized()), "a history is a History");
    // Before the steps are taken, as the replayer does.
    if (!testing::why_not_replayable(message)) {
        (void)testing::has_workflow_task(message);
        for (const auto& [event, steps] : testing::steps_of(message)) {
            for (const auto& step : steps) {
                (void)step.text();
            }
        }
    }
    if (const auto json = written(*history)) {
        const auto again = read(*json);
        require(again.has_value(), "a history that is written can be read", *json);
        require(again->size() == history->size(), "as many events are read as written", *json);
        require(again->workflow_id() == history->workflow_id(), "the workflow id stays", *json);
        require(again->run_id() == history->run_id(), "the run id stays", *json);
    }
    return 0;
}

}  // namespace hourglass::fuzz
