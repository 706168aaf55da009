#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hourglass {

/// One event of a history, without its attributes.
struct HistoryEvent {
    std::int64_t id = 0;
    /// "WorkflowExecutionStarted", "ActivityTaskScheduled", …
    std::string type = {};
    std::chrono::system_clock::time_point time = {};
};

/// Everything that happened to one run, as the server recorded it. Immutable; copies share nothing.
class WorkflowHistory {
public:
    /// @param serialized  a temporal.api.history.v1.History.
    /// @param run_id  empty: what the events say, see run_id().
    /// @throws ConfigurationError if it is not one, or holds no event.
    WorkflowHistory(std::string workflow_id, std::string serialized, std::string run_id = {});

    /// Reads what `to_json`, the other SDKs, `temporal workflow show --output json` or the Web UI
    /// wrote: enums as "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED" or, as older tools wrote them,
    /// "WorkflowExecutionStarted"; a bare list of events will do. Fields that this version does not
    /// know are left out.
    /// @param workflow_id  empty: the id in the first event.
    /// @throws ConfigurationError saying what in the text is wrong.
    [[nodiscard]] static WorkflowHistory from_json(
        std::string_view text, std::string workflow_id = {}
    );

    /// protobuf's JSON of a temporal.api.history.v1.History.
    [[nodiscard]] std::string to_json() const;

    [[nodiscard]] const std::string& workflow_id() const noexcept { return workflow_id_; }
    /// The run that the history was asked for. Where none was named (the newest one, a text), the
    /// events say it: the last reset's new run, or else the run that was started.
    [[nodiscard]] const std::string& run_id() const noexcept { return run_id_; }
    [[nodiscard]] const std::vector<HistoryEvent>& events() const& noexcept { return events_; }
    /// By value, so that `for (… : handle.history().events())` does not outlive what it goes
    /// through.
    [[nodiscard]] std::vector<HistoryEvent> events() && { return std::move(events_); }
    [[nodiscard]] std::size_t size() const noexcept { return events_.size(); }

    /// A serialized temporal.api.history.v1.History.
    [[nodiscard]] const std::string& serialized() const noexcept { return serialized_; }

private:
    std::string workflow_id_;
    std::string run_id_;
    std::string serialized_;
    std::vector<HistoryEvent> events_;
};

}  // namespace hourglass
