#include "hourglass/convert/convert.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace paint {

enum class Size : std::uint8_t { Small, Large = 200 };

enum class Color { Red, Blue };
NLOHMANN_JSON_SERIALIZE_ENUM(Color, {{Color::Red, "red"}, {Color::Blue, "blue"}})

enum class Shade { Unknown, Dark };
NLOHMANN_JSON_SERIALIZE_ENUM(Shade, {{Shade::Unknown, nullptr}, {Shade::Dark, "dark"}})

enum class Step { Low, High };
NLOHMANN_JSON_SERIALIZE_ENUM(Step, {{Step::Low, 10}, {Step::High, 20}})

struct Numbers {
    std::int8_t small = 0;
    std::uint32_t natural = 0;
    std::int64_t large = 0;
    std::uint64_t huge = 0;
    float real = 0;
    std::set<int> set;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Numbers, small, natural, large, huge, real, set)

// Reads more than it writes: numbers that it changes on purpose are its own business.
struct Percent {
    int value = 0;
};
void to_json(nlohmann::json& to, const Percent& from) {
    to = {{"value", from.value}};
}
void from_json(const nlohmann::json& from, Percent& to) {
    to.value = std::min(from.at("value").get<int>(), 100);
}

struct Wrapped {
    std::variant<std::monostate, int, std::string> choice;
    std::optional<std::vector<std::optional<int>>> maybe;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Wrapped, choice, maybe)

}  // namespace paint

namespace hourglass {
namespace {

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
        return (error.fault().path.empty() ? "" : error.fault().path + ": ") + error.fault().reason;
    }
    return "no error";
}

template <class T>
void expect_limits() {
    using Limits = std::numeric_limits<T>;
    EXPECT_EQ(read<T>(std::to_string(Limits::min())), Limits::min());
    EXPECT_EQ(read<T>(std::to_string(Limits::max())), Limits::max());
    EXPECT_EQ(from_payload<T>(to_payload(Limits::max())), Limits::max());
}

TEST(Integers, AreExactUpToTheirLimits) {
    expect_limits<std::int8_t>();
    expect_limits<std::uint8_t>();
    expect_limits<std::int16_t>();
    expect_limits<std::uint16_t>();
    expect_limits<std::int32_t>();
    expect_limits<std::uint32_t>();
    expect_limits<std::int64_t>();
    expect_limits<std::uint64_t>();
    EXPECT_EQ(read<std::int64_t>("9007199254740993"), 9007199254740993);
}

TEST(Integers, ThatDoNotFitAreErrors) {
    EXPECT_EQ(error_of<std::int8_t>("128"), "expected an integer from -128 to 127, got 128");
    EXPECT_EQ(error_of<std::uint8_t>("-1"), "expected an integer from 0 to 255, got -1");
    EXPECT_EQ(
        error_of<int>("2147483648"),
        "expected an integer from -2147483648 to 2147483647, got 2147483648"
    );
    EXPECT_THAT(
        error_of<std::int64_t>("9223372036854775808"), HasSubstr("got 9223372036854775808")
    );
    EXPECT_THAT(error_of<std::uint64_t>("18446744073709551616"), HasSubstr("expected an integer"));
    EXPECT_THAT(error_of<std::int64_t>("-9223372036854775809"), HasSubstr("expected an integer"));
    EXPECT_EQ(
        error_of<std::vector<std::int8_t>>("[1,300]"),
        "[1]: expected an integer from -128 to 127, got 300"
    );
}

TEST(Integers, TakeNoFractionsTextOrTruth) {
    EXPECT_THAT(error_of<int>("1.5"), HasSubstr("got 1.5"));
    EXPECT_THAT(error_of<int>("true"), HasSubstr("got true"));
    EXPECT_THAT(error_of<int>("\"1\""), HasSubstr("got a string"));
    EXPECT_THAT(error_of<int>("null"), HasSubstr("got null"));
    EXPECT_THAT(error_of<int>("1e300"), HasSubstr("got 1e+300"));
    EXPECT_THAT(error_of<bool>("1"), HasSubstr("expected true or false, got 1"));
    EXPECT_EQ(read<int>("5.0"), 5);  // as JavaScript may write it
    EXPECT_EQ(read<unsigned>("1e3"), 1000U);
}

