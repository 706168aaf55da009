#pragma once

#include <string>
#include <typeinfo>

namespace hourglass::convert {

/// The C++ name of a type known at run time, readable; what std::throw_with_nested wraps around it
/// is taken off.
[[nodiscard]] std::string type_text(const std::type_info& type);

/// In a handler: the C++ name of the type of what is being handled.
[[nodiscard]] std::string current_exception_type();

}  // namespace hourglass::convert
