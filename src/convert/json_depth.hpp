#pragma once

#include <cstddef>
#include <string_view>

namespace hourglass::convert {

// Writing, comparing and users' readers recurse; deeper text is an attack or a mistake.
inline constexpr int kMaxJsonDepth = 1000;

/// Whether lists and objects are nested deeper than kMaxJsonDepth; of a text that is no JSON the
/// answer may be either. Asked before a parser is, it keeps what follows from exhausting the stack.
[[nodiscard]] inline bool is_nested_too_deep(std::string_view text) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            i += c == '\\' ? 1 : 0;
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '[' || c == '{') {
            if (++depth > kMaxJsonDepth) {
                return true;
            }
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return false;
}

}  // namespace hourglass::convert
