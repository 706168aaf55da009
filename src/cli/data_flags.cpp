#include "src/cli/data_flags.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/codec/aes_gcm_codec.hpp"
#include "hourglass/codec/file_storage.hpp"
#include "hourglass/codec/zlib_codec.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <ios>
#include <system_error>
#include <utility>

namespace hourglass::cli {
namespace {

constexpr std::size_t kKey = 32;
/// A device would never end.
constexpr std::size_t kMaxSecret = 64 * 1024;

std::string from_hex(const std::string& text) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
    }
    return bytes;
}

/// Empty if it is none.
std::string from_base64(std::string text) {
    static const std::string kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    text.erase(std::find(text.begin(), text.end(), '='), text.end());
    std::string bytes;
    unsigned bits = 0;
    int count = 0;
    for (const char c : text) {
        const auto digit = kDigits.find(c);
        if (digit == std::string::npos) {
            return {};
        }
        bits = (bits << 6) | static_cast<unsigned>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>((bits >> count) & 0xFF);
        }
    }
    return bytes;
}

/// Without doubt: otherwise the secret itself may be where its path belongs.
bool is_path(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored) ||
           (path.has_parent_path() && path.parent_path() != path.root_path() &&
            std::filesystem::is_directory(path.parent_path(), ignored));
}

std::string read_key(const std::string& file) {
    std::string content = read_secret("the key file", file);
    if (content.size() == kKey) {
        return content;
    }
    std::string text = content;
    std::erase_if(text, [](unsigned char c) { return std::isspace(c) != 0; });
    const bool hex = text.size() == 2 * kKey && std::ranges::all_of(text, [](unsigned char c) {
                         return std::isxdigit(c) != 0;
                     });
    std::string key = hex ? from_hex(text) : from_base64(text);
    if (key.size() != kKey) {
        throw ConfigurationError{
            "the key file " + file +
            " has no key of 32 bytes in it, neither as they are nor in base64 or hexadecimal; make "
            "one with `openssl rand -hex 32`"
        };
    }
    return key;
}

}  // namespace

std::string read_secret(const std::string& what, const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    std::string content(kMaxSecret + 1, '\0');
    if (file) {
        file.read(content.data(), static_cast<std::streamsize>(content.size()));
    }
    if (!file.is_open() || file.bad()) {  // a folder, for one
        throw ConfigurationError{
            is_path(path) ? what + " " + path + " cannot be read"
                          : what + " is not the path of a file that can be read"
        };
    }
    content.resize(static_cast<std::size_t>(file.gcount()));
    if (content.size() > kMaxSecret) {
        throw ConfigurationError{
            what + " " + path + " has more than " + std::to_string(kMaxSecret) +
            " bytes; nothing of its kind is as large"
        };
    }
    return content;
}

DataOptions data_options(const DataFlags& flags, const DataOptions& otherwise) {
    if (!flags.zlib && flags.aes_keys.empty() && flags.storage_folder.empty()) {
        return otherwise;
    }
    DataOptions data;
    if (flags.zlib) {
        data.codecs.push_back(zlib_codec());  // first: what is encrypted does not get smaller
    }
    if (!flags.aes_keys.empty()) {
        AesGcmOptions aes;
        for (const std::string& key : flags.aes_keys) {
            const auto equals = key.find('=');
            if (equals == std::string::npos || equals == 0) {
                // Not shown: it may be the key.
                throw ConfigurationError{
                    "an --aes-key is not ID=FILE: the key's id, an equals sign, and the path of "
                    "the "
                    "file that has the key"
                };
            }
            const std::string id = key.substr(0, equals);
            aes.key_id = aes.keys.empty() ? id : aes.key_id;
            if (!aes.keys.emplace(id, read_key(key.substr(equals + 1))).second) {
                throw ConfigurationError{
                    "--aes-key has the id \"" + id + "\" twice; each key has an id of its own"
                };
            }
        }
        data.codecs.push_back(aes_gcm_codec(std::move(aes)));
    }
    if (!flags.storage_folder.empty()) {
        data.external_storage = ExternalStorage{.drivers = {file_storage(flags.storage_folder)}};
    }
    return data;
}

}  // namespace hourglass::cli
