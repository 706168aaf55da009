// Profiles as TOML.
#include "hourglass/base/error.hpp"
#include "hourglass/client/profile.hpp"
#include "src/convert/utf8.hpp"

#include <algorithm>

namespace hourglass {

namespace {

std::string quoted(const std::string& text, const std::string& field) {
    if (!convert::is_utf8(text)) {
        throw ConfigurationError{field + " is not valid UTF-8, and TOML can have nothing else"};
    }
    std::string result = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (c == '\n') {
            result += "\\n";
        } else if (byte < 0x20 || byte == 0x7f) {
            constexpr const char* kDigits = "0123456789abcdef";
            result += "\\u00";
            result += kDigits[byte >> 4U];
            result += kDigits[byte & 0xfU];
        } else {
            result += c;
        }
    }
    return result + '"';
}

/// Bare where TOML has it so.
std::string key_text(const std::string& key, const std::string& field) {
    const bool bare = !key.empty() && std::ranges::all_of(key, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
    return bare ? key : quoted(key, field);
}

/// One profile; its tables begin with `[profile.NAME`.
class Writer {
public:
    Writer(std::string& out, const std::string& name) : out_{out} {
        path_ = "profile." + key_text(name, "the name of a profile");
    }

    void table(const std::string& name = {}) {
        const std::string full = name.empty() ? path_ : path_ + "." + name;
        prefix_ = full;
        out_ += (out_.empty() ? "[" : "\n[") + full + "]\n";
    }
    void text(const std::string& key, const std::string& value) {
        if (!value.empty()) {
            always(key, value);
        }
    }
    void always(const std::string& key, const std::string& value) {
        const std::string field = prefix_ + "." + key;
        out_ += key_text(key, "a key of " + prefix_) + " = " + quoted(value, field) + "\n";
    }
    void flag(const std::string& key, bool value) {
        out_ += key + " = " + (value ? "true" : "false") + "\n";
    }
    void pem(const std::string& key, const PemSource& source) {
        if (!source.path.empty() && !source.data.empty()) {
            throw ConfigurationError{
                prefix_ + "." + key + " has a path and data; it must have one of them"
            };
        }
        text(key + "_path", source.path);
        text(key + "_data", source.data);
    }

private:
    std::string& out_;
    std::string path_;
    std::string prefix_;
};

}  // namespace

std::string to_toml(const std::map<std::string, ClientProfile>& profiles) {
    std::string out;
    for (const auto& [name, profile] : profiles) {
        Writer writer{out, name};
        writer.table();
        writer.text("address", profile.address);
        writer.text("namespace", profile.namespace_);
        writer.text("api_key", profile.api_key);
        if (const auto& tls = profile.tls) {
            writer.table("tls");
            if (tls->disabled) {
                writer.flag("disabled", *tls->disabled);
            }
            writer.pem("client_cert", tls->client_cert);
            writer.pem("client_key", tls->client_key);
            writer.pem("server_ca_cert", tls->server_ca_cert);
            writer.text("server_name", tls->server_name);
            if (tls->disable_host_verification) {
                writer.flag("disable_host_verification", true);
            }
        }
        if (const auto& codec = profile.codec) {
            writer.table("codec");
            writer.text("endpoint", codec->endpoint);
            writer.text("auth", codec->auth);
        }
        if (!profile.grpc_meta.empty()) {
            writer.table("grpc_meta");
            for (const auto& [key, value] : profile.grpc_meta) {
                writer.always(key, value);
            }
        }
    }
    return out;
}

}  // namespace hourglass
