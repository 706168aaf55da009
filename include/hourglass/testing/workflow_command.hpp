#pragma once

#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/payload.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::testing {

/// What a workflow can ask the server for at the end of a workflow task.
enum class CommandKind : std::uint8_t {
    ScheduleActivity,
    RequestCancelActivity,
    StartTimer,
    CancelTimer,
    RecordMarker,  ///< a local activity's result, or a patch; by Core's name
    StartChildWorkflow,
    SignalExternalWorkflow,         ///< a child, too
    RequestCancelExternalWorkflow,  ///< a child, too
    UpsertSearchAttributes,
    ModifyMemo,
    AcceptUpdate,
    RejectUpdate,
    CompleteUpdate,  ///< its handler has returned or failed
    CompleteWorkflow,
    FailWorkflow,
    CancelWorkflow,
    ContinueAsNew,
};

/// "ScheduleActivity"
[[nodiscard]] std::string_view to_text(CommandKind kind);

/// One command of the answer to a workflow task.
struct WorkflowCommand {
    CommandKind kind = CommandKind::CompleteWorkflow;
    /// Of an activity, a timer, an update; the workflow id of a child or of another workflow.
    std::string id = {};
    /// The type of an activity or workflow; the name of a signal or marker.
    std::string name = {};
    /// Arguments of an activity, a workflow or a signal; a result.
    Payloads payloads = {};
    /// Of a timer.
    std::chrono::nanoseconds duration{0};
    /// The message of a failure, of a rejection, or of the failure of an update.
    std::string message = {};

    /// One of the payloads, as a value.
    /// @throws std::out_of_range, ConversionError.
    template <class T>
    [[nodiscard]] T argument(std::size_t index = 0) const {
        return from_payload<T>(payloads.at(index));
    }
};

/// `ScheduleActivity 'charge' (id '1') ["visa", 199]`
[[nodiscard]] std::string to_text(const WorkflowCommand& command);
std::ostream& operator<<(std::ostream& out, const WorkflowCommand& command);
std::ostream& operator<<(std::ostream& out, CommandKind kind);

}  // namespace hourglass::testing
