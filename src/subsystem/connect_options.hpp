#pragma once

#include "hourglass/client/client_options.hpp"
#include "src/core/connect_options.hpp"

namespace hourglass::subsystem {

/// The user's options as Core takes them.
[[nodiscard]] core::ConnectOptions connect_options(const ClientOptions& client);

}  // namespace hourglass::subsystem
