#pragma once

#include <cstdint>
#include <string_view>

namespace hourglass {

/// The types that a server can index values as, with its numbers.
enum class SearchAttributeType : std::uint8_t {
    Unspecified = 0,
    /// Split into words, each of which can be searched for.
    Text = 1,
    /// Compared as a whole.
    Keyword = 2,
    Int = 3,
    Double = 4,
    Bool = 5,
    Datetime = 6,
    KeywordList = 7,
};

/// "KeywordList", as keys of search attributes have it; "Unspecified" for a number that this
/// version does not know.
[[nodiscard]] std::string_view to_text(SearchAttributeType type);

}  // namespace hourglass
