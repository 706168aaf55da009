#pragma once

#include "hourglass/client/schedule.hpp"

#include "temporal/api/schedule/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <string>

namespace hourglass::client {

/// The schedule as the server takes it. One that the server sent is sent back as it came but for
/// what was changed since, so that nothing is lost that this version does not know.
/// @throws ConfigurationError naming what is not usable in schedule `id`.
[[nodiscard]] temporal::api::schedule::v1::Schedule to_proto(
    const std::string& id, const Schedule& schedule
);

[[nodiscard]] Schedule to_schedule(const temporal::api::schedule::v1::Schedule& proto);
[[nodiscard]] ScheduleDescription to_description(
    const std::string& id,
    const temporal::api::workflowservice::v1::DescribeScheduleResponse& response
);
[[nodiscard]] ScheduleListEntry to_entry(const temporal::api::schedule::v1::ScheduleListEntry& proto
);

}  // namespace hourglass::client
