#pragma once

#include <string>
#include <string_view>

namespace hourglass::convert {

/// The text with every byte that is not part of valid UTF-8 replaced by U+FFFD. Temporal Core
/// refuses a whole message for one wrong byte in a `string` field, so text of users' (exceptions
/// above all) passes through here.
[[nodiscard]] std::string valid_utf8(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace hourglass::convert
