#pragma once

#include "hourglass/base/error.hpp"
#include "hourglass/base/name_of.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass {

/// What a conversion failed at. Empty fields do not apply.
struct ConversionFault {
    enum class Direction { Encode, Decode };

    Direction direction = Direction::Decode;
    std::string reason{};
    std::string type{};      ///< the C++ type converted from or to
    std::string encoding{};  ///< of the payload; decoding only
    std::string path{};      ///< of the value inside the JSON text, such as `.lines[2].price`
    std::optional<std::size_t> index{};  ///< of the argument, from 0
};

/// A value could not be turned into a payload, or a payload not into the type asked for.
class ConversionError : public Error {
public:
    explicit ConversionError(ConversionFault fault);

    [[nodiscard]] const ConversionFault& fault() const noexcept { return fault_; }

protected:
    ConversionError(ConversionFault fault, const std::string& text);

private:
    ConversionFault fault_;
};

/// There are more or fewer arguments than the function takes.
class ArgumentCountError : public ConversionError {
public:
    ArgumentCountError(std::size_t required, std::size_t accepted, std::size_t given);

    [[nodiscard]] std::size_t required() const noexcept { return required_; }
    [[nodiscard]] std::size_t accepted() const noexcept { return accepted_; }
    [[nodiscard]] std::size_t given() const noexcept { return given_; }

private:
    std::size_t required_;
    std::size_t accepted_;
    std::size_t given_;
};

namespace detail {

/// Makes a compiler's or demangler's spelling readable: `std::__cxx11::basic_string<char>` becomes
/// `std::string`.
[[nodiscard]] std::string readable_type(std::string_view spelled);

template <class T>
constexpr std::string_view qualified_type() {
    return argument_in(__PRETTY_FUNCTION__, "T = ");
}

/// The C++ name of a type with its namespaces, for messages.
template <class T>
[[nodiscard]] std::string type_text() {
    return readable_type(qualified_type<T>());
}

}  // namespace detail
}  // namespace hourglass
