#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::core {

/// gRPC metadata; a key that ends in `-bin` has a binary value.
using Metadata = std::vector<std::pair<std::string, std::string>>;

/// All PEM.
struct TlsOptions {
    /// Empty: the system's certificates.
    std::string server_root_ca_cert = {};
    /// The name that is sent to the server, and that its certificate must have; empty: the target's
    /// host.
    std::string domain = {};
    /// The name that its certificate must have instead; empty: the one that is sent.
    std::string verification_server_name = {};
    /// Both or neither of these two.
    std::string client_cert = {};
    std::string client_private_key = {};
};

struct KeepAliveOptions {
    std::chrono::milliseconds interval = std::chrono::seconds{30};
    std::chrono::milliseconds timeout = std::chrono::seconds{15};
};

struct HttpProxyOptions {
    /// `host:port` or `unix:/path`.
    std::string target;
    /// Empty: no authentication.
    std::string user = {};
    std::string password = {};
};

/// How Core repeats calls that ask for it.
struct RpcRetryOptions {
    std::chrono::milliseconds initial_interval{100};
    double randomization_factor = 0.2;
    double multiplier = 1.7;
    std::chrono::milliseconds max_interval = std::chrono::seconds{5};
    /// Unset: no limit.
    std::optional<std::chrono::milliseconds> max_elapsed_time = std::chrono::seconds{10};
    /// 0: no limit.
    unsigned max_attempts = 10;
};

struct ConnectOptions {
    /// `host:port`, or a URL with the scheme http or https.
    std::string target;
    /// The SDK's name and version, sent with every call; empty: `temporal-cpp`, the bridge's own.
    std::string client_name = {};
    std::string client_version = {};
    /// Who this is, shown in histories; workers need one.
    std::string identity = {};
    /// Unset: none, unless the target's scheme is https.
    std::optional<TlsOptions> tls = {};
    /// Sent as bearer token; empty: none.
    std::string api_key = {};
    Metadata metadata = {};
    /// Unset: no pings.
    std::optional<KeepAliveOptions> keep_alive = KeepAliveOptions{};
    std::optional<HttpProxyOptions> proxy = {};
    /// The server's first answer included; unset: no limit.
    std::optional<std::chrono::milliseconds> connect_timeout = std::chrono::seconds{10};
    /// Between two resolutions of the target's name, to all of whose addresses calls go then; at
    /// least 1 s. Unset: they go to one of them, as they must with a proxy.
    std::optional<std::chrono::milliseconds> dns_load_balancing = std::chrono::seconds{30};
    /// From how many bytes on the log warns of payloads that are sent; 0: never.
    std::uint64_t payloads_warn_size = std::uint64_t{512} * 1024;
    /// The same of a memo.
    std::uint64_t memo_warn_size = 2048;
    bool gzip = true;
    /// Connects at the first call only.
    bool lazy = false;
    RpcRetryOptions retry = {};
};

}  // namespace hourglass::core
