#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hourglass::nexus {

/// Base64 with the alphabet for URLs, without padding.
[[nodiscard]] std::string to_base64url(std::string_view bytes);
/// @returns nullopt if it is none; padding is no part of it.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

}  // namespace hourglass::nexus
