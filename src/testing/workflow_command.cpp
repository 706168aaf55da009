#include "hourglass/testing/workflow_command.hpp"

#include <array>
#include <charconv>
#include <iterator>
#include <ostream>

namespace hourglass::testing {
namespace {

constexpr std::array<std::string_view, 17> kKinds{
    "ScheduleActivity",
    "RequestCancelActivity",
    "StartTimer",
    "CancelTimer",
    "RecordMarker",
    "StartChildWorkflow",
    "SignalExternalWorkflow",
    "RequestCancelExternalWorkflow",
    "UpsertSearchAttributes",
    "ModifyMemo",
    "AcceptUpdate",
    "RejectUpdate",
    "CompleteUpdate",
    "CompleteWorkflow",
    "FailWorkflow",
    "CancelWorkflow",
    "ContinueAsNew"
};
static_assert(kKinds.size() == static_cast<std::size_t>(CommandKind::ContinueAsNew) + 1);

std::string text_of(const Payload& payload) {
    const std::string encoding = encoding_of(payload);
    if (encoding == "binary/null") {
        return "null";
    }
    if (encoding.starts_with("json/")) {
        return payload.data;
    }
    return std::to_string(payload.data.size()) + " bytes of " +
           (encoding.empty() ? "no encoding" : encoding);
}

/// "30s", "1.5s"
std::string seconds(std::chrono::nanoseconds duration) {
    const double count = std::chrono::duration<double>{duration}.count();
    char text[32];
    const auto end = std::to_chars(std::begin(text), std::end(text), count).ptr;
    return std::string{std::begin(text), end} + "s";
}

}  // namespace

std::string_view to_text(CommandKind kind) {
    return kKinds.at(static_cast<std::size_t>(kind));
}

std::string to_text(const WorkflowCommand& command) {
    std::string text{to_text(command.kind)};
    if (!command.name.empty()) {
        text += " '" + command.name + "'";
    }
    if (!command.id.empty()) {
        text += " (id '" + command.id + "')";
    }
    if (command.duration.count() != 0) {
        text += " " + seconds(command.duration);
    }
    if (!command.payloads.empty()) {
        text += " [";
        for (std::size_t i = 0; i < command.payloads.size(); ++i) {
            text += (i == 0 ? "" : ", ") + text_of(command.payloads[i]);
        }
        text += "]";
    }
    if (!command.message.empty()) {
        text += ": " + command.message;
    }
    return text;
}

std::ostream& operator<<(std::ostream& out, const WorkflowCommand& command) {
    return out << to_text(command);
}

std::ostream& operator<<(std::ostream& out, CommandKind kind) {
    return out << to_text(kind);
}

}  // namespace hourglass::testing
