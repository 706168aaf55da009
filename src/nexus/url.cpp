#include "src/nexus/url.hpp"

#include <charconv>
#include <cstddef>
#include <utility>

namespace hourglass::nexus::url {
namespace {

constexpr std::string_view kPlain =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
constexpr std::string_view kDigits = "0123456789ABCDEF";

/// @param plus  what it stands for: a space in a query, itself in a path.
std::string unescape(std::string_view text, char plus) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned code = 0;
        if (text[i] == '%' && i + 3 <= text.size() &&
            std::from_chars(text.data() + i + 1, text.data() + i + 3, code, 16).ptr ==
                text.data() + i + 3) {
            plain += static_cast<char>(code);
            i += 2;
        } else {
            plain += text[i] == '+' ? plus : text[i];
        }
    }
    return plain;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(at + 1);
    }
}

/// Takes what is before `separator` off the text; all of it if there is none.
std::string_view take(std::string_view& text, std::string_view separator) {
    const auto at = text.find(separator);
    const auto taken = text.substr(0, at);
    text = at == std::string_view::npos ? std::string_view{} : text.substr(at + separator.size());
    return taken;
}

}  // namespace

std::optional<Parts> parse(std::string_view text) {
    Parts parts;
    if (text.find(':') == std::string_view::npos) {
        return std::nullopt;
    }
    std::string_view rest = text.substr(0, text.find('#'));
    parts.scheme = take(rest, ":");
    std::string_view path = take(rest, "?");
    if (path.starts_with("//")) {
        path.remove_prefix(2);
        take(path, "/");  // the host, of which these have none
    } else if (path.starts_with('/')) {
        path.remove_prefix(1);
    }
    for (const auto part : split(path, '/')) {
        parts.path.push_back(unescape(part, '+'));
    }
    for (auto pair : split(rest, '&')) {
        const auto name = take(pair, "=");
        if (!name.empty()) {
            parts.query.emplace(unescape(name, ' '), unescape(pair, ' '));
        }
    }
    return parts;
}

std::string escape(std::string_view text) {
    std::string escaped;
    for (const char each : text) {
        if (kPlain.find(each) != std::string_view::npos) {
            escaped += each;
        } else {
            const auto code = static_cast<unsigned char>(each);
            escaped += '%';
            escaped += kDigits[code >> 4U];
            escaped += kDigits[code & 0xFU];
        }
    }
    return escaped;
}

}  // namespace hourglass::nexus::url
