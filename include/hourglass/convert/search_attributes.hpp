#pragma once

#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/payload.hpp"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hourglass {

/// A change of one search attribute: `kCustomer.set("ada")`, `kCustomer.unset()`.
struct SearchAttributeUpdate {
    std::string name{};
    /// The value as it travels; that of "nothing" removes the attribute.
    Payload value{};
};

/// The name of a search attribute, the type that it has on the server, and the one that it has
/// here. Made by the functions below: `inline const auto kCustomer =
/// hourglass::search_attribute::keyword("CustomerId");`
template <class T>
class SearchAttributeKey {
public:
    using Value = T;

    /// @param type  the server's name of the type, such as "Keyword".
    SearchAttributeKey(std::string name, std::string_view type)
        : name_{std::move(name)}, type_{type} {}

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] std::string_view type() const noexcept { return type_; }

    /// @throws ConversionError if the value cannot be written: NaN, text that is not UTF-8.
    [[nodiscard]] SearchAttributeUpdate set(const T& value) const {
        Payload payload = to_payload(value);
        payload.metadata.emplace("type", type_);
        return {name_, std::move(payload)};
    }
    [[nodiscard]] SearchAttributeUpdate unset() const { return {name_, null_payload()}; }

private:
    std::string name_;
    std::string_view type_;
};

/// Keys of each type that the server has. The attribute must have been made there, by an operator.
namespace search_attribute {

/// Is searched by its words.
[[nodiscard]] inline SearchAttributeKey<std::string> text(std::string name) {
    return {std::move(name), "Text"};
}
/// Is compared as a whole.
[[nodiscard]] inline SearchAttributeKey<std::string> keyword(std::string name) {
    return {std::move(name), "Keyword"};
}
[[nodiscard]] inline SearchAttributeKey<std::vector<std::string>> keyword_list(std::string name) {
    return {std::move(name), "KeywordList"};
}
[[nodiscard]] inline SearchAttributeKey<std::int64_t> integer(std::string name) {
    return {std::move(name), "Int"};
}
[[nodiscard]] inline SearchAttributeKey<double> floating(std::string name) {
    return {std::move(name), "Double"};
}
[[nodiscard]] inline SearchAttributeKey<bool> boolean(std::string name) {
    return {std::move(name), "Bool"};
}
[[nodiscard]] inline SearchAttributeKey<std::chrono::system_clock::time_point> datetime(
    std::string name
) {
    return {std::move(name), "Datetime"};
}

}  // namespace search_attribute

namespace detail {

/// What is there as T is asked for: some servers give one value as a list of one, and one that was
/// removed as an empty list.
/// @returns nothing if it is removed.
[[nodiscard]] std::optional<Payload> single_search_value(const Payload& payload);

}  // namespace detail

/// What a workflow can be found by: `SearchAttributes{kCustomer.set("ada"), kCents.set(1999)}`.
class SearchAttributes {
public:
    using value_type = SearchAttributeUpdate;

    SearchAttributes() = default;
    SearchAttributes(std::initializer_list<SearchAttributeUpdate> updates) {
        for (const auto& update : updates) {
            apply(update);
        }
    }
    /// As they came; nothing is decoded before it is asked for.
    explicit SearchAttributes(std::map<std::string, Payload> values) : values_{std::move(values)} {}

    /// Sets or removes one.
    void apply(const SearchAttributeUpdate& update);

    /// @returns nothing if it is not set.
    /// @throws ConversionError if it is set to something else than a T.
    template <class T>
    [[nodiscard]] std::optional<T> get(const SearchAttributeKey<T>& key) const {
        const auto found = values_.find(key.name());
        if (found == values_.end()) {
            return std::nullopt;
        }
        if constexpr (std::is_same_v<T, std::vector<std::string>>) {
            return from_payload<std::optional<T>>(found->second);
        } else {
            const auto value = detail::single_search_value(found->second);
            return value ? std::optional<T>{from_payload<T>(*value)} : std::nullopt;
        }
    }
    template <class T>
    [[nodiscard]] bool contains(const SearchAttributeKey<T>& key) const {
        return values_.contains(key.name());
    }
    [[nodiscard]] bool empty() const noexcept { return values_.empty(); }
    /// By name, as they travel.
    [[nodiscard]] const std::map<std::string, Payload>& values() const noexcept { return values_; }

    bool operator==(const SearchAttributes&) const = default;

private:
    std::map<std::string, Payload> values_;
};

}  // namespace hourglass
