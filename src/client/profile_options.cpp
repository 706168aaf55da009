// From a profile to what connects.
#include "hourglass/base/error.hpp"
#include "hourglass/client/profile.hpp"
#include "src/client/address.hpp"
#include "src/client/settings.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace hourglass {

namespace {

/// Whether a whole block is there of a kind that a connection takes; what is in it, the connection
/// looks at.
bool has_block(std::string_view pem, std::initializer_list<std::string_view> kinds) {
    return std::ranges::any_of(kinds, [pem](std::string_view kind) {
        const std::string line = std::string{kind} + "-----";
        const auto begin = pem.find("-----BEGIN " + line);
        return begin != std::string_view::npos &&
               pem.find("-----END " + line, begin) != std::string_view::npos;
    });
}

bool has_what_is_wanted(std::string_view pem, bool key) {
    return key ? has_block(pem, {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"})
               : has_block(pem, {"CERTIFICATE"});
}

/// @param variable  that overrides the field, without its _PATH or _DATA: the profile does not tell
/// which of the two it has the value of.
/// @param key  else it must be certificates.
std::string pem_text(
    const std::string& field, const std::string& variable, const PemSource& source, bool key = false
) {
    if (!source.path.empty() && !source.data.empty()) {
        throw ConfigurationError{field + " has a path and data; it must have one of them"};
    }
    if (source.empty()) {
        return {};
    }
    const bool is_file = !source.path.empty();
    std::string pem = is_file ? client::read_pem_file(field + "_path", source.path) : source.data;
    if (!has_what_is_wanted(pem, key)) {
        const std::string kind = key ? "PRIVATE KEY" : "CERTIFICATE";
        throw ConfigurationError{
            field + (is_file ? "_path (" : "_data (") + variable + (is_file ? "_PATH)" : "_DATA)") +
            (is_file ? " names the file " + source.path + ", which holds no " : " holds no ") +
            (key ? "private key that can be read without a password" : "certificate") +
            "; it must be PEM: -----BEGIN " + kind + "-----… to -----END " + kind + "-----"
        };
    }
    return pem;
}

TlsOptions tls_options(const ProfileTls& tls, const std::string& origin) {
    if (tls.disable_host_verification) {
        throw ConfigurationError{
            origin +
            ": tls.disable_host_verification is true, but connections of Hourglass always verify "
            "the server's certificate. Name who signed it (tls.server_ca_cert_path), and the name "
            "that it has (tls.server_name)"
        };
    }
    if (tls.client_cert.empty() != tls.client_key.empty()) {
        const std::string has = tls.client_key.empty() ? "client_cert" : "client_key";
        const std::string lacks = tls.client_key.empty() ? "client_key" : "client_cert";
        throw ConfigurationError{
            origin + ": tls." + has + " is set, but tls." + lacks + " is not; set both or neither"
        };
    }
    const std::string field = origin + ": tls.";
    const std::string variable = "TEMPORAL_TLS_";
    return {
        .server_root_ca =
            pem_text(field + "server_ca_cert", variable + "SERVER_CA_CERT", tls.server_ca_cert),
        .server_name = tls.server_name,
        .client_certificate =
            pem_text(field + "client_cert", variable + "CLIENT_CERT", tls.client_cert),
        .client_private_key =
            pem_text(field + "client_key", variable + "CLIENT_KEY", tls.client_key, true)
    };
}

}  // namespace

ClientOptions ClientProfile::client_options(DataOptions data) const {
    const std::string where = origin.empty() ? "the profile" : origin;
    ClientOptions options;
    if (!address.empty()) {
        client::check_address(where + ": address (TEMPORAL_ADDRESS)", address);
        options.address = address;
    }
    if (!namespace_.empty()) {
        options.namespace_ = namespace_;
    }
    options.api_key = api_key;
    options.headers = grpc_meta;
    const bool disabled = tls && tls->disabled.value_or(false);
    if (disabled && !api_key.empty()) {
        throw ConfigurationError{
            where +
            ": TLS is disabled (tls.disabled, TEMPORAL_TLS), but there is an api_key, which would "
            "travel in the clear; take one or the other away"
        };
    }
    if (tls && !disabled) {
        options.tls = tls_options(*tls, where);
    } else if (!api_key.empty()) {
        options.tls.emplace();
    }
    if (codec && !codec->endpoint.empty() && data.codecs.empty()) {
        throw ConfigurationError{
            where +
            ": codec.endpoint is set, but connections of Hourglass do not call codec servers. Give "
            "client_options or from_environment the codecs themselves (DataOptions::codecs), or "
            "take the endpoint away"
        };
    }
    options.data = std::move(data);
    return options;
}

}  // namespace hourglass
