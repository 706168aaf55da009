#pragma once

#include "hourglass/base/held.hpp"

#include <optional>
#include <string>

namespace hourglass {

/// In which order a task queue hands out what waits in it. What is unset is inherited from the
/// workflow that schedules it, or left to the server.
struct Priority {
    /// 1 is the highest; the server has 1 to 5 as a rule, and 3 as its default.
    std::optional<int> key = {};
    /// Tasks of one priority are handed out in turn among these keys, such as tenants; at most 64
    /// bytes.
    detail::Held<std::string> fairness_key = {};
    /// How much of the turns the key gets, against the others; 0.001 to 1000, 1 by default.
    std::optional<float> fairness_weight = {};

    bool operator==(const Priority&) const = default;
};

/// @throws ConfigurationError naming the field, its value and what it must be.
void validate(const Priority& priority);

}  // namespace hourglass
