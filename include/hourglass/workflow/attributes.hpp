#pragma once

#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/search_attributes.hpp"
#include "hourglass/workflow/info.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::workflow {

/// Changes what the workflow can be found by, and info().search_attributes with it:
/// `upsert_search_attributes({kCustomer.set("ada"), kOld.unset()})`.
/// @throws ConfigurationError if there is nothing to change; OutsideWorkflowError, ReadOnlyError
void upsert_search_attributes(const std::vector<SearchAttributeUpdate>& updates);

/// Changes the workflow's memo, and info().memo with it; a null removes: `upsert_memo({{"customer",
/// to_payload("ada")}, {"old", null_payload()}})`.
/// @throws ConfigurationError if there is nothing to change; OutsideWorkflowError, ReadOnlyError
void upsert_memo(const std::map<std::string, Payload>& changes);

/// One value of the workflow's memo; nothing if it is not set.
/// @throws ConversionError if it is set to something else than a T; OutsideWorkflowError
template <class T>
[[nodiscard]] std::optional<T> memo(const std::string& key) {
    const auto& values = info().memo;
    const auto found = values.find(key);
    return found == values.end() ? std::nullopt : std::optional<T>{from_payload<T>(found->second)};
}

}  // namespace hourglass::workflow
