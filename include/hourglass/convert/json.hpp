#pragma once

// JSON to C++ values, strictly: nlohmann's own readers cut a number that does not fit, take `true`
// for 1 and 1.7 for 1. Standard types are read here; types of the user through nlohmann (macro or
// ADL), and checked afterwards.

#include "hourglass/convert/json_time.hpp"
#include "hourglass/convert/json_traits.hpp"
#include "hourglass/convert/json_values.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace hourglass::detail {

/// Ours, unless the user specialised nlohmann::adl_serializer for the very type.
template <class T>
concept ReadByHourglass = requires { typename nlohmann::adl_serializer<T, void>::ReadByHourglass; };

template <class T>
[[nodiscard]] T decode_json(const Json& json);

template <class T, class Step>
[[nodiscard]] T decode_json_at(const Json& json, const Step& step) {
    try {
        return decode_json<T>(json);
    } catch (JsonMismatch& mismatch) {
        mismatch.inside(step);
        throw;
    }
}

template <class T>
[[nodiscard]] T decode_sequence(const Json& json) {
    expect_array(json);
    T values;
    for (std::size_t i = 0; i < json.size(); ++i) {
        values.insert(values.end(), decode_json_at<typename T::value_type>(json[i], i));
    }
    return values;
}

template <class T>
[[nodiscard]] T decode_string_map(const Json& json) {
    expect_object(json);
    T values;
    for (const auto& [key, value] : json.get_ref<const Json::object_t&>()) {
        values.emplace(key, decode_json_at<typename T::mapped_type>(value, key));
    }
    return values;
}

/// An object whose keys are the numbers as text, as the other SDKs write it; or nlohmann's array of
/// pairs.
template <class T>
[[nodiscard]] T decode_integer_map(const Json& json) {
    T values;
    if (json.is_array()) {
        for (std::size_t i = 0; i < json.size(); ++i) {
            values.insert(
                decode_json_at<std::pair<typename T::key_type, typename T::mapped_type>>(json[i], i)
            );
        }
        return values;
    }
    expect_object(json);
    for (const auto& [key, value] : json.get_ref<const Json::object_t&>()) {
        values.emplace(
            decode_json_at<typename T::key_type>(number_in_key(key), key),
            decode_json_at<typename T::mapped_type>(value, key)
        );
    }
    return values;
}

template <class T>
[[nodiscard]] Json integer_map_to_json(const T& values) {
    Json json = Json::object();
    for (const auto& [key, value] : values) {
        json.emplace(std::to_string(key), value);
    }
    return json;
}

template <class T>
[[nodiscard]] T decode_tuple(const Json& json) {
    expect_array(json, std::tuple_size_v<T>);
    return [&json]<std::size_t... I>(std::index_sequence<I...>) {
        return T{decode_json_at<std::tuple_element_t<I, T>>(json[I], I)...};
    }(std::make_index_sequence<std::tuple_size_v<T>>{});
}

template <class T>
[[nodiscard]] T decode_array(const Json& json) {
    expect_array(json, std::tuple_size_v<T>);
    return [&json]<std::size_t... I>(std::index_sequence<I...>) {
        return T{{decode_json_at<typename T::value_type>(json[I], I)...}};
    }(std::make_index_sequence<std::tuple_size_v<T>>{});
}

// No adl_serializer for std::monostate: comparing two JSON values instantiates it, maybe before
// this header is read.
template <class T>
[[nodiscard]] Json alternative_to_json(const T& held) {
    if constexpr (std::same_as<T, std::monostate>) {
        return nullptr;
    } else {
        return Json(held);
    }
}

/// Tries the alternatives in their order; the first that fits wins.
template <class V, std::size_t I = 0>
[[nodiscard]] V decode_variant(const Json& json, std::string reasons = {}) {
    if constexpr (I == std::variant_size_v<V>) {
        reject_alternatives(json, reasons);
    } else {
        try {
            return V{std::in_place_index<I>, decode_json<std::variant_alternative_t<I, V>>(json)};
        } catch (const JsonMismatch& mismatch) {
            reasons += (I == 0 ? "" : "; or ") + std::string{mismatch.what()};
        }
        return decode_variant<V, I + 1>(json, std::move(reasons));
    }
}

