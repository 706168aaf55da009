#include "hourglass/client/workflow_history.hpp"

#include "hourglass/base/error.hpp"
#include "src/client/enum_names.hpp"
#include "src/convert/json_depth.hpp"
#include "src/convert/proto_time.hpp"

#include "temporal/api/history/v1/message.pb.h"

#include <google/protobuf/util/json_util.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace hourglass {

namespace {

using temporal::api::history::v1::History;
namespace enums = temporal::api::enums::v1;

[[noreturn]] void reject(const std::string& workflow_id, const std::string& why) {
    const std::string whose =
        workflow_id.empty() ? "a history" : "the history of workflow \"" + workflow_id + "\"";
    throw ConfigurationError{"cannot read " + whose + ": " + why};
}

// A reset copies the events up to a workflow task into the history of a new run, whose id is in
// that task's failure; what the first event says is still the old run's.
std::string run_id_in(const History& history) {
    for (auto event = history.events().rbegin(); event != history.events().rend(); ++event) {
        const std::string& new_run = event->workflow_task_failed_event_attributes().new_run_id();
        if (!new_run.empty()) {
            return new_run;
        }
    }
    return history.events(0)
        .workflow_execution_started_event_attributes()
        .original_execution_run_id();
}

}  // namespace

WorkflowHistory::WorkflowHistory(
    std::string workflow_id, std::string serialized, std::string run_id
)
    : workflow_id_{std::move(workflow_id)},
      run_id_{std::move(run_id)},
      serialized_{std::move(serialized)} {
    History history;
    if (!history.ParseFromString(serialized_)) {
        reject(workflow_id_, "its bytes are no temporal.api.history.v1.History");
    }
    if (history.events().empty()) {
        reject(workflow_id_, "it has no events; a history begins with WorkflowExecutionStarted");
    }
    const auto& started = history.events(0).workflow_execution_started_event_attributes();
    if (workflow_id_.empty()) {
        workflow_id_ = started.workflow_id();
    }
    if (run_id_.empty()) {
        run_id_ = run_id_in(history);
    }
    events_.reserve(static_cast<std::size_t>(history.events_size()));
    for (const auto& event : history.events()) {
        events_.push_back(
            {.id = event.event_id(),
             .type = client::short_enum_name(*enums::EventType_descriptor(), event.event_type()),
             .time = convert::from_proto(event.event_time())}
        );
    }
}

WorkflowHistory WorkflowHistory::from_json(std::string_view text, std::string workflow_id) {
    if (convert::is_nested_too_deep(text)) {
        reject(
            workflow_id,
            "the text is nested deeper than " + std::to_string(convert::kMaxJsonDepth) +
                ", and no history is"
        );
    }
    nlohmann::json json;
    try {
        json = nlohmann::json::parse(text);
    } catch (const nlohmann::json::exception& error) {
        reject(workflow_id, std::string{"the text is not JSON: "} + error.what());
    }
    if (json.is_array()) {
        json = nlohmann::json::object({{"events", std::move(json)}});
    }
    if (!json.is_object() || !json.contains("events")) {
        reject(
            workflow_id,
            "the JSON is neither a list of events nor an object with a list \"events\", as "
            "`temporal workflow show --output json` writes it"
        );
    }
    client::expand_enum_names(json, *History::descriptor());

    History history;
    google::protobuf::util::JsonParseOptions options;
    options.ignore_unknown_fields = true;
    const auto status = google::protobuf::util::JsonStringToMessage(json.dump(), &history, options);
    if (!status.ok()) {
        reject(
            workflow_id,
            "the JSON is no temporal.api.history.v1.History: " + std::string{status.message()}
        );
    }
    return WorkflowHistory{std::move(workflow_id), history.SerializeAsString()};
}

std::string WorkflowHistory::to_json() const {
    History history;
    std::string text;
    if (!history.ParseFromString(serialized_)) {
        reject(workflow_id_, "its bytes are no temporal.api.history.v1.History");
    }
    const auto status = google::protobuf::util::MessageToJsonString(history, &text);
    if (!status.ok()) {
        throw Error{
            "cannot write the history of workflow \"" + workflow_id_ +
            "\" as JSON: " + std::string{status.message()}
        };
    }
    return text;
}

}  // namespace hourglass
