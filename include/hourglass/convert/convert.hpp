#pragma once

// C++ values to payloads and back, in the order of the official SDKs: null, bytes, a format of its
// own (protobuf messages with <hourglass/convert/protobuf.hpp>), the encodings of
// <hourglass/convert/value_encoding.hpp>, JSON. JSON goes through nlohmann:
// a type with NLOHMANN_DEFINE_TYPE_… or with to_json/from_json in its namespace is convertible.

#include "hourglass/convert/conversion_error.hpp"
#include "hourglass/convert/json.hpp"
#include "hourglass/convert/payload.hpp"

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace hourglass {

/// Specialise it to give a type a format of its own: `static Payload encode(const T&)`, `static T
/// decode(const Payload&)`.
template <class T>
struct PayloadFormat;

namespace detail {

template <class T>
concept HasPayloadFormat = requires(const T& value, const Payload& payload) {
    { PayloadFormat<T>::encode(value) } -> std::same_as<Payload>;
    { PayloadFormat<T>::decode(payload) } -> std::same_as<T>;
};

template <class T>
concept PassesThrough = std::same_as<T, Payload> || std::same_as<T, RawValue>;

template <class T>
concept NullValue = std::same_as<T, std::nullptr_t> || std::same_as<T, std::monostate> ||
                    std::same_as<T, std::nullopt_t>;

template <class T>
concept ByteRange = std::same_as<T, Bytes> || std::same_as<T, std::span<const std::byte>> ||
                    std::same_as<T, std::span<std::byte>>;

template <class T>
concept View = std::same_as<T, std::string_view> || std::is_pointer_v<T> || std::is_array_v<T> ||
               std::same_as<T, std::span<const std::byte>> || std::same_as<T, std::span<std::byte>>;

template <class T>
concept JsonEncodable = std::is_constructible_v<Json, const T&>;

template <class T>
concept JsonDecodable = requires(const Json& json) { json.template get<T>(); };

template <class T>
inline constexpr bool kEncodable =
    PassesThrough<T> || HasPayloadFormat<T> || NullValue<T> || ByteRange<T> || JsonEncodable<T>;
template <class T>
inline constexpr bool kEncodable<std::optional<T>> = kEncodable<T>;
template <class... A>
inline constexpr bool kEncodable<std::variant<A...>> = (kEncodable<A> && ...);

template <class T>
inline constexpr bool kDecodable =
    !View<T> && (PassesThrough<T> || HasPayloadFormat<T> || std::same_as<T, std::nullptr_t> ||
                 std::same_as<T, std::monostate> || std::same_as<T, Bytes> || JsonDecodable<T>);
template <>
inline constexpr bool kDecodable<void> = true;
template <class T>
inline constexpr bool kDecodable<std::optional<T>> = kDecodable<T>;
template <class... A>
inline constexpr bool kDecodable<std::variant<A...>> = (kDecodable<A> && ...);

[[nodiscard]] Payload bytes_payload(std::span<const std::byte> bytes);
[[nodiscard]] Bytes payload_bytes(const Payload& payload);
/// @throws JsonMismatch on NaN, infinity, text that is not UTF-8, or nesting deeper than 1000.
[[nodiscard]] Payload json_payload(const Json& json);
/// As JSON, unless set_value_encodings says otherwise.
[[nodiscard]] Payload value_payload(const Json& value);
/// The payload's value, in JSON or an encoding of set_value_encodings; null for `binary/null`.
/// `any_json` allows what is JSON only inside (`json/protobuf`).
[[nodiscard]] Json payload_json(const Payload& payload, bool any_json = false);
void expect_null_payload(const Payload& payload);
[[nodiscard]] bool is_null_payload(const Payload& payload);
void check_argument_count(std::size_t required, std::size_t accepted, std::size_t given);
[[noreturn]] void reject_missing_result(std::string type, std::size_t given);
[[noreturn]] void reject_alternatives(const std::string& reasons);

// In a handler: throw what is being handled as ConversionError; Temporal failures and lack of
// memory pass as they are.
[[noreturn]] void rethrow_as_encode_error(std::string type, std::optional<std::size_t> index);
[[noreturn]] void rethrow_as_decode_error(
    const Payload& payload, std::string type, std::optional<std::size_t> index
);

template <class T>
[[nodiscard]] Payload encode_value(const T& value) {
    static_assert(
        kEncodable<T>,
        "Hourglass cannot turn this type into a payload. Give it JSON with "
        "NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Type, fields) "
        "in its namespace, or a format with hourglass::PayloadFormat<Type>; for protobuf messages "
        "include "
        "<hourglass/convert/protobuf.hpp>."
    );
    if constexpr (std::same_as<T, Payload>) {
        return value;
    } else if constexpr (std::same_as<T, RawValue>) {
        return value.payload;
    } else if constexpr (HasPayloadFormat<T>) {
        return PayloadFormat<T>::encode(value);
    } else if constexpr (NullValue<T>) {
        return null_payload();
    } else if constexpr (kIsOptional<T>) {
        return value ? encode_value(*value) : null_payload();
    } else if constexpr (kIsVariant<T>) {
        return std::visit([](const auto& held) { return encode_value(held); }, value);
    } else if constexpr (ByteRange<T>) {
        return bytes_payload(value);
    } else if constexpr (kIsIntegerMap<T> && kEncodable<T>) {
        return value_payload(integer_map_to_json(value));
    } else if constexpr (kEncodable<T>) {
        return value_payload(Json(value));
    }
}

template <class T>
[[nodiscard]] Payload encode_at(const T& value, std::optional<std::size_t> index) {
    try {
        return encode_value(value);
    } catch (...) {
        rethrow_as_encode_error(type_text<T>(), index);
    }
}

template <class T>
[[nodiscard]] T decode_value(const Payload& payload);

template <class V, std::size_t I = 0>
[[nodiscard]] V decode_payload_variant(const Payload& payload, std::string reasons = {}) {
    if constexpr (I == std::variant_size_v<V>) {
        reject_alternatives(reasons);
    } else {
        try {
            return V{
                std::in_place_index<I>, decode_value<std::variant_alternative_t<I, V>>(payload)
            };
        } catch (const std::exception& error) {
            reasons += (I == 0 ? "" : "; or ") + std::string{error.what()};
        }
        return decode_payload_variant<V, I + 1>(payload, std::move(reasons));
    }
}

template <class T>
T decode_value(const Payload& payload) {
    static_assert(
        !View<T>,
        "A view or pointer would point into a payload that is gone: take the value itself "
        "(std::string, Bytes)."
    );
    static_assert(
        View<T> || kDecodable<T>,
        "Hourglass cannot read this type from a payload. Give it JSON with "
        "NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Type, fields) "
        "in its namespace (and a default constructor), or a format with "
        "hourglass::PayloadFormat<Type>; for protobuf messages "
        "include <hourglass/convert/protobuf.hpp>."
    );
    if constexpr (std::same_as<T, Payload>) {
        return payload;
    } else if constexpr (std::same_as<T, RawValue>) {
        return RawValue{payload};
    } else if constexpr (HasPayloadFormat<T>) {
        return PayloadFormat<T>::decode(payload);
    } else if constexpr (NullValue<T>) {
        expect_null_payload(payload);
        return T{};
    } else if constexpr (kIsOptional<T>) {
        if (is_null_payload(payload)) {
            return std::nullopt;
        }
        return decode_value<typename T::value_type>(payload);
    } else if constexpr (kIsVariant<T>) {
        return decode_payload_variant<T>(payload);
    } else if constexpr (std::same_as<T, Bytes>) {
        return payload_bytes(payload);
    } else if constexpr (!View<T> && kDecodable<T>) {
        return decode_json<T>(payload_json(payload, std::same_as<T, Json>));
    }
}

template <class T>
[[nodiscard]] T decode_at(const Payload& payload, std::optional<std::size_t> index) {
    try {
        return decode_value<T>(payload);
    } catch (...) {
        rethrow_as_decode_error(payload, type_text<T>(), index);
    }
}

template <class T>
[[nodiscard]] T decode_argument(const Payloads& payloads, std::size_t index) {
    if constexpr (kIsOptional<T>) {
        if (index >= payloads.size()) {
            return std::nullopt;
        }
    }
    return decode_at<T>(payloads[index], index);
}

/// How many of the tuple's types come before its trailing optionals.
template <class Tuple>
consteval std::size_t required_arguments() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
        std::size_t required = 0;
        ((required = kIsOptional<std::tuple_element_t<I, Tuple>> ? required : I + 1), ...);
        return required;
    }(std::make_index_sequence<std::tuple_size_v<Tuple>>{});
}

}  // namespace detail

