#pragma once

#include "hourglass/client/client_options.hpp"
#include "src/base/fork.hpp"
#include "src/client/with_credentials.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace hourglass::subsystem {

/// The credentials and the headers that took the place of those in the options, if any did.
/// Outlives every cascade, and a fork.
/// @threads any; the lock is a leaf.
class CredentialsInUse {
public:
    void set(Credentials credentials) {
        const std::lock_guard lock{mutex_};
        replaced_ = std::move(credentials);
    }

    void set_headers(std::map<std::string, std::string> headers) {
        const std::lock_guard lock{mutex_};
        headers_ = std::move(headers);
    }

    /// The options with what counts now.
    [[nodiscard]] ClientOptions in(ClientOptions options) const {
        const std::lock_guard lock{mutex_};
        if (headers_) {
            options.headers = *headers_;
        }
        return replaced_ ? client::with_credentials(std::move(options), *replaced_) : options;
    }

private:
    mutable fork::LeafMutex mutex_;
    std::optional<Credentials> replaced_;
    std::optional<std::map<std::string, std::string>> headers_;
};

}  // namespace hourglass::subsystem
