#pragma once

#include <string>

namespace hourglass::client {

/// @param field  whose address it is: "ClientOptions::address".
/// @throws ConfigurationError unless it is host:port with a port that there is, and nothing else: a
/// path or a scheme would be ignored by some and an outage that never ends for others. Its text
/// leaves out what stands before an @, which may be a password.
void check_address(const std::string& field, const std::string& address);

}  // namespace hourglass::client
