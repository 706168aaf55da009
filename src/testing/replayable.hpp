#pragma once

#include "temporal/api/history/v1/message.pb.h"

#include <optional>
#include <string>

namespace hourglass::testing {

/// What Core's replay takes for granted and, where it is not so, answers with a panic or with
/// silence.
/// @returns what is wrong with the history, or nothing.
[[nodiscard]] std::optional<std::string> why_not_replayable(
    const temporal::api::history::v1::History& history
);

/// Whether a workflow task was ever handed out; if not, the code has not run yet.
[[nodiscard]] bool has_workflow_task(const temporal::api::history::v1::History& history);

}  // namespace hourglass::testing
