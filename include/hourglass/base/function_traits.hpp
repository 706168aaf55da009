#pragma once

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace hourglass::detail {

/// Result, arguments (as values) and class (void for a free function) of a function pointer or
/// member function pointer.
template <class F>
struct FunctionTraits;

template <class C, class R, class... A>
struct FunctionParts {
    using Class = C;
    using Result = R;
    using Arguments = std::tuple<std::decay_t<A>...>;
    static constexpr std::size_t kArity = sizeof...(A);
};

template <class R, class... A>
struct FunctionTraits<R (*)(A...)> : FunctionParts<void, R, A...> {};
template <class R, class... A>
struct FunctionTraits<R (*)(A...) noexcept> : FunctionParts<void, R, A...> {};
template <class C, class R, class... A>
struct FunctionTraits<R (C::*)(A...)> : FunctionParts<C, R, A...> {};
template <class C, class R, class... A>
struct FunctionTraits<R (C::*)(A...) const> : FunctionParts<C, R, A...> {};
template <class C, class R, class... A>
struct FunctionTraits<R (C::*)(A...) noexcept> : FunctionParts<C, R, A...> {};
template <class C, class R, class... A>
struct FunctionTraits<R (C::*)(A...) const noexcept> : FunctionParts<C, R, A...> {};

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
