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
    /// Sent to the server (SNI, `:authority`) instead of the address's host; its certificate must
    /// have this name.
    std::string server_name = {};
    /// If set, the name that the certificate must have instead, whatever name is sent: for a server
    /// behind a proxy or a load balancer that routes by the name.
    std::string verification_server_name = {};
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
    /// For basic authentication; empty: none, and no password then.
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

/// From which size on the log warns of what is sent, with `[TMPRL1103]`; in bytes as they travel,
/// 0: never. What the server refuses is its own limit, by default 2 MB.
struct PayloadLimitsOptions {
    /// Of a list of payloads, such as the arguments of one call.
    std::uint64_t payloads_warn_size = std::uint64_t{512} * 1024;
    std::uint64_t memo_warn_size = 2048;
};

/// What a connection shows of who the program is, and whom it trusts: the two options of the same
/// names in ClientOptions.
struct Credentials {
    std::optional<TlsOptions> tls = {};
    std::string api_key = {};
};

class ClientInterceptor;
class ClientPlugin;

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
    /// What one try to connect may take, from the name's resolution to the server's first answer; >
    /// 0 ms. Unset: nine tenths of `rpc_timeout`, so that a host that swallows packets is reported
    /// as unavailable rather than as slow.
    std::optional<std::chrono::milliseconds> connect_timeout = {};
    /// `connect` returns at once; the first call connects.
    bool lazy = false;
    KeepAliveOptions keep_alive = {};
    /// How payloads travel: codecs, external storage. In ApplicationOptions::client it counts for
    /// the workers, too.
    DataOptions data = {};
    /// Connects through it if set, with TLS inside of the tunnel if there is TLS.
    std::optional<HttpProxyOptions> http_proxy = {};
    /// How often the address's name is resolved again, while calls are spread over all addresses
    /// that it has; at least 1 s, or 0 for not at all: all calls go to one address then. Unset:
    /// every 30 s, but not with a proxy, which resolves the name itself.
    std::optional<std::chrono::milliseconds> dns_load_balancing = {};
    /// Near are localhost, names without a dot or below `.svc`, `.local` and `.internal`, and the
    /// loopback, private and link-local addresses.
    GrpcCompression compression = GrpcCompression::WhenItPays;
    PayloadLimitsOptions payload_limits = {};
    /// Stand around the client's calls, the first one outermost; not null. See
    /// <hourglass/client/interceptor.hpp>.
    std::vector<std::shared_ptr<ClientInterceptor>> interceptors = {};
    /// Change these options before they are used, in this order; not null. See
    /// <hourglass/client/plugin.hpp>.
    std::vector<std::shared_ptr<ClientPlugin>> plugins = {};

    /// As the `temporal` command and the other SDKs read them: the profile that TEMPORAL_PROFILE
    /// names, or "default", of `temporal.toml`, overridden by the variables TEMPORAL_ADDRESS,
    /// TEMPORAL_NAMESPACE, TEMPORAL_API_KEY and more; the defaults above where neither says
    /// anything. `load_profile().client_options(data)` of <hourglass/client/profile.hpp>, which
    /// tells all of it, and reads other files, too.
    /// @param data  how payloads travel; a profile with a codec server wants codecs here.
    /// @throws ConfigurationError naming the variable, or the file and the field, whose value is
    /// not usable.
    [[nodiscard]] static ClientOptions from_environment(DataOptions data = {});
};

}  // namespace hourglass
