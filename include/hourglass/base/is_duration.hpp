#pragma once

#include <chrono>

namespace hourglass::detail {

template <class T>
inline constexpr bool kIsDuration = false;
template <class Rep, class Period>
inline constexpr bool kIsDuration<std::chrono::duration<Rep, Period>> = true;

}  // namespace hourglass::detail
