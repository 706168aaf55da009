#include "src/client/profile_toml.hpp"

#include "hourglass/base/error.hpp"
#include "src/client/profile_environment.hpp"
#include "src/client/toml.hpp"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <utility>

namespace hourglass::client {

namespace {

/// Each dot of a key makes a table in a table, and those are destroyed by recursion.
constexpr std::ptrdiff_t kMaxDotsInLine = 100;

/// Values are not shown, only what they are.
std::string type_name(const toml::node& node) {
    switch (node.type()) {
        case toml::node_type::table:
            return "a table";
        case toml::node_type::array:
            return "a list";
        case toml::node_type::string:
            return "a text";
        case toml::node_type::integer:
        case toml::node_type::floating_point:
            return "a number";
        case toml::node_type::boolean:
            return "true or false";
        default:
            return "a date or a time";
    }
}

/// A table, and how to say where in the file it is.
class Reader {
public:
    Reader(const toml::table& table, std::string file, std::string path, bool strict)
        : table_{table}, file_{std::move(file)}, path_{std::move(path)}, strict_{strict} {}

    [[nodiscard]] std::string text(const std::string& key) const {
        const toml::node* node = table_.get(key);
        if (!node) {
            return {};
        }
        const auto value = node->value_exact<std::string>();
        if (!value) {
            wrong_type(key, *node, "a text in quotes");
        }
        return *value;
    }

    [[nodiscard]] std::optional<bool> flag(const std::string& key) const {
        const toml::node* node = table_.get(key);
        if (!node) {
            return std::nullopt;
        }
        const auto value = node->value_exact<bool>();
        if (!value) {
            wrong_type(key, *node, "true or false");
        }
        return value;
    }

    [[nodiscard]] PemSource pem(const std::string& key) const {
        const std::string path_key = key + "_path";
        const std::string data_key = key + "_data";
        if (table_.contains(path_key) && table_.contains(data_key)) {
            fail(
                *table_.get(data_key),
                name_of(path_key) + " and " + name_of(data_key) + " are both set; set one of them"
            );
        }
        return {.path = text(path_key), .data = text(data_key)};
    }

    /// The table of that key.
    [[nodiscard]] std::optional<Reader> table(const std::string& key) const {
        const toml::node* node = table_.get(key);
        if (!node) {
            return std::nullopt;
        }
        const toml::table* inner = node->as_table();
        if (!inner) {
            wrong_type(key, *node, "a table");
        }
        return Reader{*inner, file_, name_of(key), strict_};
    }

    [[nodiscard]] std::vector<std::string> keys() const {
        std::vector<std::string> keys;
        for (const auto& [key, node] : table_) {
            keys.emplace_back(key.str());
        }
        return keys;
    }

    /// @throws ConfigurationError  if it is strict, for a key that is none of these.
    void expect(std::initializer_list<std::string_view> known) const {
        if (!strict_) {
            return;
        }
        for (const auto& [key, node] : table_) {
            if (std::ranges::find(known, key.str()) != known.end()) {
                continue;
            }
            std::string names;
            for (const std::string_view name : known) {
                names += (names.empty() ? "" : ", ") + std::string{name};
            }
            fail(
                node,
                name_of(std::string{key.str()}) + " is not known; " +
                    (path_.empty() ? "the file" : path_) + " may have " + names
            );
        }
    }

    [[noreturn]] void fail(const toml::node& at, const std::string& what) const {
        throw ConfigurationError{
            file_ + ":" + std::to_string(at.source().begin.line) + ": " + what
        };
    }
    [[nodiscard]] const toml::node& node(const std::string& key) const { return *table_.get(key); }
    [[nodiscard]] std::string name_of(const std::string& key) const {
        return path_.empty() ? key : path_ + "." + key;
    }

private:
    [[noreturn]] void wrong_type(
        const std::string& key, const toml::node& node, const std::string& wanted
    ) const {
        fail(node, name_of(key) + " is " + type_name(node) + "; it must be " + wanted);
    }