TEST(Integers, InsideUsersTypesAreCheckedToo) {
    EXPECT_EQ(
        error_of<paint::Numbers>(R"({"small":200})"),
        ".small: 200 does not fit the type of this field, which made -56 of it"
    );
    EXPECT_THAT(
        error_of<paint::Numbers>(R"({"natural":-1})"), HasSubstr(".natural: -1 does not fit")
    );
    EXPECT_THAT(error_of<paint::Numbers>(R"({"natural":4294967296})"), HasSubstr(".natural"));
    EXPECT_THAT(error_of<paint::Numbers>(R"({"large":18446744073709551615})"), HasSubstr(".large"));
    EXPECT_THAT(error_of<paint::Numbers>(R"({"huge":-1})"), HasSubstr(".huge"));
    EXPECT_THAT(
        error_of<paint::Numbers>(R"({"large":1.5})"), HasSubstr(".large: 1.5 does not fit")
    );
    EXPECT_THAT(error_of<paint::Numbers>(R"({"real":1e300})"), HasSubstr(".real"));
    EXPECT_THAT(error_of<paint::Numbers>(R"({"set":[1,4294967298]})"), HasSubstr(".set[1]"));
    EXPECT_EQ(read<paint::Numbers>(R"({"large":-9223372036854775808})").large, INT64_MIN);
    EXPECT_EQ(read<paint::Numbers>(R"({"huge":18446744073709551615})").huge, UINT64_MAX);
    EXPECT_EQ(read<paint::Numbers>(R"({"real":0.1})").real, 0.1F);
}

TEST(Integers, ThatAUsersReaderChangesOnPurposeAreItsBusiness) {
    EXPECT_EQ(read<paint::Percent>(R"({"value":150})").value, 100);
    EXPECT_EQ(
        read<paint::Numbers>(R"({"set":[257,1]})").set, (std::set<int>{1, 257})
    );  // another order, no cut
    EXPECT_EQ(read<paint::Numbers>(R"({"set":[3,3]})").set, (std::set<int>{3}));
}

TEST(Floats, TakeEveryNumberThatFits) {
    EXPECT_EQ(read<double>("0.1"), 0.1);
    EXPECT_EQ(read<double>("3"), 3.0);
    EXPECT_EQ(read<double>("-1"), -1.0);
    EXPECT_EQ(read<float>("0.1"), 0.1F);
    EXPECT_THAT(error_of<float>("1e39"), HasSubstr("expected a number of at most"));
    EXPECT_THAT(error_of<double>("\"NaN\""), HasSubstr("expected a number, got a string"));
}

TEST(Text, TakesNothingElse) {
    EXPECT_EQ(read<std::string>("\"a\\u0000b\""), std::string("a\0b", 3));
    EXPECT_EQ(error_of<std::string>("null"), "expected a string, got null");
    EXPECT_EQ(error_of<std::string>("5"), "expected a string, got 5");
    EXPECT_EQ(error_of<std::string>("{}"), "expected a string, got an object");
}

TEST(Containers, GoThereAndBack) {
    const std::map<std::string, std::vector<std::optional<int>>> map{
        {"a", {1, std::nullopt}}, {"b", {}}
    };
    EXPECT_EQ(from_payload<decltype(map)>(to_payload(map)), map);
    const std::array<std::pair<int, std::string>, 2> array{{{1, "x"}, {2, "y"}}};
    EXPECT_EQ((from_payload<std::array<std::pair<int, std::string>, 2>>(to_payload(array))), array);
    const std::vector<bool> bits{true, false};
    EXPECT_EQ(from_payload<std::vector<bool>>(to_payload(bits)), bits);
    const std::unordered_map<std::string, std::set<int>> sets{{"s", {3, 1}}};
    EXPECT_EQ(
        (from_payload<std::unordered_map<std::string, std::set<int>>>(to_payload(sets))), sets
    );
    const std::vector<std::map<int, int>> nested{{{1, 2}}};
    EXPECT_EQ((from_payload<std::vector<std::map<int, int>>>(to_payload(nested))), nested);
}

