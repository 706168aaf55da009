#pragma once

#include <string>

namespace hourglass::client {

/// "pid@host", as histories show who called.
[[nodiscard]] std::string default_identity();

}  // namespace hourglass::client
