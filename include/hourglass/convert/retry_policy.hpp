#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace hourglass {

/// How often and how fast something is tried again. What is unset is the server's to choose.
struct RetryPolicy {
    /// Before the second attempt, > 0; the server's default is 1 s.
    std::optional<std::chrono::nanoseconds> initial_interval{};
    /// What each interval is multiplied by to get the next one, >= 1; the server's default is 2.
    std::optional<double> backoff_coefficient{};
    /// Caps the intervals, >= initial_interval; the server's default is 100 times initial_interval.
    std::optional<std::chrono::nanoseconds> maximum_interval{};
    /// The first attempt included; 1 means no retry, 0 no limit, and so does unset.
    std::optional<int> maximum_attempts{};
    /// Types of ApplicationError that end it at once; compared as a whole.
    std::vector<std::string> non_retryable_error_types{};

    bool operator==(const RetryPolicy&) const = default;
};

/// @throws ConfigurationError naming the field, its value and what it must be.
void validate(const RetryPolicy& policy);

}  // namespace hourglass
