// Reads a profile as the variables and the arguments say, and writes it as JSON, for profiles.py.
//   interop_cpp_profile FILE PROFILE STRICT    (an empty PROFILE: none is named; STRICT: 1 or 0)
#include <hourglass/base/error.hpp>
#include <hourglass/client/profile.hpp>

#include <nlohmann/json.hpp>

#include <iostream>

namespace {

namespace hg = hourglass;
using Json = nlohmann::json;

/// As Python's bridge has it: what is not set is not there.
void add(Json& json, const char* key, const std::string& value) {
    if (!value.empty()) {
        json[key] = value;
    }
}

void add(Json& json, const char* key, const hg::PemSource& source) {
    if (!source.empty()) {
        json[key] = Json::object();
        add(json[key], "path", source.path);
        add(json[key], "data", source.data);
    }
}

Json to_json(const hg::ClientProfile& profile) {
    Json json = Json::object();
    add(json, "address", profile.address);
    add(json, "namespace", profile.namespace_);
    add(json, "api_key", profile.api_key);
    if (const auto& tls = profile.tls) {
        Json& table = json["tls"] = Json::object();
        table["disabled"] = tls->disabled ? Json(*tls->disabled) : Json();
        add(table, "client_cert", tls->client_cert);
        add(table, "client_key", tls->client_key);
        add(table, "server_ca_cert", tls->server_ca_cert);
        add(table, "server_name", tls->server_name);
        table["disable_host_verification"] = tls->disable_host_verification;
    }
    if (const auto& codec = profile.codec) {
        Json& table = json["codec"] = Json::object();
        add(table, "endpoint", codec->endpoint);
        add(table, "auth", codec->auth);
    }
    if (!profile.grpc_meta.empty()) {
        json["grpc_meta"] = profile.grpc_meta;
    }
    return json;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "usage: interop_cpp_profile FILE PROFILE STRICT\n";
        return 2;
    }
    try {
        const hg::ProfileSource source{
            .profile = argv[2], .file = argv[1], .strict = std::string{argv[3]} == "1"
        };
        const hg::ClientProfile profile = hg::load_profile(source);
        // Written by us and read by Python, too.
        std::cout << Json{
            {"profile", to_json(profile)}, {"toml", hg::to_toml({{"again", profile}})}
        };
        return 0;
    } catch (const hg::ConfigurationError& error) {
        std::cerr << error.what() << "\n";
        return 1;
    }
}
