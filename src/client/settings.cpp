#include "src/client/settings.hpp"

#include "hourglass/base/error.hpp"

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ios>
#include <system_error>
#include <unistd.h>

namespace hourglass::client {

namespace {

/// A device would never end.
constexpr std::size_t kMaxPemBytes = 8U << 20U;

}  // namespace

std::optional<std::string> Variables::find(const std::string& name) const {
    if (given_) {
        const auto found = given_->find(name);
        return found == given_->end() ? std::nullopt : std::optional{found->second};
    }
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>{value} : std::nullopt;
}

std::string Variables::text(const std::string& name) const {
    return find(name).value_or("");
}

std::map<std::string, std::string> Variables::starting_with(const std::string& prefix) const {
    std::map<std::string, std::string> found;
    const auto take = [&](const std::string& name, const std::string& value) {
        if (name.starts_with(prefix)) {
            found.emplace(name, value);
        }
    };
    if (given_) {
        for (const auto& [name, value] : *given_) {
            take(name, value);
        }
        return found;
    }
    for (char** entry = environ; entry && *entry; ++entry) {
        const std::string text{*entry};
        const auto equals = text.find('=');
        if (equals != std::string::npos) {
            take(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    return found;
}

std::string lower_case(std::string text) {
    for (char& c : text) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return text;
}

std::optional<bool> to_flag(const std::string& variable, const std::string& text) {
    if (text.empty()) {
        return std::nullopt;
    }
    const std::string value = lower_case(text);
    if (value == "true" || value == "1") {
        return true;
    }
    if (value == "false" || value == "0") {
        return false;
    }
    // Without the value: a secret may be at the wrong place.
    throw ConfigurationError{variable + " must be true or false, and is something else"};
}

std::string read_pem_file(const std::string& name, const std::string& path) {
    if (path.find('\n') != std::string::npos || path.find("-----BEGIN") != std::string::npos) {
        throw ConfigurationError{
            name +
            " has a PEM text; it must be the path of a PEM file. The text itself belongs "
            "into the setting whose name ends in \"data\""
        };
    }
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        // The value only where it is a path without doubt, as above.
        const std::filesystem::path folder = std::filesystem::path{path}.parent_path();
        std::error_code ignored;
        throw ConfigurationError{
            name +
            (!folder.empty() && std::filesystem::is_directory(folder, ignored)
                 ? " names the file " + path + ", which cannot be read; it must be a PEM file"
                 : " is not the path of a file that can be read; it must be a PEM file")
        };
    }
    std::string text(kMaxPemBytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (file.bad() || text.empty()) {  // a folder, for one
        throw ConfigurationError{
            name + " names the file " + path +
            ", which cannot be read or is empty; it must be a PEM file"
        };
    }
    if (text.size() > kMaxPemBytes) {
        throw ConfigurationError{
            name + " names the file " + path + ", which has more than " +
            std::to_string(kMaxPemBytes) + " bytes; it must be a PEM file"
        };
    }
    return text;
}

}  // namespace hourglass::client
