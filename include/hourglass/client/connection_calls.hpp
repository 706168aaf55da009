#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/client_options.hpp"

#include <map>
#include <memory>
#include <string>
#include <utility>

namespace hourglass::detail {

/// What a client does with its connection.
template <class Client>
class ConnectionCalls {
public:
    /// A client of another namespace of the same server: over the same connection, with the same
    /// interceptors, data options and call options. Nothing is asked here, and no worker goes
    /// along.
    /// @throws ConfigurationError if the name is empty.
    [[nodiscard]] Client in_namespace(std::string name) const {
        return Client{own()->in_namespace(std::move(name))};
    }

    /// Changes the TLS options and the API key of the connection, both, as
    /// `Application::replace_credentials` does: a connection is made with them; when it stands, the
    /// next calls of this client and its copies go over it, and what is under way ends over the old
    /// one. Of several that are asked for at once, those of the last call stay.
    /// @throws ConfigurationError if they cannot be used, or if this is an Application's client,
    /// whose connection the Application changes; UnavailableError and other RpcErrors if no
    /// connection comes about with them within ClientOptions::rpc_timeout. The old ones stay then.
    void replace_credentials(Credentials credentials) const {
        replace_credentials_async(std::move(credentials)).get();
    }
    Future<void> replace_credentials_async(Credentials credentials) const {
        return own()->replace_credentials(std::move(credentials));
    }

    /// Sends these with each later call of this client and its copies, and none of those that
    /// ClientOptions::headers or an earlier change named. Does not wait for the server.
    /// @throws ConfigurationError if they cannot be sent, or if this is an Application's client:
    /// there it is `Application::replace_headers`.
    void replace_headers(std::map<std::string, std::string> headers) const {
        own()->replace_headers(std::move(headers));
    }

private:
    [[nodiscard]] const std::shared_ptr<ClientBackend>& own() const {
        return static_cast<const Client&>(*this).backend();
    }
};

}  // namespace hourglass::detail
