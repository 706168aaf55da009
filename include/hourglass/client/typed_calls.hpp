#pragma once

#include "hourglass/base/function_traits.hpp"
#include "hourglass/base/name_of.hpp"
#include "hourglass/convert/convert.hpp"

#include <tuple>
#include <type_traits>
#include <utility>

namespace hourglass::detail {

/// The arguments as the function's parameter types, encoded.
template <auto F, class... A>
Payloads encode_for(A&&... arguments) {
    static_assert(
        kArgumentsMatch<ArgumentsOf<F>, A&&...>,
        "these arguments do not fit the parameters of the workflow, signal, query or update that "
        "is called"
    );
    ArgumentsOf<F> values{std::forward<A>(arguments)...};
    return std::apply([](auto&... each) { return encode_arguments(each...); }, values);
}

/// Whether a message of `Message`'s class can be sent to a workflow of class `Workflow`; void
/// stands for any.
template <class Workflow, auto Message>
inline constexpr bool kIsMessageOf =
    std::is_void_v<Workflow> || std::is_same_v<typename TraitsOf<Message>::Class, Workflow> ||
    std::is_base_of_v<typename TraitsOf<Message>::Class, Workflow>;

}  // namespace hourglass::detail
