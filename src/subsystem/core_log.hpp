#pragma once

#include "hourglass/base/log.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace hourglass::subsystem {

/// Decides how loud Core's log lines are here. What the worker says itself, with the workflow's id,
/// need not be said twice; and Core has a line for each of its retries, where one an outage is
/// enough. All of them can be seen at the level Debug.
/// @threads one at a time.
class CoreLog {
public:
    using TimePoint = std::chrono::system_clock::time_point;

    [[nodiscard]] log::Level level_of(const log::Record& record);

private:
    std::optional<TimePoint> last_retry_;
};

}  // namespace hourglass::subsystem
