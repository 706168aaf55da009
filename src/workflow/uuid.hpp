#pragma once

#include "hourglass/workflow/random.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hourglass::workflow {

/// The stream that the ids of children come from that have none of their own.
inline constexpr std::string_view kChildIds = "hourglass.child_id";

/// The text of 128 bits, the upper ones first.
[[nodiscard]] std::string uuid_text(std::uint64_t high, std::uint64_t low);

/// A random UUID of the given numbers.
[[nodiscard]] std::string uuid4_from(Random& random);

}  // namespace hourglass::workflow
