#include "src/convert/value_encodings.hpp"

#include "hourglass/base/error.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <set>
#include <string_view>
#include <utility>

namespace hourglass {
namespace {

using convert::ValueEncodings;

constexpr std::array<std::string_view, 5> kBuiltIn{
    "binary/null", "binary/plain", "json/plain", "json/protobuf", "binary/protobuf"
};

struct Set {
    ValueEncodings encodings;
    /// What was in force before: never destroyed, because somebody may still read it.
    const Set* before = nullptr;
};

std::atomic<const Set*>& current() {
    static std::atomic<const Set*> set{new Set};
    return set;
}

}  // namespace

void set_value_encodings(ValueEncodings encodings) {
    std::set<std::string> names;
    for (const auto& encoding : encodings) {
        if (!encoding) {
            throw ConfigurationError{"set_value_encodings was given a null"};
        }
        const std::string name = encoding->name();
        if (std::ranges::find(kBuiltIn, name) != kBuiltIn.end()) {
            throw ConfigurationError{
                "a value encoding is named \"" + name + "\", which is a format that is built in"
            };
        }
        if (!names.insert(name).second) {
            throw ConfigurationError{"two value encodings are named \"" + name + "\""};
        }
    }
    auto* const set = new Set{std::move(encodings), current().load()};
    while (!current().compare_exchange_weak(set->before, set)) {
    }
}

namespace convert {

const ValueEncodings& value_encodings() {
    return current().load(std::memory_order_acquire)->encodings;
}

const ValueEncoding* value_encoding(const std::string& name) {
    for (const auto& encoding : value_encodings()) {
        if (encoding->name() == name) {
            return encoding.get();
        }
    }
    return nullptr;
}

}  // namespace convert
}  // namespace hourglass
