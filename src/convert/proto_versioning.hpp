#pragma once

#include "hourglass/convert/priority.hpp"
#include "hourglass/convert/versioning.hpp"

#include "temporal/api/common/v1/message.pb.h"
#include "temporal/api/deployment/v1/message.pb.h"
#include "temporal/api/workflow/v1/message.pb.h"

#include <optional>

namespace hourglass::convert {

// The target is overwritten; unset fields stay unset.
void to_proto(const Priority& priority, temporal::api::common::v1::Priority* proto);
void to_proto(
    const WorkerDeploymentVersion& version,
    temporal::api::deployment::v1::WorkerDeploymentVersion* proto
);
void to_proto(
    const VersioningOverride& wanted, temporal::api::workflow::v1::VersioningOverride* proto
);

/// Zeroes mean unset, as the server reads them.
[[nodiscard]] Priority from_proto(const temporal::api::common::v1::Priority& proto);
[[nodiscard]] WorkerDeploymentVersion from_proto(
    const temporal::api::deployment::v1::WorkerDeploymentVersion& proto
);
/// None for an override of a kind that this version does not know.
[[nodiscard]] std::optional<VersioningOverride> from_proto(
    const temporal::api::workflow::v1::VersioningOverride& proto
);

}  // namespace hourglass::convert
