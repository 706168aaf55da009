#pragma once

#include "temporal/api/history/v1/message.pb.h"

#include <string_view>

namespace hourglass::testing {

/// Reads a serialized `temporal.api.history.v1.History` into `history`, which is empty: all events,
/// but of the frequent ones that follow from no command only the id, the type and which attributes
/// they have, not what is in these. A replay is judged by the commands (steps.hpp,
/// unordered_steps.hpp), and most of a history is not that.
/// @returns whether it could be read.
[[nodiscard]] bool read_thin_history(
    std::string_view serialized, temporal::api::history::v1::History& history
);

}  // namespace hourglass::testing
