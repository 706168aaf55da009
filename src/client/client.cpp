#include "hourglass/client/client.hpp"

#include "src/client/backend.hpp"
#include "src/client/core_channel.hpp"
#include "src/client/identity.hpp"
#include "src/client/make_client.hpp"
#include "src/codec/payload_pipeline.hpp"
#include "src/core/connection.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace hourglass {

namespace detail {

namespace {

bool is_port(std::string_view text) {
    return !text.empty() && text.size() <= 5 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void check_address(const std::string& address) {
    const auto colon = address.rfind(':');
    if (address.find("://") == std::string::npos && colon != std::string::npos && colon > 0 &&
        is_port(std::string_view{address}.substr(colon + 1))) {
        return;
    }
    throw ConfigurationError{
        "ClientOptions::address is \"" + address +
        "\"; it must be host:port without a scheme, such as localhost:7233"
    };
}

}  // namespace

void validate(const ClientOptions& options) {
    check_address(options.address);
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
    if (options.http_proxy && options.http_proxy->address.empty()) {
        throw ConfigurationError{
            "ClientOptions::http_proxy has no address; it must be host:port or unix:/path"
        };
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
    context->rpc_timeout = options.rpc_timeout;
    context->calls.channel = std::move(channel);
    context->interceptors = options.interceptors;
    context->calls.payloads = codec::PayloadPipeline::make(options.data);
    return context;
}

Client make_client(std::shared_ptr<client::RpcChannel> channel, const ClientOptions& options) {
    return Client{std::make_shared<client::RpcBackend>(make_context(std::move(channel), options))};
}

Future<Client> when_connected(Client client) {
    const auto backend = std::dynamic_pointer_cast<client::RpcBackend>(client.backend());
    if (!backend) {  // somebody's own backend: nothing to connect
        Promise<Client> promise;
        promise.set_value(std::move(client));
        return promise.future();
    }
    return map(backend->connect(), [client] { return client; });
}

}  // namespace detail

Future<Client> Client::connect_async(ClientOptions options) {
    try {
        detail::validate(options);
        Client client = detail::make_client(client::make_core_channel(options), options);
        if (options.lazy) {
            Promise<Client> promise;
            promise.set_value(std::move(client));
            return promise.future();
        }
        return detail::when_connected(std::move(client));
    } catch (const Error&) {
        return client::failed_future<Client>(std::current_exception());
    }
}

}  // namespace hourglass