/// A value of this type can become a payload.
template <class T>
concept Encodable = detail::kEncodable<std::remove_cvref_t<T>>;

/// A payload can become a value of this type; true for void, which ignores the payload.
template <class T>
concept Decodable = detail::kDecodable<std::remove_cv_t<T>>;

/// Encodes one value.
/// @throws ConversionError if the value cannot be written: NaN, text that is not UTF-8, an
/// exception of its to_json.
/// @threads any.
template <class T>
[[nodiscard]] Payload to_payload(const T& value) {
    return detail::encode_at<std::remove_cv_t<T>>(value, std::nullopt);
}

/// Decodes one value; `void` ignores what is there.
/// @throws ConversionError naming the type, the encoding, the place inside the value and the
/// reason.
/// @threads any.
template <class T>
[[nodiscard]] T from_payload(const Payload& payload) {
    return detail::decode_at<std::remove_cv_t<T>>(payload, std::nullopt);
}
template <>
inline void from_payload<void>(const Payload&) {}

/// Encodes each argument into a payload of its own.
/// @throws ConversionError naming the argument's index, from 0.
/// @threads any.
template <class... Args>
[[nodiscard]] Payloads encode_arguments(const Args&... args) {
    Payloads payloads;
    payloads.reserve(sizeof...(Args));
    (payloads.push_back(detail::encode_at<std::remove_cv_t<Args>>(args, payloads.size())), ...);
    return payloads;
}

/// Decodes a function's arguments into the tuple of their types. Trailing optionals may be missing.
/// @throws ArgumentCountError if there are too few or too many; ConversionError naming the
/// argument's index, from 0.
/// @threads any.
template <class Tuple>
[[nodiscard]] Tuple decode_arguments(const Payloads& payloads) {
    constexpr std::size_t kAccepted = std::tuple_size_v<Tuple>;
    detail::check_argument_count(detail::required_arguments<Tuple>(), kAccepted, payloads.size());
    return [&payloads]<std::size_t... I>(std::index_sequence<I...>) {
        return Tuple{detail::decode_argument<std::tuple_element_t<I, Tuple>>(payloads, I)...};
    }(std::make_index_sequence<kAccepted>{});
}

/// Decodes a result, which is one payload; none at all is fine for void and for an optional.
/// @throws ConversionError if it is missing or does not fit.
/// @threads any.
template <class T>
[[nodiscard]] T decode_result(const Payloads& payloads) {
    if constexpr (std::is_void_v<T>) {
        return;
    } else {
        if (payloads.empty()) {
            if constexpr (detail::kIsOptional<T>) {
                return std::nullopt;
            }
        }
        if (payloads.size() != 1) {
            detail::reject_missing_result(detail::type_text<T>(), payloads.size());
        }
        return from_payload<T>(payloads.front());
    }
}

}  // namespace hourglass
