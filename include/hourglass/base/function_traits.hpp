#pragma once

#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace hourglass::detail {

/// Result, arguments (as values) and class (void for a free function) of a function pointer or
/// member function pointer.
template <class F>
struct FunctionTraits;

template <class C, bool Const, class R, class... A>
struct FunctionParts {
    using Class = C;
    using Result = R;
    using Arguments = std::tuple<std::decay_t<A>...>;
    static constexpr bool kConst = Const;
    static constexpr bool kTakesReferences = (std::is_reference_v<A> || ...);
};

template <class R, class... A>
struct FunctionTraits<R (*)(A...)> : FunctionParts<void, false, R, A...> {};
template <class R, class... A>
struct FunctionTraits<R (*)(A...) noexcept> : FunctionParts<void, false, R, A...> {};
template <class C, class R, class... A>
struct FunctionTraits<R (C::*)(A...)> : FunctionParts<C, false, R, A...> {};
template <class C, class R, class... A>
struct FunctionTraits<R (C::*)(A...) const> : FunctionParts<C, true, R, A...> {};
template <class C, class R, class... A>
struct FunctionTraits<R (C::*)(A...) noexcept> : FunctionParts<C, false, R, A...> {};
template <class C, class R, class... A>
struct FunctionTraits<R (C::*)(A...) const noexcept> : FunctionParts<C, true, R, A...> {};

template <auto F>
using TraitsOf = FunctionTraits<decltype(F)>;

/// What a call of the function yields once awaited: `R` of a plain function; coroutine types
/// specialise it.
template <class R>
struct AwaitedResult {
    using Type = R;
};

template <auto F>
using ResultOf = typename AwaitedResult<typename TraitsOf<F>::Result>::Type;
template <auto F>
using ArgumentsOf = typename TraitsOf<F>::Arguments;

/// What an optional holds; any other type itself.
template <class T>
struct HeldValue {
    using Type = T;
};
template <class T>
struct HeldValue<std::optional<T>> {
    using Type = T;
};

/// Whether a number stays what it is: not a double for an int, nor a long for an int, nor anything
/// but a bool for a bool.
///
/// An int is what a literal is, so it may become any floating-point type, and any unsigned type
/// that is not narrower: `5` fits a double and a std::uint32_t. The price is that the sign of an
/// int is not checked.
template <class From, class To>
constexpr bool keeps_number() {
    if constexpr (!std::is_arithmetic_v<To> || !std::is_scalar_v<From>) {
        return true;  // the types' own conversions decide
    } else if constexpr (std::is_same_v<From, int> &&
                         (std::is_floating_point_v<To> ||
                          (std::is_unsigned_v<To> && sizeof(To) >= sizeof(int)))) {
        return true;
    } else {
        return requires { To{std::declval<From>()}; };  // the language's idea of narrowing
    }
}

template <class From, class To>
concept ConvertibleArgument =
    std::is_convertible_v<From, To> && keeps_number<
                                           typename HeldValue<std::decay_t<From>>::Type,
                                           typename HeldValue<std::decay_t<To>>::Type>();

template <class Parameters, class... Given>
inline constexpr bool kArgumentsMatch = false;
template <class... P, class... Given>
    requires(sizeof...(P) == sizeof...(Given))
inline constexpr bool kArgumentsMatch<std::tuple<P...>, Given...> =
    (ConvertibleArgument<Given, P> && ...);

}  // namespace hourglass::detail
