#pragma once

// Times in JSON. A duration is a number of seconds (`90`, `0.25`), as Java's SDK writes it: the
// other SDKs have no default for it (Python, TypeScript) or one of their language (Go: nanoseconds,
// .NET: "00:01:30"). A point in time is RFC 3339 text in UTC ("2024-02-29T12:00:00.5Z"), as
// everywhere.

#include "hourglass/base/is_duration.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

namespace hourglass::detail {

template <class T>
inline constexpr bool kIsSystemTime = false;
template <class Duration>
inline constexpr bool kIsSystemTime<std::chrono::time_point<std::chrono::system_clock, Duration>> =
    true;

template <class T>
concept DurationType = kIsDuration<T>;
template <class T>
concept SystemTimeType = kIsSystemTime<T>;

/// Seconds since 1970 and the nanoseconds after them, 0 to 999'999'999.
struct UnixTime {
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;

    bool operator==(const UnixTime&) const = default;
};

/// `count` ticks of `numerator/denominator` seconds, as seconds: whole ones as an integer, others
/// as a fraction, exact to the nanosecond up to 97 days and to 2^-53 of the value beyond.
[[nodiscard]] nlohmann::json ticks_to_json(
    std::int64_t count, std::int64_t numerator, std::int64_t denominator
);
/// The reverse; throws JsonMismatch if the seconds are not a whole number of ticks, or too many.
[[nodiscard]] std::int64_t ticks_from_json(
    const nlohmann::json& json, std::int64_t numerator, std::int64_t denominator
);
[[nodiscard]] double seconds_from_json(const nlohmann::json& json);

[[nodiscard]] std::string write_rfc3339(UnixTime time);
/// @throws JsonMismatch unless `json` is RFC 3339 text with an offset from UTC.
[[nodiscard]] UnixTime read_rfc3339(const nlohmann::json& json);
[[noreturn]] void reject_time(const std::string& what);

template <DurationType T>
[[nodiscard]] nlohmann::json write_duration(const T& value) {
    using Period = typename T::period;
    if constexpr (std::integral<typename T::rep>) {
        return ticks_to_json(static_cast<std::int64_t>(value.count()), Period::num, Period::den);
    } else {
        return std::chrono::duration<double>{value}.count();
    }
}

template <DurationType T>
[[nodiscard]] T read_duration(const nlohmann::json& json) {
    using Period = typename T::period;
    using Rep = typename T::rep;
    if constexpr (std::integral<Rep>) {
        const std::int64_t ticks = ticks_from_json(json, Period::num, Period::den);
        if (!std::in_range<Rep>(ticks)) {
            reject_time("the duration does not fit the type");
        }
        return T{static_cast<Rep>(ticks)};
    } else {
        return std::chrono::duration_cast<T>(std::chrono::duration<double>{seconds_from_json(json)}
        );
    }
}

template <SystemTimeType T>
[[nodiscard]] std::string write_time(const T& value) {
    const auto since = value.time_since_epoch();
    // Year 9999; guards the conversions below, too, which would overflow far beyond.
    if (std::abs(std::chrono::duration<double>{since}.count()) > 2.6e11) {
        reject_time("the point in time lies outside of the years 0 to 9999");
    }
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
    const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(since - seconds);
    return write_rfc3339({.seconds = seconds.count(), .nanoseconds = rest.count()});
}

/// What is finer than the type's ticks is dropped, towards the past.
template <SystemTimeType T>
[[nodiscard]] T read_time(const nlohmann::json& json) {
    using Duration = typename T::duration;
    const UnixTime time = read_rfc3339(json);
    using Limits = std::chrono::duration<double>;
    const auto seconds = static_cast<double>(time.seconds);
    // A second of margin: the fraction comes on top.
    if (seconds >= Limits{Duration::max()}.count() - 1 ||
        seconds <= Limits{Duration::min()}.count() + 1) {
        reject_time("the point in time does not fit the type");
    }
    const auto fraction = std::chrono::floor<Duration>(std::chrono::nanoseconds{time.nanoseconds});
    return T{std::chrono::floor<Duration>(std::chrono::seconds{time.seconds}) + fraction};
}

}  // namespace hourglass::detail
