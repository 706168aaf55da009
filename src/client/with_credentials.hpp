#pragma once

#include "hourglass/client/client_options.hpp"

#include <utility>

namespace hourglass::client {

/// The options with these credentials in place of their own.
[[nodiscard]] inline ClientOptions with_credentials(
    ClientOptions options, Credentials credentials
) {
    options.tls = std::move(credentials.tls);
    options.api_key = std::move(credentials.api_key);
    return options;
}

}  // namespace hourglass::client
