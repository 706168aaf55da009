#include "hourglass/convert/search_attributes.hpp"

#include "hourglass/convert/conversion_error.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace hourglass {
namespace {

using namespace std::chrono_literals;

const auto kText = search_attribute::text("Text");
const auto kKeyword = search_attribute::keyword("Keyword");
const auto kList = search_attribute::keyword_list("List");
const auto kInt = search_attribute::integer("Int");
const auto kDouble = search_attribute::floating("Double");
const auto kBool = search_attribute::boolean("Bool");
const auto kTime = search_attribute::datetime("Time");

Payload json(const std::string& data, const std::string& type = {}) {
    Payload payload{.metadata = {{"encoding", "json/plain"}}, .data = data};
    if (!type.empty()) {
        payload.metadata.emplace("type", type);
    }
    return payload;
}

TEST(SearchAttributes, TravelAsJsonWithTheServersNameOfTheirType) {
    const std::chrono::system_clock::time_point time{1'700'000'000s};
    const SearchAttributes attributes{
        kText.set("some words"),
        kKeyword.set("ada"),
        kList.set({"a", "b"}),
        kInt.set(5),
        kDouble.set(0.5),
        kBool.set(true),
        kTime.set(time),
    };
    const std::map<std::string, Payload> expected{
        {"Text", json(R"("some words")", "Text")},
        {"Keyword", json(R"("ada")", "Keyword")},
        {"List", json(R"(["a","b"])", "KeywordList")},
        {"Int", json("5", "Int")},
        {"Double", json("0.5", "Double")},
        {"Bool", json("true", "Bool")},
        {"Time", json(R"("2023-11-14T22:13:20Z")", "Datetime")},
    };
    EXPECT_EQ(attributes.values(), expected);
    EXPECT_EQ(attributes.get(kText), "some words");
    EXPECT_EQ(attributes.get(kKeyword), "ada");
    EXPECT_EQ(attributes.get(kList), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(attributes.get(kInt), 5);
    EXPECT_EQ(attributes.get(kDouble), 0.5);
    EXPECT_EQ(attributes.get(kBool), true);
    EXPECT_EQ(attributes.get(kTime), time);
}

TEST(SearchAttributes, AreRemovedByANullWithoutAType) {
    EXPECT_EQ(kKeyword.unset().value, null_payload());
    SearchAttributes attributes{kKeyword.set("ada"), kInt.set(5)};
    attributes.apply(kKeyword.unset());
    EXPECT_FALSE(attributes.contains(kKeyword));
    EXPECT_TRUE(attributes.contains(kInt));
    EXPECT_EQ(attributes.get(kKeyword), std::nullopt);
    EXPECT_FALSE(attributes.empty());
    EXPECT_TRUE((SearchAttributes{kKeyword.set("ada"), kKeyword.unset()}.empty()));
}

TEST(SearchAttributes, AreReadFromAListOfOneAndFromAnEmptyOneAsServersGiveThem) {
    const SearchAttributes attributes{std::map<std::string, Payload>{
        {"Keyword", json(R"(["ada"])")}, {"Int", json("[]")}, {"Bool", null_payload()}
    }};
    EXPECT_EQ(attributes.get(kKeyword), "ada");
    EXPECT_EQ(attributes.get(kInt), std::nullopt);
    EXPECT_EQ(attributes.get(kBool), std::nullopt);
}

TEST(SearchAttributes, OfAnotherTypeThanTheKeySaysAreAnError) {
    const SearchAttributes attributes{std::map<std::string, Payload>{
        {"Int", json(R"("five")")}, {"Keyword", json(R"(["a","b"])")}
    }};
    EXPECT_THROW(static_cast<void>(attributes.get(kInt)), ConversionError);
    EXPECT_THROW(static_cast<void>(attributes.get(kKeyword)), ConversionError);
}

}  // namespace
}  // namespace hourglass
