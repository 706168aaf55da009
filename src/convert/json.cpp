#include "hourglass/convert/json.hpp"

#include "hourglass/convert/failures.hpp"
#include "src/convert/type_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <exception>
#include <new>

namespace hourglass::detail {
namespace {

// Beyond it not every integer has a double of its own.
constexpr double kExactIntegers = 9007199254740992.0;

std::string shown(const Json& json) {
    switch (json.type()) {
        case Json::value_t::null:
            return "null";
        case Json::value_t::object:
            return "an object";
        case Json::value_t::array:
            return "an array of " + std::to_string(json.size());
        case Json::value_t::string:
            return "a string";  // its text may be a secret, and long
        default:
            return json.dump();
    }
}

[[noreturn]] void reject(const std::string& expected, const Json& json) {
    throw JsonMismatch{"expected " + expected + ", got " + shown(json)};
}

// A float that stands for an integer, such as 5.0, as JavaScript may write it.
bool is_whole(const Json& json) {
    if (!json.is_number_float()) {
        return false;
    }
    const auto value = json.get<double>();
    return std::trunc(value) == value && std::abs(value) <= kExactIntegers;
}

// What a conversion of C++ to `bits` bits makes of the value.
bool wraps_to(std::uint64_t given, std::uint64_t decoded, int bits) {
    const std::uint64_t mask = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
    return (given & mask) == (decoded & mask);
}

std::uint64_t bits_of(const Json& json) {
    return json.is_number_unsigned() ? json.get<std::uint64_t>()
                                     : static_cast<std::uint64_t>(json.get<std::int64_t>());
}

bool is_negative(const Json& json) {
    return !json.is_number_unsigned() && json.get<std::int64_t>() < 0;
}

bool was_cut(const Json& given, const Json& decoded) {
    if (!given.is_number() || !decoded.is_number()) {
        return false;
    }
    if (given.is_number_integer() && decoded.is_number_integer() &&
        is_negative(given) != is_negative(decoded)) {
        // nlohmann holds 2^64-1 and -1 to be equal.
        return wraps_to(bits_of(given), bits_of(decoded), 8);
    }
    if (given == decoded) {
        return false;
    }
    if (decoded.is_number_float()) {
        return !std::isfinite(decoded.get<double>());
    }
    if (given.is_number_float()) {
        const auto value = given.get<double>();
        return std::trunc(value) == decoded.get<double>() || std::abs(value) >= 2147483648.0;
    }
    const std::uint64_t from = bits_of(given);
    const std::uint64_t to = bits_of(decoded);
    return wraps_to(from, to, 8) || wraps_to(from, to, 16) || wraps_to(from, to, 32) ||
           wraps_to(from, to, 64);
}

// A set comes back in another order: nothing is cut if the same values are there.
bool same_values(const Json::array_t& given, const Json::array_t& decoded) {
    const auto sorted_texts = [](const Json::array_t& values) {
        std::vector<std::string> texts;
        texts.reserve(values.size());
        for (const Json& value : values) {
            texts.push_back(value.dump(-1, ' ', false, Json::error_handler_t::replace));
        }
        std::sort(texts.begin(), texts.end());
        return texts;
    };
    return sorted_texts(given) == sorted_texts(decoded);
}

}  // namespace

void JsonMismatch::inside(std::string_view key) {
    path_ = "." + std::string{key} + path_;
}
void JsonMismatch::inside(std::size_t index) {
    path_ = "[" + std::to_string(index) + "]" + path_;
}

bool read_bool(const Json& json) {
    if (!json.is_boolean()) {
        reject("true or false", json);
    }
    return json.get<bool>();
}

std::int64_t read_signed(const Json& json, std::int64_t min, std::int64_t max) {
    const auto expected = [&] {
        return "an integer from " + std::to_string(min) + " to " + std::to_string(max);
    };
    if (json.is_number_unsigned()) {
        const auto value = json.get<std::uint64_t>();
        if (std::cmp_less_equal(value, max)) {
            return static_cast<std::int64_t>(value);
        }
    } else if (json.is_number_integer() || is_whole(json)) {
        const auto value = json.get<std::int64_t>();
        if (value >= min && value <= max) {
            return value;
        }
    }
    reject(expected(), json);
}

std::uint64_t read_unsigned(const Json& json, std::uint64_t max) {
    if (json.is_number_unsigned()) {
        const auto value = json.get<std::uint64_t>();
        if (value <= max) {
            return value;
        }
    } else if (json.is_number_integer() || is_whole(json)) {
        const auto value = json.get<std::int64_t>();
        if (value >= 0 && std::cmp_less_equal(value, max)) {
            return static_cast<std::uint64_t>(value);
        }
    }
    reject("an integer from 0 to " + std::to_string(max), json);
}

double read_floating(const Json& json, double max) {
    if (!json.is_number()) {
        reject("a number", json);
    }
    const auto value = json.get<double>();
    if (std::abs(value) > max) {
        reject("a number of at most " + Json(max).dump(), json);
    }
    return value;
}

std::string read_string(const Json& json) {
    if (!json.is_string()) {
        reject("a string", json);
    }
    return json.get_ref<const std::string&>();
}

Json number_in_key(const std::string& key) {
    std::int64_t number = 0;
    const auto* const end = key.data() + key.size();
    if (const auto read = std::from_chars(key.data(), end, number);
        read.ec == std::errc{} && read.ptr == end) {
        return number;
    }
    std::uint64_t big = 0;
    if (const auto read = std::from_chars(key.data(), end, big);
        read.ec == std::errc{} && read.ptr == end) {
        return big;
    }
    return key;
}

void expect_null(const Json& json) {
    if (!json.is_null()) {
        reject("null", json);
    }
}

void expect_array(const Json& json) {
    if (!json.is_array()) {
        reject("an array", json);
    }
}

void expect_array(const Json& json, std::size_t size) {
    if (!json.is_array() || json.size() != size) {
        reject("an array of " + std::to_string(size), json);
    }
}

void expect_object(const Json& json) {
    if (!json.is_object()) {
        reject("an object", json);
    }
}

Json whole_number(const Json& json) {
    if (!json.is_number_float()) {
        return json;
    }
    return read_signed(
        json, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()
    );
}

void expect_same_enumerator(const Json& given, const Json& decoded) {
    if (!decoded.is_null() && (decoded != given || was_cut(given, decoded))) {
        throw JsonMismatch{
            "expected a value of the enumeration, got " +
            given.dump(-1, ' ', false, Json::error_handler_t::replace)
        };
    }
}

void reject_alternatives(const Json& json, const std::string& reasons) {
    throw JsonMismatch{shown(json) + " fits no alternative of the variant: " + reasons};
}

void expect_same_numbers(const Json& given, const Json& decoded) {
    if (given.is_object() && decoded.is_object()) {
        for (const auto& [key, value] : given.get_ref<const Json::object_t&>()) {
            const auto found = decoded.find(key);
            if (found != decoded.end()) {
                try {
                    expect_same_numbers(value, *found);
                } catch (JsonMismatch& mismatch) {
                    mismatch.inside(key);
                    throw;
                }
            }
        }
    } else if (given.is_array() && decoded.is_array() && given.size() == decoded.size()) {
        for (std::size_t i = 0; i < given.size(); ++i) {
            try {
                expect_same_numbers(given[i], decoded[i]);
            } catch (JsonMismatch& mismatch) {
                if (same_values(
                        given.get_ref<const Json::array_t&>(),
                        decoded.get_ref<const Json::array_t&>()
                    )) {
                    return;
                }
                mismatch.inside(i);
                throw;
            }
        }
    } else if (was_cut(given, decoded)) {
        throw JsonMismatch{
            given.dump() + " does not fit the type of this field, which made " + decoded.dump() +
            " of it"
        };
    }
}

std::string reason_of_current_exception() {
    try {
        throw;
    } catch (const nlohmann::json::exception& error) {
        // "[json.exception.type_error.302] type must be string, but is null"
        const std::string text = error.what();
        const auto end = text.find("] ");
        return text.starts_with("[json.exception.") && end != std::string::npos
                   ? text.substr(end + 2)
                   : text;
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return "an exception of type " + convert::current_exception_type() + " was thrown";
    }
}

void rethrow_as_mismatch() {
    try {
        throw;
    } catch (const JsonMismatch&) {
        throw;
    } catch (const FailureError&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw;
    } catch (...) {
        throw JsonMismatch{reason_of_current_exception()};
    }
}

}  // namespace hourglass::detail
