#pragma once

#include "hourglass/base/function_traits.hpp"
#include "hourglass/base/name_of.hpp"
#include "hourglass/base/workflow_methods.hpp"
#include "hourglass/convert/convert.hpp"

#include <tuple>
#include <type_traits>
#include <utility>

namespace hourglass::detail {

/// The arguments as the function's parameter types, encoded. A number whose value could get lost
/// does not compile.
template <auto F, class... A>
Payloads encode_for(A&&... arguments) {
    static_assert(
        kArgumentsMatch<ArgumentsOf<F>, A&&...>,
        "these arguments do not fit the parameters of the workflow, signal, query or update that "
        "is called, in number or type, or a number would lose its value"
    );
    ArgumentsOf<F> values{std::forward<A>(arguments)...};
    return std::apply([](auto&... each) { return encode_arguments(each...); }, values);
}

/// A Nexus operation has one input; one without gets null.
[[nodiscard]] inline Payload operation_input(Payloads arguments) {
    return arguments.empty() ? null_payload() : std::move(arguments.front());
}

/// Whether a message of `Message`'s class can be sent to a workflow of class `Workflow`; void
/// stands for any.
template <class Workflow, auto Message>
inline constexpr bool kIsMessageOf =
    std::is_void_v<Workflow> || std::is_same_v<typename TraitsOf<Message>::Class, Workflow> ||
    std::is_base_of_v<typename TraitsOf<Message>::Class, Workflow>;

/// The class whose definition says what the message is: the handle's, or else the message's own.
template <class Workflow, auto Message>
using ReceiverOf =
    std::conditional_t<std::is_void_v<Workflow>, typename TraitsOf<Message>::Class, Workflow>;

template <class Workflow, auto Message>
constexpr void check_message() {
    static_assert(
        kIsMessageOf<Workflow, Message>,
        "this signal, query or update belongs to another workflow class than the handle"
    );
}

template <class Workflow, auto Signal>
constexpr void check_signal() {
    check_message<Workflow, Signal>();
    static_assert(
        is_signal<ReceiverOf<Workflow, Signal>, Signal>(),
        "signal: this method is no signal of the workflow: signals(…) of HOURGLASS_WORKFLOW "
        "does not list it, or it returns something"
    );
}

template <auto Run>
constexpr void check_run() {
    using Workflow = typename TraitsOf<Run>::Class;
    static_assert(
        !std::is_void_v<Workflow>, "a workflow is named by its run method: start<&Checkout::run>(…)"
    );
    static_assert(
        std::is_void_v<Workflow> || is_run<Workflow, Run>(),
        "a workflow is named by its run method, and this method is none: HOURGLASS_WORKFLOW names "
        "another one, or it returns no hourglass::Task"
    );
}

}  // namespace hourglass::detail
