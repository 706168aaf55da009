#include "hourglass/convert/convert.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <string>

namespace hourglass {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::system_clock;
using testing::HasSubstr;

template <class T>
T read(std::string text) {
    return from_payload<T>({.metadata = {{"encoding", "json/plain"}}, .data = std::move(text)});
}

template <class T>
std::string error_of(std::string text) {
    try {
        (void)read<T>(std::move(text));
    } catch (const ConversionError& error) {
        return error.fault().reason;
    }
    return "no error";
}

TEST(Durations, AreSeconds) {
    EXPECT_EQ(to_payload(90s).data, "90");
    EXPECT_EQ(to_payload(2min).data, "120");
    EXPECT_EQ(to_payload(1500ms).data, "1.5");
    EXPECT_EQ(to_payload(1100ms).data, "1.1");
    EXPECT_EQ(to_payload(-250ms).data, "-0.25");
    EXPECT_EQ(to_payload(86400123456789ns).data, "86400.123456789");
    EXPECT_EQ(to_payload(3000ms).data, "3");
    EXPECT_EQ(to_payload(std::chrono::duration<double>{0.5}).data, "0.5");
}

TEST(Durations, ComeBackAsTheyWere) {
    for (const auto duration : {0ns, 1ns, 86400123456789ns, -1ns, 8'388'607'999'999'999ns}) {
        EXPECT_EQ(from_payload<std::chrono::nanoseconds>(to_payload(duration)), duration);
    }
    for (const auto duration : {1ms, 999ms, 123456789ms, -7ms}) {
        EXPECT_EQ(from_payload<std::chrono::milliseconds>(to_payload(duration)), duration);
    }
    EXPECT_EQ(read<std::chrono::hours>("7200"), 2h);
    EXPECT_EQ(read<std::chrono::seconds>("2.0"), 2s);
    EXPECT_EQ(
        (from_payload<std::map<std::string, std::chrono::seconds>>(
            to_payload(std::map<std::string, std::chrono::seconds>{{"a", 5s}})
        )),
        (std::map<std::string, std::chrono::seconds>{{"a", 5s}})
    );
}

TEST(Durations, ThatTheTypeCannotHoldAreErrors) {
    EXPECT_EQ(
        error_of<std::chrono::seconds>("1.5"),
        "expected a duration in seconds that is a whole number of 1 s within the type's range, got "
        "1.5"
    );
    EXPECT_THAT(error_of<std::chrono::milliseconds>("0.0005"), HasSubstr("got 0.0005"));
    EXPECT_THAT(error_of<std::chrono::minutes>("90"), HasSubstr("60 s"));
    EXPECT_THAT(error_of<std::chrono::nanoseconds>("10000000000"), HasSubstr("1/1000000000 s"));
    EXPECT_THAT(error_of<std::chrono::nanoseconds>("1e300"), HasSubstr("got 1e+300"));
    EXPECT_THAT((error_of<std::chrono::duration<std::int8_t>>("200")), HasSubstr("does not fit"));
    EXPECT_EQ(
        error_of<std::chrono::seconds>("\"PT5S\""),
        "expected a duration as a number of seconds, got string"
    );
    EXPECT_THROW((void)to_payload(std::chrono::hours::max()), ConversionError);
}

TEST(PointsInTime, AreRfc3339TextInUtc) {
    const auto noon = sys_days{2024y / 2 / 29} + 12h;
    EXPECT_EQ(to_payload(system_clock::time_point{noon}).data, "\"2024-02-29T12:00:00Z\"");
    EXPECT_EQ(
        to_payload(system_clock::time_point{noon + 500ms}).data, "\"2024-02-29T12:00:00.500Z\""
    );
    EXPECT_EQ(
        to_payload(system_clock::time_point{noon + 1ns}).data, "\"2024-02-29T12:00:00.000000001Z\""
    );
    EXPECT_EQ(to_payload(sys_days{1969y / 12 / 31} + 86399s).data, "\"1969-12-31T23:59:59Z\"");
    EXPECT_EQ(
        to_payload(system_clock::time_point{-1ns}).data, "\"1969-12-31T23:59:59.999999999Z\""
    );
}

TEST(PointsInTime, AreReadWithAnyOffset) {
    const auto noon = system_clock::time_point{sys_days{2024y / 2 / 29} + 12h};
    // As Python's datetime.isoformat() writes it.
    EXPECT_EQ(read<system_clock::time_point>("\"2024-02-29T12:00:00.500000+00:00\""), noon + 500ms);
    EXPECT_EQ(read<system_clock::time_point>("\"2024-02-29T14:00:00+02:00\""), noon);
    EXPECT_EQ(read<system_clock::time_point>("\"2024-02-29 07:30:00-04:30\""), noon);
    EXPECT_EQ(
        read<system_clock::time_point>("\"2024-02-29t12:00:00.1234567891z\""), noon + 123456789ns
    );
    EXPECT_EQ(read<std::chrono::sys_seconds>("\"2016-12-31T23:59:60Z\""), sys_days{2017y / 1 / 1});
    EXPECT_EQ(read<std::chrono::sys_seconds>("\"0001-01-01T00:00:00Z\""), sys_days{1y / 1 / 1});
    for (const auto time : {noon + 1ns, noon - 1ns, system_clock::time_point{}}) {
        EXPECT_EQ(from_payload<system_clock::time_point>(to_payload(time)), time);
    }
}

TEST(PointsInTime, WithoutAnOffsetOrOffTheCalendarAreErrors) {
    for (const std::string text :
         {"2024-02-29T12:00:00",
          "2023-02-29T12:00:00Z",
          "2024-13-01T00:00:00Z",
          "2024-02-29T24:00:00Z",
          "2024-02-29T12:00:00.Z",
          "2024-02-29T12:00:00+0200",
          "2024-02-29",
          "",
          "now",
          "2024-02-29T12:00:00Zx",
          "+024-02-29T12:00:00Z"}) {
        EXPECT_THAT(
            error_of<system_clock::time_point>("\"" + text + "\""), HasSubstr("offset from UTC")
        ) << text;
    }
    EXPECT_EQ(
        error_of<system_clock::time_point>("0"), "expected a point in time as text, got number"
    );
    EXPECT_THAT(
        error_of<system_clock::time_point>("\"9999-01-01T00:00:00Z\""), HasSubstr("does not fit")
    );
    EXPECT_THROW((void)to_payload(sys_days{10000y / 1 / 1}), ConversionError);
    EXPECT_THROW((void)to_payload(std::chrono::sys_seconds::max()), ConversionError);
}

}  // namespace
}  // namespace hourglass
