#include "hourglass/testing/replay_report.hpp"

#include <algorithm>
#include <ostream>
#include <string_view>

namespace hourglass::testing {
namespace {

std::string_view headline(ReplayProblem problem) {
    switch (problem) {
        case ReplayProblem::UnreadableHistory:
            return "cannot be read";
        case ReplayProblem::UnknownWorkflowType:
            return "is of a workflow type that this program does not define";
        case ReplayProblem::Nondeterminism:
            return "is not what the code does now (nondeterminism)";
        case ReplayProblem::WorkflowTaskFailed:
            return "makes a workflow task fail";
        case ReplayProblem::NotReplayed:
            break;
    }
    return "was not replayed to its end";
}

std::string name_of(const ReplayResult& result) {
    std::string name;
    if (!result.workflow_type.empty()) {
        name = "'" + result.workflow_type + "' ";
    }
    if (!result.workflow_id.empty()) {
        name += result.workflow_id;
    }
    if (!result.run_id.empty()) {
        name += " (run " + result.run_id + ")";
    }
    if (result.source.empty()) {
        return name;
    }
    return name.empty() ? result.source : result.source + ", " + name;
}

void add_line(std::string& text, std::string_view label, std::string_view value) {
    if (!value.empty()) {
        text.append("\n    ").append(label).append(value);
    }
}

std::string event_text(const ReplayFailure& failure) {
    if (!failure.event_id) {
        return failure.in_history;
    }
    const std::string event = "event " + std::to_string(*failure.event_id);
    return event + ", " + failure.in_history;
}

}  // namespace

std::string to_text(const ReplayResult& result) {
    if (result.ok()) {
        return "ok: " + name_of(result) + ", " + std::to_string(result.events) + " events";
    }
    const ReplayFailure& failure = *result.failure;
    std::string text = "FAILED: " + name_of(result) + " " + std::string{headline(failure.problem)};
    add_line(text, "history:    ", event_text(failure));
    add_line(text, "code:       ", failure.in_code);
    add_line(text, "made at:    ", failure.in_code_at);
    add_line(text, "reason:     ", failure.message);
    add_line(text, "what to do: ", failure.advice);
    return text;
}

std::ostream& operator<<(std::ostream& stream, const ReplayResult& result) {
    return stream << to_text(result);
}

std::size_t ReplayReport::failed() const noexcept {
    return static_cast<std::size_t>(std::count_if(
        results_.begin(), results_.end(), [](const ReplayResult& result) { return !result.ok(); }
    ));
}

std::string ReplayReport::text() const {
    std::string text;
    for (const auto& result : results_) {
        if (!result.ok()) {
            text.append(to_text(result)).append("\n");
        }
    }
    return text + std::to_string(results_.size()) + " histories replayed, " +
           std::to_string(failed()) + " failed";
}

void ReplayReport::throw_if_failed() const {
    if (!ok()) {
        throw ReplayError{text()};
    }
}

std::ostream& operator<<(std::ostream& stream, const ReplayReport& report) {
    return stream << report.text();
}

}  // namespace hourglass::testing
