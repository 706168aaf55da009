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

/// Never destroyed, nor is what was in it before: somebody may still read.
std::atomic<const ValueEncodings*>& current() {
    static std::atomic<const ValueEncodings*> encodings{new ValueEncodings};
    return encodings;
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
    current().store(new ValueEncodings{std::move(encodings)});
}

namespace convert {

const ValueEncodings& value_encodings() {
    return *current().load(std::memory_order_acquire);
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
