#pragma once

#include "hourglass/activity/info.hpp"

#include "temporal/sdk/core/activity_task/activity_task.pb.h"

#include <string>

namespace hourglass::activity {

/// What Core says about an attempt; the arguments stay in `start`, the heartbeat details are moved
/// out.
/// @param client_namespace  used where Core names none.
[[nodiscard]] Info info_from(
    coresdk::activity_task::Start& start,
    std::string task_token,
    std::string task_queue,
    const std::string& client_namespace
);

[[nodiscard]] CancellationDetails details_from(const coresdk::activity_task::Cancel& cancel);

}  // namespace hourglass::activity
