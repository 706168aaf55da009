#include "hourglass/convert/convert.hpp"

#include "hourglass/convert/failures.hpp"
#include "src/convert/json_depth.hpp"
#include "src/convert/utf8.hpp"
#include "src/convert/value_encodings.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <new>

namespace hourglass {
namespace {

constexpr const char* kEncodingKey = "encoding";
constexpr const char* kNull = "binary/null";
constexpr const char* kBytes = "binary/plain";
constexpr const char* kJson = "json/plain";
constexpr const char* kJsonProto = "json/protobuf";
constexpr const char* kBinaryProto = "binary/protobuf";
constexpr const char* kStorageReference = "temporal.api.sdk.v1.ExternalStorageReference";

enum class Text { Trusted, Checked };

void check_text(const std::string& text) {
    if (!convert::is_utf8(text)) {
        throw detail::JsonMismatch{"the text is not valid UTF-8; bytes travel as hourglass::Bytes"};
    }
}

[[noreturn]] void reject_depth() {
    throw detail::JsonMismatch{
        "it is nested deeper than " + std::to_string(convert::kMaxJsonDepth)
    };
}

void check_writable(const detail::Json& json, Text text, int depth) {
    if (depth > convert::kMaxJsonDepth) {
        reject_depth();
    }
    const auto check_child = [text, depth](const detail::Json& child, const auto& step) {
        try {
            check_writable(child, text, depth + 1);
        } catch (detail::JsonMismatch& mismatch) {
            mismatch.inside(step);
            throw;
        }
    };
    if (json.is_number_float() && !std::isfinite(json.get<double>())) {
        throw detail::JsonMismatch{"NaN and infinity have no JSON; use an optional, or text"};
    }
    if (json.is_string() && text == Text::Checked) {
        check_text(json.get_ref<const std::string&>());
    }
    if (json.is_array()) {
        for (std::size_t i = 0; i < json.size(); ++i) {
            check_child(json[i], i);
        }
    } else if (json.is_object()) {
        for (const auto& [key, value] : json.get_ref<const detail::Json::object_t&>()) {
            if (text == Text::Checked) {
                check_text(key);
            }
            check_child(value, key);
        }
    }
}

[[noreturn]] void reject_encoding(const Payload& payload, const std::string& expected) {
    const std::string encoding = encoding_of(payload);
    std::string reason = "expected " + expected + ", got ";
    if (encoding.empty()) {
        reason += "a payload without the metadata \"encoding\"";
    } else if (encoding == kNull) {
        reason += "null";
    } else if (encoding == kBytes) {
        reason += "bytes; read it as hourglass::Bytes";
    } else if (encoding == kJson) {
        reason += "JSON";
    } else if (encoding == kJsonProto || encoding == kBinaryProto) {
        const auto type = payload.metadata.find("messageType");
        if (type != payload.metadata.end() && type->second == kStorageReference) {
            throw detail::JsonMismatch{
                "[TMPRL1105] the payload is in an external storage, and "
                "DataOptions::external_storage is not set on this side"
            };
        }
        reason += "the protobuf message " +
                  (type == payload.metadata.end() ? "(without messageType)" : type->second) +
                  "; include <hourglass/convert/protobuf.hpp> and read it as that message";
    } else {
        reason += "the encoding \"" + encoding +
                  "\", which only a payload codec can read; ClientOptions::data has none for it on "
                  "this side";
    }
    throw detail::JsonMismatch{reason};
}

}  // namespace

Payload null_payload() {
    return {.metadata = {{kEncodingKey, kNull}}};
}

std::string encoding_of(const Payload& payload) {
    const auto found = payload.metadata.find(kEncodingKey);
    return found == payload.metadata.end() ? std::string{} : found->second;
}

namespace detail {

Payload bytes_payload(std::span<const std::byte> bytes) {
    Payload payload{.metadata = {{kEncodingKey, kBytes}}};
    payload.data.resize(bytes.size());
    if (!bytes.empty()) {
        std::memcpy(payload.data.data(), bytes.data(), bytes.size());
    }
    return payload;
}

Bytes payload_bytes(const Payload& payload) {
    if (encoding_of(payload) != kBytes) {
        reject_encoding(payload, "bytes");
    }
    Bytes bytes(payload.data.size());
    if (!bytes.empty()) {
        std::memcpy(bytes.data(), payload.data.data(), bytes.size());
    }
    return bytes;
}

Payload json_payload(const Json& json) {
    if (json.is_null()) {
        return null_payload();
    }
    check_writable(json, Text::Trusted, 1);
    try {
        return {.metadata = {{kEncodingKey, kJson}}, .data = json.dump()};
    } catch (const Json::type_error&) {
        // nlohmann checks text while it writes, but does not say where the broken one is.
        check_writable(json, Text::Checked, 1);
        throw;
    }
}

Payload value_payload(const Json& value) {
    if (!value.is_null()) {
        for (const auto& encoding : convert::value_encodings()) {
            if (auto data = encoding->encode(value)) {
                return {.metadata = {{kEncodingKey, encoding->name()}}, .data = std::move(*data)};
            }
        }
    }
    return json_payload(value);
}

Json payload_json(const Payload& payload, bool any_json) {
    const std::string encoding = encoding_of(payload);
    if (encoding == kNull) {
        expect_null_payload(payload);
        return nullptr;
    }
    if (encoding != kJson && !(any_json && encoding == kJsonProto)) {
        if (const auto* const own = convert::value_encoding(encoding)) {
            return own->decode(payload.data);
        }
        reject_encoding(payload, "JSON");
    }
    if (convert::is_nested_too_deep(payload.data)) {
        reject_depth();
    }
    return Json::parse(payload.data);
}

bool is_null_payload(const Payload& payload) {
    const std::string encoding = encoding_of(payload);
    return encoding == kNull || (encoding == kJson && payload.data == "null");
}

void expect_null_payload(const Payload& payload) {
    if (!is_null_payload(payload)) {
        reject_encoding(payload, "null");
    }
    if (encoding_of(payload) == kNull && !payload.data.empty()) {
        throw JsonMismatch{
            "null comes with " + std::to_string(payload.data.size()) + " bytes of data"
        };
    }
}

void check_argument_count(std::size_t required, std::size_t accepted, std::size_t given) {
    if (given < required || given > accepted) {
        throw ArgumentCountError{required, accepted, given};
    }
}

void reject_missing_result(std::string type, std::size_t given) {
    throw ConversionError{
        {.reason = "expected one result, got " + std::to_string(given) + " payloads",
         .type = std::move(type)}
    };
}

void reject_alternatives(const std::string& reasons) {
    throw JsonMismatch{"it fits no alternative of the variant: " + reasons};
}

namespace {

[[noreturn]] void rethrow_as_conversion_error(ConversionFault fault) {
    try {
        throw;
    } catch (const FailureError&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const JsonMismatch& mismatch) {
        fault.reason = mismatch.what();
        fault.path = mismatch.path();
        throw ConversionError{std::move(fault)};
    } catch (...) {
        fault.reason = reason_of_current_exception();
        throw ConversionError{std::move(fault)};
    }
}

}  // namespace

void rethrow_as_encode_error(std::string type, std::optional<std::size_t> index) {
    rethrow_as_conversion_error(
        {.direction = ConversionFault::Direction::Encode, .type = std::move(type), .index = index}
    );
}

void rethrow_as_decode_error(
    const Payload& payload, std::string type, std::optional<std::size_t> index
) {
    rethrow_as_conversion_error(
        {.type = std::move(type), .encoding = encoding_of(payload), .index = index}
    );
}

}  // namespace detail
}  // namespace hourglass