    const toml::table& table_;
    std::string file_;
    std::string path_;
    bool strict_;
};

ProfileTls read_tls(const Reader& reader) {
    reader.expect(
        {"disabled",
         "client_cert_path",
         "client_cert_data",
         "client_key_path",
         "client_key_data",
         "server_ca_cert_path",
         "server_ca_cert_data",
         "server_name",
         "disable_host_verification"}
    );
    return {
        .disabled = reader.flag("disabled"),
        .client_cert = reader.pem("client_cert"),
        .client_key = reader.pem("client_key"),
        .server_ca_cert = reader.pem("server_ca_cert"),
        .server_name = reader.text("server_name"),
        .disable_host_verification = reader.flag("disable_host_verification").value_or(false)
    };
}

ProfileCodec read_codec(const Reader& reader) {
    reader.expect({"endpoint", "auth"});
    return {.endpoint = reader.text("endpoint"), .auth = reader.text("auth")};
}

std::map<std::string, std::string> read_headers(const Reader& reader) {
    std::map<std::string, std::string> headers;
    for (const std::string& key : reader.keys()) {
        const std::string header = header_name(key);
        if (!headers.emplace(header, reader.text(key)).second) {
            reader.fail(
                reader.node(key),
                reader.name_of(key) + " is the header " + header +
                    ", which another key of the table is, too; have it once"
            );
        }
    }
    return headers;
}

ClientProfile read_profile(const Reader& reader, std::string origin) {
    reader.expect({"address", "namespace", "api_key", "tls", "codec", "grpc_meta"});
    ClientProfile profile;
    profile.origin = std::move(origin);
    profile.address = reader.text("address");
    profile.namespace_ = reader.text("namespace");
    profile.api_key = reader.text("api_key");
    if (const auto tls = reader.table("tls")) {
        profile.tls = read_tls(*tls);
    }
    if (const auto codec = reader.table("codec")) {
        profile.codec = read_codec(*codec);
    }
    if (const auto headers = reader.table("grpc_meta")) {
        profile.grpc_meta = read_headers(*headers);
    }
    return profile;
}

/// What the parser was at, "a string" for instance. The rest of its message may quote the file.
std::string what_was_read(std::string_view description) {
    constexpr std::string_view kStart = "Error while parsing ";
    const auto end = description.find(':');
    if (!description.starts_with(kStart) || end == std::string_view::npos) {
        return "the file";
    }
    const std::string_view what = description.substr(kStart.size(), end - kStart.size());
    const bool plain = std::ranges::all_of(what, [](char c) {
        return (c >= 'a' && c <= 'z') || c == ' ' || c == '-';
    });
    return plain ? "a " + std::string{what} : "the file";
}

bool is_bare(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

void check_depth(std::string_view text, const std::string& file) {
    std::size_t number = 1;
    for (std::size_t start = 0; start < text.size(); ++number) {
        const std::string_view line = text.substr(start, text.find('\n', start) - start);
        if (std::ranges::count(line, '.') > kMaxDotsInLine) {
            throw ConfigurationError{
                file + ":" + std::to_string(number) + ": the line has more than " +
                std::to_string(kMaxDotsInLine) + " dots; no profile is nested as deep"
            };
        }
        start += line.size() + 1;
    }
}

/// The first line that begins like the header of a table and goes on like none; 0 if there is none.
std::size_t line_of_odd_header(std::string_view text) {
    std::size_t number = 1;
    for (std::size_t start = 0; start < text.size(); ++number) {
        const std::string_view line = text.substr(start, text.find('\n', start) - start);
        const auto begin = line.find_first_not_of(" \t");
        if (begin != std::string_view::npos && line[begin] == '[') {
            const auto key = line.find_first_not_of(" \t[", begin);
            const bool plain = key == std::string_view::npos || is_bare(line[key]) ||
                               line[key] == '"' || line[key] == '\'' || line[key] == ']';
            if (!plain) {
                return number;
            }
        }
        start += line.size() + 1;
    }
    return 0;
}

[[noreturn]] void not_toml(const std::string& where, const std::string& what) {
    throw ConfigurationError{
        where + ": this is not TOML, in " + what +
        " (texts are in double quotes, each key stands once; the line is not shown, as it may have "
        "a secret)"
    };
}

toml::table parse(std::string_view text, const std::string& name) {
    try {
        return toml::parse(text);
    } catch (const toml::parse_error& error) {
        const auto& begin = error.source().begin;
        not_toml(
            name + ":" + std::to_string(begin.line) + ":" + std::to_string(begin.column),
            what_was_read(error.description())
        );
    } catch (const TomlParserGaveUp&) {
        const std::size_t line = line_of_odd_header(text);
        not_toml(
            line == 0 ? name : name + ":" + std::to_string(line),
            line == 0 ? "the file" : "a table header"
        );
    }
}

}  // namespace

std::map<std::string, ClientProfile> parse_profiles(
    std::string_view text, const std::string& name, bool strict
) {
    check_depth(text, name);
    const toml::table root = parse(text, name);
    const Reader reader{root, name, "", strict};
    reader.expect({"profile"});
    std::map<std::string, ClientProfile> profiles;
    if (const auto table = reader.table("profile")) {
        for (const std::string& key : table->keys()) {
            profiles.emplace(
                key, read_profile(*table->table(key), "profile \"" + key + "\" of " + name)
            );
        }
    }
    return profiles;
}

}  // namespace hourglass::client
