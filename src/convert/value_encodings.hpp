#pragma once

#include "hourglass/convert/value_encoding.hpp"

#include <string>
#include <vector>

namespace hourglass::convert {

using ValueEncodings = std::vector<std::shared_ptr<const ValueEncoding>>;

/// In the order in which they are asked; empty as a rule.
[[nodiscard]] const ValueEncodings& value_encodings();

/// Null if there is none of the name.
[[nodiscard]] const ValueEncoding* value_encoding(const std::string& name);

}  // namespace hourglass::convert
