#pragma once

#include "hourglass/client/profile.hpp"
#include "src/client/settings.hpp"

#include <string>

namespace hourglass::client {

/// Where the `temporal` command and the other SDKs look; empty if there is no home.
[[nodiscard]] std::string default_profile_file(const Variables& variables);

/// Lets the variables override the profile, as `load_profile` says.
/// @throws ConfigurationError  naming the variable.
void override_from(const Variables& variables, ClientProfile& profile);

/// The name of a header as profiles have it: in lower case, with hyphens.
[[nodiscard]] std::string header_name(const std::string& key);

}  // namespace hourglass::client
