#include "hourglass/convert/search_attributes.hpp"

#include <utility>

namespace hourglass {

void SearchAttributes::apply(const SearchAttributeUpdate& update) {
    if (detail::is_null_payload(update.value)) {
        values_.erase(update.name);
    } else {
        values_.insert_or_assign(update.name, update.value);
    }
}

namespace detail {

std::optional<Payload> single_search_value(const Payload& payload) {
    if (is_null_payload(payload)) {
        return std::nullopt;
    }
    const Json json = payload_json(payload, true);
    if (!json.is_array()) {
        return payload;
    }
    if (json.empty()) {
        return std::nullopt;
    }
    return json.size() == 1 ? json_payload(json.front()) : payload;
}

}  // namespace detail
}  // namespace hourglass
