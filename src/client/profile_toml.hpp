#pragma once

#include "hourglass/client/profile.hpp"

#include <map>
#include <string>
#include <string_view>

namespace hourglass::client {

/// Reads the profiles of a `temporal.toml`.
/// @param name  of the file, for messages.
/// @param strict  whether keys that nobody knows are an error.
/// @throws ConfigurationError  naming file and line, the field, and what it must be. No value of
/// the file is in it: it may be a secret at the wrong place.
[[nodiscard]] std::map<std::string, ClientProfile> parse_profiles(
    std::string_view text, const std::string& name, bool strict
);

}  // namespace hourglass::client
