#pragma once

#include "hourglass/client/client_options.hpp"
#include "src/base/fork.hpp"

#include <mutex>
#include <optional>
#include <utility>

namespace hourglass::subsystem {

/// The options with these credentials.
[[nodiscard]] inline ClientOptions with(ClientOptions options, Credentials credentials) {
    options.tls = std::move(credentials.tls);
    options.api_key = std::move(credentials.api_key);
    return options;
}

/// The credentials that took the place of those in the options, if any did. Outlives every cascade,
/// and a fork.
/// @threads any; the lock is a leaf.
class CredentialsInUse {
public:
    void set(Credentials credentials) {
        const std::lock_guard lock{mutex_};
        replaced_ = std::move(credentials);
    }

    /// The options with what counts now.
    [[nodiscard]] ClientOptions in(ClientOptions options) const {
        const std::lock_guard lock{mutex_};
        return replaced_ ? with(std::move(options), *replaced_) : options;
    }

private:
    mutable fork::LeafMutex mutex_;
    std::optional<Credentials> replaced_;
};

}  // namespace hourglass::subsystem
