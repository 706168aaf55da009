#pragma once

#include <span>
#include <string>

namespace hourglass {

/// Two lower-case digits for each byte.
[[nodiscard]] inline std::string to_hexadecimal(std::span<const unsigned char> bytes) {
    constexpr const char* kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const unsigned char byte : bytes) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 0xFU];
    }
    return text;
}

}  // namespace hourglass
