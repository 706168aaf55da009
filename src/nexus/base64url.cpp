#include "src/nexus/base64url.hpp"

#include <cstddef>
#include <cstdint>

namespace hourglass::nexus {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr unsigned kBitsOfByte = 8;
constexpr unsigned kBitsOfDigit = 6;

}  // namespace

std::string to_base64url(std::string_view bytes) {
    std::string text;
    std::uint32_t pending = 0;
    unsigned bits = 0;
    for (const char byte : bytes) {
        pending = (pending << kBitsOfByte) | static_cast<std::uint8_t>(byte);
        for (bits += kBitsOfByte; bits >= kBitsOfDigit; bits -= kBitsOfDigit) {
            text += kAlphabet[(pending >> (bits - kBitsOfDigit)) & 0x3FU];
        }
    }
    if (bits > 0) {
        text += kAlphabet[(pending << (kBitsOfDigit - bits)) & 0x3FU];
    }
    return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string bytes;
    std::uint32_t pending = 0;
    unsigned bits = 0;
    for (const char digit : text) {
        const auto value = kAlphabet.find(digit);
        if (value == std::string_view::npos) {
            return std::nullopt;
        }
        pending = (pending << kBitsOfDigit) | static_cast<std::uint32_t>(value);
        bits += kBitsOfDigit;
        if (bits >= kBitsOfByte) {
            bits -= kBitsOfByte;
            bytes += static_cast<char>((pending >> bits) & 0xFFU);
        }
    }
    if (bits >= kBitsOfDigit) {
        return std::nullopt;  // a digit too many: no bytes are written so
    }
    return bytes;
}

}  // namespace hourglass::nexus
