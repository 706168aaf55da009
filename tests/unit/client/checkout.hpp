#pragma once

#include "hourglass/base/name_of.hpp"
#include "hourglass/workflow/task.hpp"

#include <string>

// A workflow as users write them; only its shape matters to a client.
namespace shop {

class Checkout {
public:
    hourglass::Task<std::string> run(std::string customer, int cents);
    void approve(std::string by);
    std::string approver() const;
    int add(int cents);
};

class Other {
public:
    hourglass::Task<void> run();
    void poke();
};

}  // namespace shop

template <>
inline constexpr std::string_view hourglass::detail::kFunctionNameOverride<&shop::Checkout::add> =
    "add-cents";
