// Files of histories, as the replayer reads them: each is a history or a ConfigurationError; and
// one that is written as JSON and read again is the same.
#include "hourglass/base/error.hpp"
#include "src/testing/history_files.hpp"
#include "src/testing/replayable.hpp"
#include "src/testing/steps.hpp"
#include "src/testing/thin_history.hpp"
#include "src/testing/unordered_steps.hpp"
#include "tests/fuzz/fuzz.hpp"

#include "temporal/api/history/v1/message.pb.h"

#include <algorithm>
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

/// Whether a replay is judged alike by both.
void require_same_steps(
    const temporal::api::history::v1::History& one, const temporal::api::history::v1::History& other
) {
    const testing::Steps steps = testing::steps_of(one);
    const testing::Steps others = testing::steps_of(other);
    require(steps.size() == others.size(), "a thin history has the same tasks");
    for (const auto& [task, expected] : steps) {
        const auto found = others.find(task);
        require(found != others.end(), "a thin history has this task", std::to_string(task));
        require(
            std::ranges::equal(
                expected,
                found->second,
                [](const testing::Step& left, const testing::Step& right) {
                    return left.text() == right.text() && left.same_as(right) &&
                           left.event_id == right.event_id;
                }
            ),
            "a thin history has the same steps"
        );
    }
    using testing::UnorderedSteps;
    require(
        !UnorderedSteps::first_difference(UnorderedSteps{one}, UnorderedSteps{other}, 0) &&
            !UnorderedSteps::first_difference(UnorderedSteps{other}, UnorderedSteps{one}, 0) &&
            !UnorderedSteps::first_local_difference(UnorderedSteps{one}, UnorderedSteps{other}) &&
            !UnorderedSteps::first_local_difference(UnorderedSteps{other}, UnorderedSteps{one}),
        "a thin history has the same steps in any order"
    );
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
    temporal::api::history::v1::History thin;
    require(
        testing::read_thin_history(history->serialized(), thin), "what is a History can be thinned"
    );
    require(thin.events_size() == message.events_size(), "a thin history has all events");
    const auto why_not = testing::why_not_replayable(message);
    require(testing::why_not_replayable(thin) == why_not, "a thin history is as replayable");
    // Before the steps are taken, as the replayer does.
    if (!why_not) {
        require(
            testing::has_workflow_task(thin) == testing::has_workflow_task(message),
            "a thin history has as many workflow tasks"
        );
        require_same_steps(message, thin);
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
