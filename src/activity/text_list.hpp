#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hourglass::activity {

/// "a, b, c"; `if_empty` for an empty list.
[[nodiscard]] inline std::string text_list(
    const std::vector<std::string>& texts, std::string_view if_empty
) {
    if (texts.empty()) {
        return std::string{if_empty};
    }
    std::string list;
    for (const std::string& text : texts) {
        list += (list.empty() ? "" : ", ") + text;
    }
    return list;
}

}  // namespace hourglass::activity
