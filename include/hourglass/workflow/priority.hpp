#pragma once

#include "hourglass/workflow/detail/held.hpp"

#include <optional>
#include <string>

namespace hourglass::workflow {

/// Which tasks of a queue come first.
struct Priority {
    /// 1 is the most urgent, 5 the least by default; unset: the server's default, or the workflow's
    /// own.
    std::optional<int> key{};
    /// Tasks with the same key get their share by this; empty: none.
    detail::Held<std::string> fairness_key{};
    /// 0.001 to 1000; unset: 1.
    std::optional<float> fairness_weight{};
};

}  // namespace hourglass::workflow
