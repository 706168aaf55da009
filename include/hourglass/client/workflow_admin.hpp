#pragma once

#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/priority.hpp"
#include "hourglass/convert/typed_calls.hpp"
#include "hourglass/convert/versioning.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace hourglass {

/// The point of a history to which a workflow is reset: what came after it is forgotten.
class ResetPoint {
public:
    enum class Kind : std::uint8_t { FirstWorkflowTask, LastWorkflowTask, Event };

    /// The workflow begins anew.
    [[nodiscard]] static ResetPoint first_workflow_task() { return {Kind::FirstWorkflowTask, 0}; }
    /// Its last completed task is done once more.
    [[nodiscard]] static ResetPoint last_workflow_task() { return {Kind::LastWorkflowTask, 0}; }
    /// @param id  of a WorkflowTaskCompleted, WorkflowTaskFailed, WorkflowTaskTimedOut or
    /// WorkflowTaskStarted event; > 1.
    [[nodiscard]] static ResetPoint event(std::int64_t id) { return {Kind::Event, id}; }

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    /// 0 unless the kind is Event.
    [[nodiscard]] std::int64_t event_id() const noexcept { return event_id_; }

private:
    ResetPoint(Kind kind, std::int64_t event_id) : kind_{kind}, event_id_{event_id} {}

    Kind kind_;
    std::int64_t event_id_;
};

/// What came after the reset point and is not to be brought to the new run.
enum class ResetExclude : std::uint8_t { Signals = 1, Updates = 2, NexusOperations = 3 };

/// What can be changed in a running workflow. What is not set stays.
struct ExecutionOptionsUpdate {
    std::optional<VersioningOverride> versioning_override = {};
    /// Takes an override away; not together with one.
    bool remove_versioning_override = false;
    std::optional<Priority> priority = {};
};

/// A signal that the new run of a reset gets; made by `post_reset_signal`.
struct PostResetSignal {
    std::string signal = {};
    Payloads arguments = {};
    std::map<std::string, Payload> headers = {};
};

/// `post_reset_signal<&Checkout::approve>("ada")`. Servers up to 1.32 refuse it. Arguments are
/// encoded without the context of a workflow: it is not known yet.
/// @throws ConversionError if an argument cannot be encoded.
template <auto Signal, class... A>
[[nodiscard]] PostResetSignal post_reset_signal(A&&... arguments) {
    detail::check_signal<typename detail::TraitsOf<Signal>::Class, Signal>();
    return {
        .signal = std::string{detail::kNameOfFunction<Signal>},
        .arguments = detail::encode_for<Signal>(std::forward<A>(arguments)...)
    };
}
/// By the signal's name.
template <class... A>
[[nodiscard]] PostResetSignal post_reset_signal(std::string signal, const A&... arguments) {
    return {.signal = std::move(signal), .arguments = encode_arguments(arguments...)};
}

/// How a workflow is reset.
struct ResetOptions {
    ResetPoint point = ResetPoint::last_workflow_task();
    std::string reason = {};
    std::vector<ResetExclude> exclude = {};
    /// Done to the new run before its first task, in this order, after what `exclude` left.
    std::vector<std::variant<PostResetSignal, ExecutionOptionsUpdate>> post_reset_operations = {};
};

/// The options of a workflow after a change.
struct ExecutionOptions {
    std::optional<VersioningOverride> versioning_override = {};
    Priority priority = {};
};

}  // namespace hourglass
