#pragma once

// Durations and points in time between std::chrono and protobuf. What is read and does not fit in
// 64 bits of nanoseconds (292 years) is capped. An unset field stays unset: read it with `if_set`,
// write it only if there is a value.

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

namespace hourglass::convert {

inline constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

/// @param nanoseconds  as protobuf has them: any sign for durations, >= 0 for points in time.
[[nodiscard]] inline std::chrono::nanoseconds capped(
    std::int64_t seconds, std::int32_t nanoseconds
) {
    std::int64_t total = 0;
    if (__builtin_mul_overflow(seconds, kNanosecondsPerSecond, &total) ||
        __builtin_add_overflow(total, std::int64_t{nanoseconds}, &total)) {
        return seconds > 0 ? std::chrono::nanoseconds::max() : std::chrono::nanoseconds::min();
    }
    return std::chrono::nanoseconds{total};
}

/// Protobuf's limit of a duration: 10'000 years.
inline constexpr std::chrono::seconds kLongestDuration{315'576'000'000};

/// Any unit: as nanoseconds a thousand years, which somebody may write for "for ever", would be
/// another duration. What is longer than protobuf allows is capped.
template <class Count, class Unit>
void to_proto(std::chrono::duration<Count, Unit> duration, google::protobuf::Duration* proto) {
    // Both parts carry the sign, as protobuf demands and as the cast, which cuts off, leaves it.
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
    if (seconds >= kLongestDuration) {
        proto->set_seconds(kLongestDuration.count());
        proto->set_nanos(0);
        return;
    }
    proto->set_seconds(seconds.count());
    proto->set_nanos(static_cast<std::int32_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(duration - seconds).count()
    ));
}

[[nodiscard]] inline std::chrono::nanoseconds from_proto(const google::protobuf::Duration& proto) {
    return capped(proto.seconds(), proto.nanos());
}

inline void to_proto(
    std::chrono::system_clock::time_point time, google::protobuf::Timestamp* proto
) {
    const auto since = time.time_since_epoch();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
    proto->set_seconds(seconds.count());
    proto->set_nanos(static_cast<std::int32_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(since - seconds).count()
    ));
}

[[nodiscard]] inline std::chrono::system_clock::time_point from_proto(
    const google::protobuf::Timestamp& proto
) {
    return std::chrono::system_clock::time_point{
        std::chrono::duration_cast<std::chrono::system_clock::duration>(
            capped(proto.seconds(), proto.nanos())
        )
    };
}

/// `if_set(message.has_run_timeout(), message.run_timeout())`
template <class ProtoTime>
[[nodiscard]] auto if_set(bool has, const ProtoTime& proto) {
    using Time = decltype(from_proto(proto));
    return has ? std::optional<Time>{from_proto(proto)} : std::nullopt;
}

}  // namespace hourglass::convert
