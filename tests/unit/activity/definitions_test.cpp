#include "hourglass/activity/definitions.hpp"

#include "hourglass/activity/catalog.hpp"
#include "hourglass/base/error.hpp"
#include "tests/unit/activity/definitions_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

namespace hg = hourglass;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

namespace {

int twice(int n) {
    return 2 * n;
}
int thrice(int n) {
    return 3 * n;
}
hg::activity::Task<std::optional<std::string>> look_up(std::string key, bool) {
    co_return key;
}

}  // namespace

TEST(ActivityDefinitions, AreCalledByTheirCppNameOrByTheNameGiven) {
    hg::activity::Definitions definitions;
    definitions.add<&twice>().add<&twice>("double").add("half", [](int n) { return n / 2; });
    EXPECT_THAT(definitions.names(), ElementsAre("double", "half", "twice"));
    EXPECT_EQ(definitions.find("unknown"), nullptr);
}

TEST(ActivityDefinitions, KnowTheirTypesAsText) {
    const auto definition = hg::activity::define<&look_up>();
    EXPECT_THAT(definition.argument_types, ElementsAre("std::string", "bool"));
    EXPECT_EQ(definition.result_type, "std::optional<std::string>");
    EXPECT_FALSE(definition.needs_object);
}

TEST(ActivityDefinitions, KnowTheClassOfAMemberFunction) {
    const auto definition = hg::activity::define<&shop::Orders::charge>();
    ASSERT_TRUE(definition.needs_object);
    EXPECT_EQ(definition.needs_object->class_name, "shop::Orders");
}

TEST(ActivityDefinitions, RejectTwoFunctionsOfOneName) {
    hg::activity::Definitions definitions;
    definitions.add<&twice>("number");
    EXPECT_THAT(
        [&] { definitions.add<&thrice>("number"); },
        ThrowsMessage<hg::DuplicateRegistrationError>(HasSubstr("'number'"))
    );
    EXPECT_THROW(
        definitions.add("number", [](int n) { return n; }), hg::DuplicateRegistrationError
    );
}

TEST(ActivityDefinitions, AcceptTheSameFunctionTwice) {
    hg::activity::Definitions definitions;
    definitions.add<&twice>().add<&twice>();
    EXPECT_EQ(definitions.size(), 1U);
}

TEST(ActivityDefinitions, RejectEmptyAndReservedNames) {
    hg::activity::Definitions definitions;
    EXPECT_THROW(definitions.add<&twice>(""), hg::ConfigurationError);
    EXPECT_THROW(definitions.add<&twice>("__temporal_twice"), hg::ConfigurationError);
}

TEST(ActivityDefinitions, CanBePutTogether) {
    hg::activity::Definitions some;
    some.add<&twice>();
    hg::activity::Definitions all;
    all.add<&thrice>().add(some);
    EXPECT_THAT(all.names(), ElementsAre("thrice", "twice"));
}

TEST(ActivityDefinitions, SayWhichActivitiesLackTheirObject) {
    hg::activity::Definitions definitions;
    definitions.add<&twice>().add<&shop::Orders::charge>();
    hg::activity::Objects objects;
    EXPECT_THAT(
        definitions.unusable_with(objects),
        ElementsAre(testing::AllOf(
            HasSubstr("'charge'"), HasSubstr("shop::Orders"), HasSubstr("objects.add")
        ))
    );
    objects.add(std::make_shared<shop::Orders>());
    EXPECT_THAT(definitions.unusable_with(objects), ElementsAre());
}

TEST(ActivityCatalog, HoldsWhatTheMacroDefinedOnceEvenFromAHeaderOfManyFiles) {
    const auto definitions = hg::activity::Catalog::definitions();
    EXPECT_THAT(definitions.names(), ElementsAre("charge", "fetch-page", "refund"));
}

TEST(ActivityObjects, AreFoundByTheirExactClass) {
    hg::activity::Objects objects;
    const auto orders = std::make_shared<shop::Orders>();
    objects.add(orders);
    EXPECT_EQ(objects.find<shop::Orders>(), orders);
    EXPECT_EQ(objects.find<std::string>(), nullptr);
}

TEST(ActivityObjects, CanBeBorrowed) {
    shop::Orders orders;
    hg::activity::Objects objects;
    objects.add(std::ref(orders));
    EXPECT_EQ(objects.find<shop::Orders>().get(), &orders);
}

TEST(ActivityObjects, RejectASecondOneOfAClassAndNull) {
    hg::activity::Objects objects;
    objects.add(std::make_shared<shop::Orders>());
    EXPECT_THAT(
        [&] { objects.add(std::make_shared<shop::Orders>()); },
        ThrowsMessage<hg::DuplicateRegistrationError>(HasSubstr("shop::Orders"))
    );
    EXPECT_THROW(objects.add(std::shared_ptr<std::string>{}), hg::ConfigurationError);
}
