#include "hourglass/convert/conversion_error.hpp"

#include "src/convert/utf8.hpp"

#include <utility>

namespace hourglass {
namespace {

std::string describe(const ConversionFault& fault) {
    const bool encode = fault.direction == ConversionFault::Direction::Encode;
    std::string text = encode ? "cannot encode " : "cannot decode ";
    if (fault.index) {
        text += "the argument at index " + std::to_string(*fault.index);
    } else {
        text += encode ? "a value" : "a payload";
    }
    if (!fault.encoding.empty()) {
        text += " (" + fault.encoding + ")";
    }
    if (!fault.type.empty()) {
        text += (encode ? " of type " : " as ") + fault.type;
    }
    if (!fault.path.empty()) {
        text += ": at " + fault.path;
    }
    // What users' serialisers say may hold any bytes.
    return convert::valid_utf8(text + ": " + fault.reason);
}

std::string count_text(std::size_t required, std::size_t accepted, std::size_t given) {
    std::string text = "wrong number of arguments: expected ";
    if (required != accepted) {
        text += std::to_string(required) + " to ";
    }
    return text + std::to_string(accepted) + (accepted == 1 ? " argument" : " arguments") +
           ", got " + std::to_string(given);
}

}  // namespace

ConversionError::ConversionError(ConversionFault fault)
    : Error{describe(fault)}, fault_{std::move(fault)} {}

ConversionError::ConversionError(ConversionFault fault, const std::string& text)
    : Error{text}, fault_{std::move(fault)} {}

ArgumentCountError::ArgumentCountError(
    std::size_t required, std::size_t accepted, std::size_t given
)
    : ConversionError{{.reason = count_text(required, accepted, given)}, count_text(required, accepted, given)},
      required_{required},
      accepted_{accepted},
      given_{given} {}

}  // namespace hourglass
