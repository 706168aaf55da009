#include "src/subsystem/connect_options.hpp"

namespace hourglass::subsystem {

core::ConnectOptions connect_options(const ClientOptions& client) {
    core::ConnectOptions options{.target = client.address, .identity = client.identity};
    if (client.tls) {
        options.tls = core::TlsOptions{
            .server_root_ca_cert = client.tls->server_root_ca,
            .domain = client.tls->server_name,
            .client_cert = client.tls->client_certificate,
            .client_private_key = client.tls->client_private_key,
        };
    }
    options.api_key = client.api_key;
    options.metadata.assign(client.headers.begin(), client.headers.end());
    return options;
}

}  // namespace hourglass::subsystem
