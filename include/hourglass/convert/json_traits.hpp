#pragma once

// Which standard template a type comes from.

#include <array>
#include <concepts>
#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace hourglass::detail {

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

template <class T>
inline constexpr bool kIsVariant = false;
template <class... A>
inline constexpr bool kIsVariant<std::variant<A...>> = true;

template <class T>
inline constexpr bool kIsSequence = false;
template <class T, class A>
inline constexpr bool kIsSequence<std::vector<T, A>> = true;
template <class T, class A>
inline constexpr bool kIsSequence<std::deque<T, A>> = true;
template <class T, class A>
inline constexpr bool kIsSequence<std::list<T, A>> = true;
template <class T, class C, class A>
inline constexpr bool kIsSequence<std::set<T, C, A>> = true;
template <class T, class H, class E, class A>
inline constexpr bool kIsSequence<std::unordered_set<T, H, E, A>> = true;

template <class T>
inline constexpr bool kIsStringMap = false;
template <class T, class C, class A>
inline constexpr bool kIsStringMap<std::map<std::string, T, C, A>> = true;
template <class T, class H, class E, class A>
inline constexpr bool kIsStringMap<std::unordered_map<std::string, T, H, E, A>> = true;

template <class T>
inline constexpr bool kIsIntegerMap = false;
template <std::integral K, class T, class C, class A>
inline constexpr bool kIsIntegerMap<std::map<K, T, C, A>> = true;
template <std::integral K, class T, class H, class E, class A>
inline constexpr bool kIsIntegerMap<std::unordered_map<K, T, H, E, A>> = true;

template <class T>
inline constexpr bool kIsArray = false;
template <class T, std::size_t N>
inline constexpr bool kIsArray<std::array<T, N>> = true;

template <class T>
inline constexpr bool kIsTuple = false;
template <class A, class B>
inline constexpr bool kIsTuple<std::pair<A, B>> = true;
template <class... A>
inline constexpr bool kIsTuple<std::tuple<A...>> = true;

template <class T>
concept OptionalType = kIsOptional<T>;
template <class T>
concept VariantType = kIsVariant<T>;

}  // namespace hourglass::detail
