#include "hourglass/base/function_traits.hpp"
#include "hourglass/convert/convert.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

namespace hourglass {
namespace {

TEST(Arguments, ArePayloadsInTheirOrder) {
    const char* const pointer = "c";
    const Payloads payloads = encode_arguments("a", std::string{"b"}, pointer, 4, std::nullopt);
    ASSERT_EQ(payloads.size(), 5U);
    EXPECT_EQ(payloads[0].data, "\"a\"");
    EXPECT_EQ(payloads[2].data, "\"c\"");
    EXPECT_EQ(payloads[4], null_payload());
    EXPECT_TRUE(encode_arguments().empty());
}

TEST(Arguments, AreDecodedIntoATuple) {
    using Tuple = std::tuple<std::string, int, std::optional<double>>;
    EXPECT_EQ(decode_arguments<Tuple>(encode_arguments("a", 1, 2.5)), (Tuple{"a", 1, 2.5}));
    EXPECT_EQ(decode_arguments<std::tuple<>>({}), std::tuple<>{});
    EXPECT_EQ(
        decode_arguments<std::tuple<RawValue>>(encode_arguments(1)),
        std::tuple{RawValue{to_payload(1)}}
    );
}

TEST(Arguments, AtTheEndMayBeMissingIfOptional) {
    using Tuple = std::tuple<int, std::optional<int>, std::optional<std::string>>;
    EXPECT_EQ(decode_arguments<Tuple>(encode_arguments(1)), (Tuple{1, std::nullopt, std::nullopt}));
    EXPECT_EQ(decode_arguments<Tuple>(encode_arguments(1, 2)), (Tuple{1, 2, std::nullopt}));
    using Middle = std::tuple<std::optional<int>, int>;
    EXPECT_THROW((void)decode_arguments<Middle>(encode_arguments(1)), ArgumentCountError);
}

std::string count_error(auto decode) {
    try {
        decode();
    } catch (const ArgumentCountError& error) {
        return error.what();
    }
    return "no error";
}

TEST(Arguments, TooManyOrTooFewAreErrors) {
    EXPECT_EQ(
        count_error([] { (void)decode_arguments<std::tuple<int, int>>(encode_arguments(1)); }),
        "wrong number of arguments: expected 2 arguments, got 1"
    );
    EXPECT_EQ(
        count_error([] {
            (void)decode_arguments<std::tuple<int, std::optional<int>>>(encode_arguments(1, 2, 3));
        }),
        "wrong number of arguments: expected 1 to 2 arguments, got 3"
    );
    EXPECT_EQ(
        count_error([] { (void)decode_arguments<std::tuple<>>(encode_arguments(1)); }),
        "wrong number of arguments: expected 0 arguments, got 1"
    );
    try {
        (void)decode_arguments<std::tuple<int, std::optional<int>>>({});
        FAIL();
    } catch (const ArgumentCountError& error) {
        EXPECT_EQ(error.required(), 1U);
        EXPECT_EQ(error.accepted(), 2U);
        EXPECT_EQ(error.given(), 0U);
    }
}

TEST(Arguments, ThatDoNotFitAreNamedByIndexAndType) {
    try {
        (void)decode_arguments<std::tuple<int, std::vector<int>>>(
            encode_arguments(1, std::vector<std::string>{"x"})
        );
        FAIL();
    } catch (const ConversionError& error) {
        EXPECT_EQ(error.fault().index, 1U);
        EXPECT_EQ(error.fault().type, "std::vector<int>");
        EXPECT_EQ(error.fault().encoding, "json/plain");
        EXPECT_EQ(error.fault().path, "[0]");
        EXPECT_STREQ(
            error.what(),
            "cannot decode the argument at index 1 (json/plain) as std::vector<int>: at [0]: "
            "expected an integer from "
            "-2147483648 to 2147483647, got a string"
        );
    }
    try {
        (void)encode_arguments(1, std::string{"\xff"});
        FAIL();
    } catch (const ConversionError& error) {
        EXPECT_EQ(error.fault().direction, ConversionFault::Direction::Encode);
        EXPECT_EQ(error.fault().index, 1U);
        EXPECT_EQ(error.fault().type, "std::string");
    }
}

template <class From, class To>
constexpr bool fits() {
    return detail::ConvertibleArgument<From, To>;
}

TEST(Arguments, OfTypedCallsAreNumbersThatKeepTheirValue) {
    static_assert(fits<int, long>() && fits<int, std::int64_t>() && fits<float, double>());
    static_assert(fits<int, double>() && fits<int, std::uint32_t>() && fits<int, std::size_t>());
    static_assert(fits<bool, int>() && fits<char, int>() && fits<long, std::int64_t>());
    static_assert(fits<int&, long>() && fits<const int&, std::optional<double>>());
    static_assert(!fits<double, int>() && !fits<double, std::int64_t>() && !fits<double, float>());
    static_assert(!fits<long, int>() && !fits<std::size_t, int>() && !fits<int, short>());
    static_assert(!fits<long, std::uint64_t>() && !fits<std::int64_t, double>());
    static_assert(!fits<unsigned, int>() && !fits<int, std::uint8_t>());
    static_assert(!fits<double, std::optional<int>>());
    static_assert(!fits<std::optional<double>, std::optional<int>>());
}

TEST(Arguments, OfTypedCallsAreNoBoolUnlessTheyAreOne) {
    static_assert(fits<bool, bool>());
    static_assert(!fits<int, bool>() && !fits<const char*, bool>());
    static_assert(!fits<const char(&)[4], bool>() && !fits<std::nullptr_t, bool>());
}

TEST(Results, AreOnePayloadOrNone) {
    EXPECT_EQ(decode_result<int>({to_payload(5)}), 5);
    decode_result<void>({});
    decode_result<void>({null_payload()});
    EXPECT_EQ(decode_result<std::optional<int>>({}), std::nullopt);
    EXPECT_THROW((void)decode_result<int>({}), ConversionError);
    EXPECT_THROW((void)decode_result<int>(encode_arguments(1, 2)), ConversionError);
}

}  // namespace
}  // namespace hourglass
