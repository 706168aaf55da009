#include "hourglass/convert/search_attribute_type.hpp"

namespace hourglass {

std::string_view to_text(SearchAttributeType type) {
    switch (type) {
        case SearchAttributeType::Text:
            return "Text";
        case SearchAttributeType::Keyword:
            return "Keyword";
        case SearchAttributeType::Int:
            return "Int";
        case SearchAttributeType::Double:
            return "Double";
        case SearchAttributeType::Bool:
            return "Bool";
        case SearchAttributeType::Datetime:
            return "Datetime";
        case SearchAttributeType::KeywordList:
            return "KeywordList";
        case SearchAttributeType::Unspecified:
            break;
    }
    return "Unspecified";
}

}  // namespace hourglass
