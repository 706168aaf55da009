#pragma once

#include <string>
#include <string_view>

namespace hourglass::workflow {

/// The qualified name in what std::source_location says of a function, which differs from compiler
/// to compiler: "shop::Checkout::run" of "hourglass::Task<int> shop::Checkout::run(shop::Order)".
[[nodiscard]] std::string function_name(std::string_view spelled);

}  // namespace hourglass::workflow