/// NLOHMANN_JSON_SERIALIZE_ENUM reads what it does not know as its first enumerator; here that is
/// an error, unless that enumerator stands for null, which is how such an enum says "anything
/// else".
template <class E>
[[nodiscard]] E decode_enum(const Json& json) {
    try {
        const E value = whole_number(json).get<E>();
        expect_same_enumerator(json, Json(value));
        return value;
    } catch (...) {
        rethrow_as_mismatch();
    }
}

template <class T>
[[nodiscard]] T decode_by_nlohmann(const Json& json) {
    try {
        T value = json.get<T>();
        if constexpr (!ReadByHourglass<T> && std::is_constructible_v<Json, const T&>) {
            expect_same_numbers(json, Json(value));
        }
        return value;
    } catch (...) {
        rethrow_as_mismatch();
    }
}

template <class T>
T decode_json(const Json& json) {
    if constexpr (std::same_as<T, Json>) {
        return json;
    } else if constexpr (std::same_as<T, bool>) {
        return read_bool(json);
    } else if constexpr (std::signed_integral<T>) {
        return static_cast<T>(
            read_signed(json, std::numeric_limits<T>::min(), std::numeric_limits<T>::max())
        );
    } else if constexpr (std::unsigned_integral<T>) {
        return static_cast<T>(read_unsigned(json, std::numeric_limits<T>::max()));
    } else if constexpr (std::same_as<T, float>) {
        return static_cast<T>(read_floating(json, std::numeric_limits<T>::max()));
    } else if constexpr (std::floating_point<T>) {
        return static_cast<T>(read_floating(json, std::numeric_limits<double>::max()));
    } else if constexpr (std::same_as<T, std::string>) {
        return read_string(json);
    } else if constexpr (std::same_as<T, std::nullptr_t> || std::same_as<T, std::monostate>) {
        expect_null(json);
        return T{};
    } else if constexpr (std::is_enum_v<T>) {
        return decode_enum<T>(json);
    } else if constexpr (kIsStringMap<T>) {
        return decode_string_map<T>(json);
    } else if constexpr (kIsIntegerMap<T>) {
        return decode_integer_map<T>(json);
    } else if constexpr (kIsSequence<T>) {
        return decode_sequence<T>(json);
    } else if constexpr (kIsArray<T>) {
        return decode_array<T>(json);
    } else if constexpr (kIsTuple<T>) {
        return decode_tuple<T>(json);
    } else {
        return decode_by_nlohmann<T>(json);
    }
}

}  // namespace hourglass::detail

// Constrained, and so less specialised than what a user may have written for the same type: the
// user's wins.
namespace nlohmann {

template <hourglass::detail::OptionalType T>
struct adl_serializer<T, void> {
    using ReadByHourglass = T;
    static void to_json(json& to, const T& value) {
        if (value) {
            to = json(*value);
        } else {
            to = nullptr;
        }
    }
    static void from_json(const json& from, T& value) {
        if (from.is_null()) {
            value.reset();
        } else {
            value.emplace(hourglass::detail::decode_json<typename T::value_type>(from));
        }
    }
};

template <hourglass::detail::VariantType T>
struct adl_serializer<T, void> {
    using ReadByHourglass = T;
    static void to_json(json& to, const T& value) {
        std::visit(
            [&to](const auto& held) { to = hourglass::detail::alternative_to_json(held); }, value
        );
    }
    static void from_json(const json& from, T& value) {
        value = hourglass::detail::decode_variant<T>(from);
    }
};

template <hourglass::detail::DurationType T>
struct adl_serializer<T, void> {
    using ReadByHourglass = T;
    static void to_json(json& to, const T& value) { to = hourglass::detail::write_duration(value); }
    static void from_json(const json& from, T& value) {
        value = hourglass::detail::read_duration<T>(from);
    }
};

template <hourglass::detail::SystemTimeType T>
struct adl_serializer<T, void> {
    using ReadByHourglass = T;
    static void to_json(json& to, const T& value) { to = hourglass::detail::write_time(value); }
    static void from_json(const json& from, T& value) {
        value = hourglass::detail::read_time<T>(from);
    }
};

}  // namespace nlohmann
