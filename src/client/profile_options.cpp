// From a profile to what connects.
#include "hourglass/base/error.hpp"
#include "hourglass/client/profile.hpp"
#include "src/client/settings.hpp"

#include <utility>

namespace hourglass {

namespace {

std::string pem_text(const std::string& field, const PemSource& source) {
    if (!source.path.empty() && !source.data.empty()) {
        throw ConfigurationError{field + " has a path and data; it must have one of them"};
    }
    return source.path.empty() ? source.data : client::read_pem_file(field + "_path", source.path);
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
    const auto pem = [&](const std::string& field, const PemSource& source) {
        return pem_text(origin + ": tls." + field, source);
    };
    return {
        .server_root_ca = pem("server_ca_cert", tls.server_ca_cert),
        .server_name = tls.server_name,
        .client_certificate = pem("client_cert", tls.client_cert),
        .client_private_key = pem("client_key", tls.client_key)
    };
}

}  // namespace

ClientOptions ClientProfile::client_options(DataOptions data) const {
    const std::string where = origin.empty() ? "the profile" : origin;
    ClientOptions options;
    if (!address.empty()) {
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
