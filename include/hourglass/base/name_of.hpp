#pragma once

#include <string_view>

namespace hourglass::detail {

/// The name that a definition macro gave to a function or type; empty where none was given.
template <auto F>
inline constexpr std::string_view kFunctionNameOverride{};
template <class T>
inline constexpr std::string_view kTypeNameOverride{};

// The compiler spells a template argument inside __PRETTY_FUNCTION__: "[F = &ns::charge]" with
// clang,
// "[with auto F = ns::charge; …]" with g++. Nothing else gives the name of a function at compile
// time in C++20.
constexpr std::string_view last_component(std::string_view spelled) {
    // g++ writes a member function as "&Class::f" or "(&Class::f)", a function template's as
    // "f<int>".
    while (!spelled.empty() && (spelled.back() == ')' || spelled.back() == ' ')) {
        if (const auto open = spelled.find('('); open != std::string_view::npos && open != 0) {
            spelled = spelled.substr(0, open);  // a parameter list
        } else {
            spelled.remove_suffix(1);
        }
    }
    std::size_t start = 0;
    int depth = 0;
    for (std::size_t i = 0; i < spelled.size(); ++i) {
        const char c = spelled[i];
        if (c == '<') {
            ++depth;
        } else if (c == '>') {
            --depth;
        } else if (depth == 0 && (c == ':' || c == '&' || c == ' ' || c == '(')) {
            start = i + 1;
        }
    }
    return spelled.substr(start);
}

constexpr std::string_view argument_in(std::string_view pretty, std::string_view key) {
    const auto begin = pretty.find(key) + key.size();
    auto end = pretty.find(';', begin);  // g++ lists aliases after a semicolon
    if (end == std::string_view::npos) {
        end = pretty.rfind(']');
    }
    return pretty.substr(begin, end - begin);
}

template <auto F>
constexpr std::string_view spelled_function() {
    return last_component(argument_in(__PRETTY_FUNCTION__, "F = "));
}

template <class T>
constexpr std::string_view spelled_type() {
    return last_component(argument_in(__PRETTY_FUNCTION__, "T = "));
}

/// The Temporal name of a function: the override, else its C++ name without namespaces and class.
template <auto F>
inline constexpr std::string_view kNameOfFunction =
    kFunctionNameOverride<F>.empty() ? spelled_function<F>() : kFunctionNameOverride<F>;

/// The Temporal name of a type: the override, else its C++ name without namespaces.
template <class T>
inline constexpr std::string_view kNameOfType =
    kTypeNameOverride<T>.empty() ? spelled_type<T>() : kTypeNameOverride<T>;

}  // namespace hourglass::detail
