#pragma once

#include <string_view>
#include <tuple>
#include <type_traits>

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

template <class From, class To>
concept ConvertibleArgument = std::is_convertible_v<From, To>;

template <class Parameters, class... Given>
inline constexpr bool kArgumentsMatch = false;
template <class... P, class... Given>
    requires(sizeof...(P) == sizeof...(Given))
inline constexpr bool kArgumentsMatch<std::tuple<P...>, Given...> =
    (ConvertibleArgument<Given, P> && ...);

}  // namespace hourglass::detail
