#pragma once

// Links between who called an operation and what that began: as URLs in Nexus, as messages in
// Temporal's API. User interfaces show them; nothing else depends on them.

#include "temporal/api/common/v1/message.pb.h"
#include "temporal/api/nexus/v1/message.pb.h"

#include <optional>

namespace hourglass::nexus {

/// @returns nullopt if it is of a kind that is not known here.
[[nodiscard]] std::optional<temporal::api::common::v1::Link> from_nexus(
    const temporal::api::nexus::v1::Link& link
);

/// @returns nullopt if Nexus has no such link.
[[nodiscard]] std::optional<temporal::api::nexus::v1::Link> to_nexus(
    const temporal::api::common::v1::Link& link
);

}  // namespace hourglass::nexus
