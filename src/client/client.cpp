#include "hourglass/client/client.hpp"

#include "src/client/address.hpp"
#include "src/client/backend.hpp"
#include "src/client/checks.hpp"
#include "src/client/core_channel.hpp"
#include "src/client/identity.hpp"
#include "src/client/make_client.hpp"
#include "src/client/plugins.hpp"
#include "src/codec/payload_pipeline.hpp"
#include "src/core/connection.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace hourglass {

namespace detail {

namespace {

/// Core leaves a key out, silently, that no header can carry.
void check_api_key(const std::string& key) {
    const bool fits = std::ranges::all_of(key, [](unsigned char c) {
        return (c >= ' ' && c < 0x7F) || c == '\t';
    });
    if (!fits) {
        throw ConfigurationError{
            "ClientOptions::api_key has a character that no header can carry, such as a line break "
            "at its end; set the key without it"
        };
    }
}

void check_proxy(const ClientOptions& options) {
    const HttpProxyOptions& proxy = *options.http_proxy;
    if (proxy.address.empty()) {
        throw ConfigurationError{
            "ClientOptions::http_proxy has no address; it must be host:port or unix:/path"
        };
    }
    if (!proxy.address.starts_with("unix:/")) {
        client::check_address("HttpProxyOptions::address", proxy.address);
    }
    if (proxy.user.empty() && !proxy.password.empty()) {
        throw ConfigurationError{
            "HttpProxyOptions::password is set, but user is not; set both or neither"
        };
    }
    if (proxy.user.find(':') != std::string::npos) {
        throw ConfigurationError{
            "HttpProxyOptions::user has a colon, where basic authentication ends it; the password "
            "has a field of its own"
        };
    }
    if (options.dns_load_balancing.value_or(std::chrono::milliseconds{0}).count() != 0) {
        throw ConfigurationError{
            "ClientOptions::dns_load_balancing and http_proxy exclude each other: the proxy "
            "resolves the name; leave one of them out"
        };
    }
}

void check_dns_load_balancing(std::chrono::milliseconds interval) {
    if (interval.count() != 0 && interval < std::chrono::seconds{1}) {
        throw ConfigurationError{
            "ClientOptions::dns_load_balancing is " + std::to_string(interval.count()) +
            " ms; it must be at least 1 s, or 0 for none"
        };
    }
}

}  // namespace

void validate(const ClientOptions& options) {
    client::check_address("ClientOptions::address", options.address);
    check_api_key(options.api_key);
    if (options.namespace_.empty()) {
        throw ConfigurationError{
            "ClientOptions::namespace_ is empty; name a namespace of the server, such as "
            "\"default\""
        };
    }
    if (options.rpc_timeout <= std::chrono::milliseconds{0}) {
        throw ConfigurationError{
            "ClientOptions::rpc_timeout is " + std::to_string(options.rpc_timeout.count()) +
            " ms; it must be greater than 0"
        };
    }
    client::check_positive(
        "the ClientOptions for " + options.address,
        "ClientOptions::connect_timeout",
        options.connect_timeout
    );
    if (options.dns_load_balancing) {
        check_dns_load_balancing(*options.dns_load_balancing);
    }
    if (options.tls &&
        options.tls->client_certificate.empty() != options.tls->client_private_key.empty()) {
        throw ConfigurationError{
            "of TlsOptions::client_certificate and client_private_key only one is set; set both, "
            "or neither"
        };
    }
    if (options.keep_alive.interval <= std::chrono::milliseconds{0} ||
        options.keep_alive.timeout <= std::chrono::milliseconds{0}) {
        throw ConfigurationError{
            "ClientOptions::keep_alive has the interval " +
            std::to_string(options.keep_alive.interval.count()) + " ms and the timeout " +
            std::to_string(options.keep_alive.timeout.count()) + " ms; both must be greater than 0"
        };
    }
    for (const auto& [key, value] : options.headers) {
        if (key.empty() || std::any_of(key.begin(), key.end(), [](unsigned char c) {
                return std::isupper(c) != 0;
            })) {
            throw ConfigurationError{
                "ClientOptions::headers has the key \"" + key + "\"; keys must be in lower case"
            };
        }
    }
    if (options.http_proxy) {
        check_proxy(options);
    }
    for (const auto& each : options.interceptors) {
        if (!each) {
            throw ConfigurationError{
                "one of ClientOptions::interceptors is null; leave it out of the list"
            };
        }
    }
    // Certificates that cannot be read would be an outage that never ends.
    if (const auto checked = core::check(client::connect_options(options)); !checked) {
        throw ConfigurationError{
            "the ClientOptions for " + options.address + " cannot work: " + checked.error().message
        };
    }
}

client::RpcContextPtr make_context(
    std::shared_ptr<client::RpcChannel> channel, const ClientOptions& options
) {
    validate(options);
    auto context = std::make_shared<client::RpcContext>();
    context->address = options.address;
    context->namespace_name = options.namespace_;
    context->identity = options.identity.empty() ? client::default_identity() : options.identity;
    context->rpc_timeout = std::min(options.rpc_timeout, client::kLongestWait);
    context->calls.channel = std::move(channel);
    context->interceptors = options.interceptors;
    context->calls.payloads = codec::PayloadPipeline::make(options.data);
    return context;
}

Client make_client(std::shared_ptr<client::RpcChannel> channel, const ClientOptions& options) {
    return Client{std::make_shared<client::RpcBackend>(make_context(std::move(channel), options))};
}

Future<Client> when_connected(Client client, CallOptions call) {
    const auto backend =
        std::dynamic_pointer_cast<client::RpcBackend>(client.backend()->with(std::move(call)));
    if (!backend) {  // somebody's own backend: nothing to connect
        Promise<Client> promise;
        promise.set_value(std::move(client));
        return promise.future();
    }
    return map(backend->connect(), [client] { return client; });
}

}  // namespace detail

Future<Client> Client::connect_async(ClientOptions options, CallOptions call) {
    try {
        options = client::configured(std::move(options));
        detail::validate(options);
        validate(call);
        Client client = detail::make_client(client::make_core_channel(options), options);
        if (options.lazy) {
            Promise<Client> promise;
            promise.set_value(std::move(client));
            return promise.future();
        }
        return detail::when_connected(std::move(client), std::move(call));
    } catch (...) {  // what a plugin throws is the caller's answer, too
        return client::failed_future<Client>(std::current_exception());
    }
}

}  // namespace hourglass
