#pragma once

#include "hourglass/activity/info.hpp"
#include "hourglass/base/log.hpp"
#include "hourglass/convert/payload.hpp"

#include "temporal/sdk/core/activity_result/activity_result.pb.h"

#include <exception>
#include <optional>
#include <string>

namespace hourglass::activity {

using ExecutionResult = coresdk::activity_result::ActivityExecutionResult;

[[nodiscard]] ExecutionResult completed_with(Payload result);

/// How an attempt ends whose body let `error` out.
/// @param cancellation  what the body was told, if it was.
/// @param info  for the log line.
[[nodiscard]] ExecutionResult ended_by(
    const std::exception_ptr& error,
    const std::optional<CancellationDetails>& cancellation,
    const Info& info
);

/// The line that each failed attempt leaves in the log.
void log_failed_attempt(log::Level level, const Info& info, std::string failure);

/// A failure that the worker found, not the body; the server tries again as the retry policy says.
[[nodiscard]] ExecutionResult failed_with(const std::string& message, const std::string& type);

}  // namespace hourglass::activity
