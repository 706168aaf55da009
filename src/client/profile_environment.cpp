#include "src/client/profile_environment.hpp"

#include "hourglass/base/error.hpp"

#include <pwd.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <unistd.h>
#include <vector>

namespace hourglass::client {

namespace {

const std::string kGrpcMeta = "TEMPORAL_GRPC_META_";

/// As the user database has it; empty if that does not know the user.
std::string home_of_user() {
    std::vector<char> buffer(std::size_t{1} << 14);
    passwd entry{};
    passwd* found = nullptr;
    if (getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || !found) {
        return {};
    }
    return found->pw_dir ? found->pw_dir : "";
}

/// A variable that is set overrides; one that is set and empty takes back.
void override_text(const Variables& variables, const std::string& name, std::string& value) {
    if (auto found = variables.find(name)) {
        value = *std::move(found);
    }
}

/// NAME_PATH and NAME_DATA.
void override_pem(
    const Variables& variables,
    const std::string& name,
    const std::string& field,
    const std::string& origin,
    PemSource& pem
) {
    const auto path = variables.find(name + "_PATH");
    const auto data = variables.find(name + "_DATA");
    const bool has_path = path && !path->empty();
    const bool has_data = data && !data->empty();
    if (has_path && has_data) {
        throw ConfigurationError{
            name + "_PATH and " + name + "_DATA are both set; set one of them"
        };
    }
    // Which of the two was meant is not for us to guess: the peers refuse it, too.
    if ((has_path && !pem.data.empty() && !data) || (has_data && !pem.path.empty() && !path)) {
        const std::string mine = has_path ? "_PATH" : "_DATA";
        const std::string theirs = has_path ? "_data" : "_path";
        throw ConfigurationError{
            name + mine + " is set, but " + origin + " has tls." + field + theirs +
            "; set both in the same way, or empty " + name + (has_path ? "_DATA" : "_PATH")
        };
    }
    if (path) {
        pem.path = *path;
    }
    if (data) {
        pem.data = *data;
    }
}

void override_tls(const Variables& variables, ClientProfile& profile) {
    static const std::vector<std::string> kNames = {
        "TEMPORAL_TLS",
        "TEMPORAL_TLS_CLIENT_CERT_PATH",
        "TEMPORAL_TLS_CLIENT_CERT_DATA",
        "TEMPORAL_TLS_CLIENT_KEY_PATH",
        "TEMPORAL_TLS_CLIENT_KEY_DATA",
        "TEMPORAL_TLS_SERVER_CA_CERT_PATH",
        "TEMPORAL_TLS_SERVER_CA_CERT_DATA",
        "TEMPORAL_TLS_SERVER_NAME",
        "TEMPORAL_TLS_DISABLE_HOST_VERIFICATION",
    };
    const bool any = std::ranges::any_of(kNames, [&](const std::string& name) {
        return !variables.text(name).empty();
    });
    if (!profile.tls && !any) {
        return;
    }
    ProfileTls tls = profile.tls.value_or(ProfileTls{});
    const auto flag = [&](const std::string& name) { return to_flag(name, variables.text(name)); };
    if (const auto wanted = flag("TEMPORAL_TLS")) {
        tls.disabled = !*wanted;
    }
    if (const auto wanted = flag("TEMPORAL_TLS_DISABLE_HOST_VERIFICATION")) {
        tls.disable_host_verification = *wanted;
    }
    const auto pem = [&](const std::string& name, const std::string& field, PemSource& source) {
        override_pem(variables, name, field, profile.origin, source);
    };
    pem("TEMPORAL_TLS_CLIENT_CERT", "client_cert", tls.client_cert);
    pem("TEMPORAL_TLS_CLIENT_KEY", "client_key", tls.client_key);
    pem("TEMPORAL_TLS_SERVER_CA_CERT", "server_ca_cert", tls.server_ca_cert);
    override_text(variables, "TEMPORAL_TLS_SERVER_NAME", tls.server_name);
    profile.tls = std::move(tls);
}

}  // namespace

std::string header_name(const std::string& key) {
    std::string name = lower_case(key);
    std::ranges::replace(name, '_', '-');
    return name;
}

std::string default_profile_file(const Variables& variables) {
    std::filesystem::path folder;
#ifndef __APPLE__
    // A relative one is to be ignored, says the specification of these folders.
    folder = variables.text("XDG_CONFIG_HOME");
    if (folder.is_relative()) {
        folder.clear();
    }
#endif
    if (folder.empty()) {
        std::string home = variables.text("HOME");
        if (home.empty() && variables.of_process()) {
            home = home_of_user();
        }
        if (home.empty()) {
            return {};
        }
#ifdef __APPLE__
        folder = std::filesystem::path{home} / "Library" / "Application Support";
#else
        folder = std::filesystem::path{home} / ".config";
#endif
    }
    return folder / "temporalio" / "temporal.toml";
}

void override_from(const Variables& variables, ClientProfile& profile) {
    override_text(variables, "TEMPORAL_ADDRESS", profile.address);
    override_text(variables, "TEMPORAL_NAMESPACE", profile.namespace_);
    override_text(variables, "TEMPORAL_API_KEY", profile.api_key);
    override_tls(variables, profile);
    if (!variables.text("TEMPORAL_CODEC_ENDPOINT").empty() ||
        !variables.text("TEMPORAL_CODEC_AUTH").empty()) {
        profile.codec = profile.codec.value_or(ProfileCodec{});
    }
    if (profile.codec) {
        override_text(variables, "TEMPORAL_CODEC_ENDPOINT", profile.codec->endpoint);
        override_text(variables, "TEMPORAL_CODEC_AUTH", profile.codec->auth);
    }
    for (const auto& [name, value] : variables.starting_with(kGrpcMeta)) {
        const std::string header = header_name(name.substr(kGrpcMeta.size()));
        if (value.empty()) {
            profile.grpc_meta.erase(header);
        } else {
            profile.grpc_meta[header] = value;
        }
    }
}

}  // namespace hourglass::client
