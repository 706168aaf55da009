#pragma once

#include "hourglass/workflow/random.hpp"

#include <cstdint>
#include <string>

namespace hourglass::workflow {

/// The text of 128 bits, the upper ones first.
[[nodiscard]] std::string uuid_text(std::uint64_t high, std::uint64_t low);

/// A random UUID of the given numbers.
[[nodiscard]] std::string uuid4_from(Random& random);

}  // namespace hourglass::workflow
