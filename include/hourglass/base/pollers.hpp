#pragma once

#include <cstdint>
#include <optional>
#include <variant>

namespace hourglass {

/// A fixed limit of open polls.
struct FixedPollers {
    /// > 0. For workflow tasks of a worker with a cache 2 or more: one for its own runs, one for
    /// new ones.
    std::uint32_t maximum = 5;
};

/// As many open polls as the server suggests.
struct AutoscalingPollers {
    std::uint32_t minimum = 1;
    std::uint32_t maximum = 100;
    std::uint32_t initial = 5;
};

/// How many polls for one kind of task are open at a time. Unset: as Core decides for the
/// namespace.
using Pollers = std::optional<std::variant<FixedPollers, AutoscalingPollers>>;

}  // namespace hourglass
