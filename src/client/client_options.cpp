#include "hourglass/client/client_options.hpp"

#include "hourglass/base/error.hpp"
#include "src/client/identity.hpp"
#include "src/client/settings.hpp"

#include <optional>
#include <string>
#include <unistd.h>

namespace hourglass {

namespace {

const client::Variables kVariables;

/// Unset and empty are the same: that is how shells unset things for one command.
std::string variable(const std::string& name) {
    return kVariables.text(name);
}

/// PEM from NAME_DATA or from the file that NAME_PATH names.
std::string pem(const std::string& name) {
    const std::string data = variable(name + "_DATA");
    const std::string path_name = name + "_PATH";
    const std::string path = variable(path_name);
    if (!data.empty() && !path.empty()) {
        throw ConfigurationError{
            name + "_DATA and " + path_name + " are both set; set one of them"
        };
    }
    return path.empty() ? data : client::read_pem_file(path_name, path);
}

}  // namespace

ClientOptions ClientOptions::from_environment() {
    ClientOptions options;
    if (const std::string address = variable("TEMPORAL_ADDRESS"); !address.empty()) {
        options.address = address;
    }
    if (const std::string name = variable("TEMPORAL_NAMESPACE"); !name.empty()) {
        options.namespace_ = name;
    }
    options.api_key = variable("TEMPORAL_API_KEY");

    const TlsOptions tls{
        .server_root_ca = pem("TEMPORAL_TLS_SERVER_CA_CERT"),
        .server_name = variable("TEMPORAL_TLS_SERVER_NAME"),
        .client_certificate = pem("TEMPORAL_TLS_CLIENT_CERT"),
        .client_private_key = pem("TEMPORAL_TLS_CLIENT_KEY")
    };
    const bool any = !tls.server_root_ca.empty() || !tls.server_name.empty() ||
                     !tls.client_certificate.empty() || !tls.client_private_key.empty() ||
                     !options.api_key.empty();
    const std::optional<bool> wanted = client::to_flag("TEMPORAL_TLS", variable("TEMPORAL_TLS"));
    if (any && wanted == false) {
        throw ConfigurationError{
            "TEMPORAL_TLS is false, but TEMPORAL_API_KEY or another variable of TLS is set; unset "
            "one or the other"
        };
    }
    if (wanted.value_or(any)) {
        options.tls = tls;
    }
    return options;
}

namespace client {

std::string default_identity() {
    char host[256] = {};
    if (gethostname(host, sizeof host - 1) != 0 || host[0] == '\0') {
        return std::to_string(getpid()) + "@unknown";
    }
    return std::to_string(getpid()) + '@' + host;
}

std::string identity_in_child(const std::string& given) {
    return given.empty() ? default_identity() : given + '#' + std::to_string(getpid());
}

}  // namespace client
}  // namespace hourglass