TEST(Containers, SayWhereTheirElementsAreWrong) {
    using Map = std::map<std::string, std::vector<int>>;
    EXPECT_EQ(
        error_of<Map>(R"({"a":[1,"x"]})"),
        ".a[1]: expected an integer from -2147483648 to 2147483647, got a string"
    );
    EXPECT_EQ(error_of<Map>("[]"), "expected an object, got an array of 0");
    EXPECT_EQ((error_of<std::pair<int, int>>("[1]")), "expected an array of 2, got an array of 1");
    EXPECT_EQ((error_of<std::array<int, 1>>("[1,2]")), "expected an array of 1, got an array of 2");
    EXPECT_EQ(error_of<std::vector<int>>("{}"), "expected an array, got an object");
    EXPECT_EQ(
        (error_of<std::map<std::int8_t, int>>(R"({"300":1})")),
        ".300: expected an integer from -128 to 127, got 300"
    );
    EXPECT_THAT((error_of<std::map<int, int>>(R"({"x":1})")), HasSubstr(".x: expected an integer"));
}

TEST(Enumerations, AreNumbersUnlessTheyHaveText) {
    EXPECT_EQ(to_payload(paint::Size::Large).data, "200");
    EXPECT_EQ(read<paint::Size>("200"), paint::Size::Large);
    EXPECT_EQ(error_of<paint::Size>("256"), "expected a value of the enumeration, got 256");
    EXPECT_EQ(to_payload(paint::Color::Blue).data, "\"blue\"");
    EXPECT_EQ(read<paint::Color>("\"blue\""), paint::Color::Blue);
    EXPECT_EQ(read<std::vector<paint::Color>>(R"(["blue","red"])").at(1), paint::Color::Red);
}

TEST(Enumerations, RefuseTextTheyDoNotKnow) {
    EXPECT_EQ(
        error_of<paint::Color>("\"purple\""), "expected a value of the enumeration, got \"purple\""
    );
    EXPECT_EQ(
        error_of<std::vector<paint::Color>>("[\"red\",1]"),
        "[1]: expected a value of the enumeration, got 1"
    );
    EXPECT_THAT(error_of<paint::Size>("\"large\""), HasSubstr("must be number"));
    EXPECT_EQ(
        read<paint::Shade>("\"pale\""), paint::Shade::Unknown
    );  // has an enumerator for anything else
}

TEST(Variants, TakeTheFirstAlternativeThatFits) {
    using Value = std::variant<std::int64_t, double, std::string>;
    EXPECT_EQ(read<Value>("3"), Value{std::int64_t{3}});
    EXPECT_EQ(read<Value>("2.5"), Value{2.5});
    EXPECT_EQ(read<std::vector<Value>>("[\"a\"]").at(0), Value{"a"});
    EXPECT_THAT(
        error_of<std::vector<Value>>("[true]"), HasSubstr("true fits no alternative of the variant")
    );
    EXPECT_THAT(
        error_of<Value>("true"),
        HasSubstr("expected a number, got true; or expected a string, got true")
    );
}

TEST(Variants, AndOptionalsWorkInsideUsersTypes) {
    const auto wrapped = read<paint::Wrapped>(R"({"choice":"x","maybe":[1,null]})");
    EXPECT_EQ(std::get<std::string>(wrapped.choice), "x");
    EXPECT_EQ(wrapped.maybe.value().at(1), std::nullopt);
    EXPECT_EQ(to_payload(wrapped).data, R"({"choice":"x","maybe":[1,null]})");
    EXPECT_EQ(to_payload(paint::Wrapped{}).data, R"({"choice":null,"maybe":null})");
}

}  // namespace
}  // namespace hourglass
