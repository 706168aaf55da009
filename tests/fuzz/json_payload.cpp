// Payloads of any bytes, as workflows and activities get them from others: each is a value or a
// ConversionError, and a value that is written and read again is the same.
//
// Input: a byte that chooses the type, one that chooses the encoding, then the data.
#include "hourglass/convert/convert.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace fuzzed {

enum class Size { Small, Large };
NLOHMANN_JSON_SERIALIZE_ENUM(Size, {{Size::Small, "small"}, {Size::Large, "large"}})

struct Order {
    std::string id;
    int cents = 0;
    std::optional<std::vector<std::string>> tags;
    Size size = Size::Small;

    bool operator==(const Order&) const = default;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Order, id, cents, tags, size)

}  // namespace fuzzed

namespace hourglass::fuzz {
namespace {

using std::chrono::duration;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::sys_time;

template <class T>
void read(const Payload& payload) {
    std::optional<T> value;
    try {
        value = from_payload<T>(payload);
    } catch (const ConversionError&) {
        return;
    }
    const Payload written = to_payload(*value);
    const T again = from_payload<T>(written);
    require(again == *value, "a value that is written and read is the same", written.data);
}

/// nlohmann holds 2^64-1 to be -1.
bool is_negative(const nlohmann::json& number) {
    return !number.is_number_unsigned() && number < 0;
}

/// Whether two JSON values say the same.
bool same(const nlohmann::json& one, const nlohmann::json& other) {
    if (one.is_number() && other.is_number()) {
        return one == other && is_negative(one) == is_negative(other);
    }
    if (one.type() != other.type() || one.size() != other.size()) {
        return false;
    }
    if (one.is_array()) {
        return std::equal(one.begin(), one.end(), other.begin(), same);
    }
    if (one.is_object()) {
        return std::ranges::all_of(one.items(), [&other](const auto& item) {
            return other.contains(item.key()) && same(item.value(), other.at(item.key()));
        });
    }
    return one == other;
}

/// For types that lose nothing of what they accept: no number is cut, nothing is left out.
template <class T>
void read_exactly(const Payload& payload) {
    read<T>(payload);
    try {
        const Payload written = to_payload(from_payload<T>(payload));
        if (encoding_of(payload) == "json/plain" && encoding_of(written) == "json/plain") {
            require(
                same(nlohmann::json::parse(payload.data), nlohmann::json::parse(written.data)),
                "a value is what the JSON says",
                written.data
            );
        }
    } catch (const ConversionError&) {
        return;
    }
}

/// Fractions of seconds are written as floating point, exact to 2^-53.
template <class T>
void read_duration(const Payload& payload) {
    try {
        const auto value = from_payload<T>(payload);
        const auto again = from_payload<T>(to_payload(value));
        const double seconds = duration<double>{value}.count();
        require(
            std::abs(duration<double>{again}.count() - seconds) <=
                1e-9 + std::abs(seconds) * 0x1p-52,
            "a duration that is written and read is the same"
        );
    } catch (const ConversionError&) {
        return;
    }
}

constexpr std::array kReaders{
    &read_exactly<nlohmann::json>,
    &read_exactly<bool>,
    &read_exactly<std::int8_t>,
    &read_exactly<std::int64_t>,
    &read_exactly<std::uint64_t>,
    &read<float>,
    &read_exactly<double>,
    &read_exactly<std::string>,
    &read<Bytes>,
    &read<std::optional<int>>,
    &read_exactly<std::vector<std::optional<int>>>,
    &read_exactly<std::map<std::string, double>>,
    &read<std::map<int, std::string>>,
    &read<std::map<std::uint64_t, bool>>,
    &read_exactly<std::array<int, 2>>,
    &read_exactly<std::tuple<int, std::string, bool>>,
    &read<std::variant<std::monostate, bool, int, std::string, std::vector<double>>>,
    &read<sys_time<nanoseconds>>,
    &read<sys_time<hours>>,
    &read_duration<nanoseconds>,
    &read_duration<milliseconds>,
    &read_duration<hours>,
    &read<fuzzed::Size>,
    &read<fuzzed::Order>,
    &read<RawValue>,
};

constexpr std::array<const char*, 6> kEncodings{
    "json/plain", "binary/plain", "binary/null", "json/protobuf", "binary/protobuf", "else"
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) {
        return 0;
    }
    Payload payload;
    payload.metadata["encoding"] = kEncodings.at(data[1] % kEncodings.size());
    payload.data.assign(reinterpret_cast<const char*>(data) + 2, size - 2);
    kReaders.at(data[0] % kReaders.size())(payload);
    return 0;
}

}  // namespace hourglass::fuzz
