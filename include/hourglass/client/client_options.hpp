#pragma once

#include "hourglass/codec/data_options.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hourglass {

/// TLS towards the server. Certificates and keys are PEM texts, not paths.
struct TlsOptions {
    /// Trusted instead of the system's roots, if set.
    std::string server_root_ca = {};
    /// Overrides the name that the server's certificate must have.
    std::string server_name = {};
    /// Both or neither: the client's own certificate (mTLS).
    std::string client_certificate = {};
    std::string client_private_key = {};
};

/// How soon a connection that nothing comes over any more is noticed, by a host that is gone or a
/// router that has forgotten it: after `interval` + `timeout` at most.
struct KeepAliveOptions {
    /// Between two pings (HTTP/2), whether there are calls or not; > 0 ms. Temporal's servers take
    /// less than 10 s for an abuse and close the connection.
    std::chrono::milliseconds interval = std::chrono::seconds{30};
    /// What an answer may take; > 0 ms. Then the connection is given up and made again.
    std::chrono::milliseconds timeout = std::chrono::seconds{15};
};

/// An HTTP proxy through which the server is reached, by `CONNECT`.
struct HttpProxyOptions {
    /// host:port, or unix:/path; required.
    std::string address = {};
    /// For basic authentication; empty: none.
    std::string user = {};
    std::string password = {};
};

/// How the bytes of calls and answers travel.
enum class GrpcCompression : std::uint8_t {
    WhenItPays,  ///< with gzip, unless the address is of this machine or of a private network:
                 ///< there it costs a quarter of a worker's CPU time and saves nobody anything
    Gzip,        ///< with gzip
    None,        ///< as they are
};

/// What a connection shows of who the program is, and whom it trusts: the two options of the same
/// names in ClientOptions.
struct Credentials {
    std::optional<TlsOptions> tls = {};
    std::string api_key = {};
};

class ClientInterceptor;

/// How to reach the server, and as whom.
struct ClientOptions {
    /// host:port, without a scheme.
    std::string address = "localhost:7233";
    std::string namespace_ = "default";
    /// Who calls, as histories show it; "pid@host" if empty.
    std::string identity = {};
    /// Connects with TLS if set, or if there is an API key.
    std::optional<TlsOptions> tls = {};
    /// Sent as a bearer token with each call, if not empty.
    std::string api_key = {};
    /// Sent with each call; keys in lower case.
    std::map<std::string, std::string> headers = {};
    /// Limit of one call from its start to its answer, attempts and waits between them included; >
    /// 0 ms. Also the limit of `connect`. Waiting for a workflow's or an update's outcome has a
    /// limit of its own.
    std::chrono::milliseconds rpc_timeout = std::chrono::seconds{10};
    /// `connect` returns at once; the first call connects.
    bool lazy = false;
    KeepAliveOptions keep_alive = {};
    /// How payloads travel: codecs, external storage. In ApplicationOptions::client it counts for
    /// the workers, too.
    DataOptions data = {};
    /// Connects through it if set, with TLS inside of the tunnel if there is TLS.
    std::optional<HttpProxyOptions> http_proxy = {};
    /// Near are localhost, names without a dot or below `.svc`, `.local` and `.internal`, and the
    /// loopback, private and link-local addresses.
    GrpcCompression compression = GrpcCompression::WhenItPays;
    /// Stand around the client's calls, the first one outermost; not null. See
    /// <hourglass/client/interceptor.hpp>.
    std::vector<std::shared_ptr<ClientInterceptor>> interceptors = {};

    /// The defaults above, overridden by the environment:
    /// TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS (true or false),
    /// TEMPORAL_TLS_SERVER_NAME, and TEMPORAL_TLS_SERVER_CA_CERT, TEMPORAL_TLS_CLIENT_CERT,
    /// TEMPORAL_TLS_CLIENT_KEY, each as a path (…_PATH) or as PEM text (…_DATA). Each TLS variable
    /// turns TLS on, and so does an API key, which must not travel in the clear; TEMPORAL_TLS=false
    /// beside one of them is an error.
    /// @throws ConfigurationError naming the variable whose value is not usable.
    [[nodiscard]] static ClientOptions from_environment();
};

}  // namespace hourglass
