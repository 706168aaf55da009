#include "hourglass/activity/definitions.hpp"

#include "hourglass/activity/catalog.hpp"
#include "hourglass/activity/context.hpp"
#include "hourglass/base/error.hpp"
#include "hourglass/convert/value_encoding.hpp"
#include "tests/unit/activity/definitions_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

namespace hg = hourglass;
using testing::AllOf;
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
hg::RawValue forward(hg::Payloads arguments) {
    return {arguments.at(0)};
}
std::string name_of_type(const hg::Payloads&) {
    return hg::activity::info().activity_type;
}
hg::activity::Task<std::optional<std::string>> look_up(std::string key, bool) {
    co_return key;
}

}  // namespace

HOURGLASS_ACTIVITY(forward, dynamic);

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

TEST(ActivityDefinitions, FindTheDynamicOneForWhatNobodyElseDefines) {
    hg::activity::Definitions definitions;
    definitions.add_dynamic<&forward>().add<&twice>();
    EXPECT_TRUE(definitions.find("unknown")->dynamic);
    EXPECT_EQ(definitions.find("twice")->name, "twice");
    EXPECT_THAT(definitions.names(), ElementsAre("twice"));
    EXPECT_EQ(definitions.size(), 2U);
    EXPECT_FALSE(definitions.any_isolated());

    hg::activity::Definitions isolated;
    EXPECT_TRUE(isolated.empty());
    isolated.add_dynamic<&forward>(hg::activity::isolated);
    EXPECT_FALSE(isolated.empty());
    EXPECT_TRUE(isolated.any_isolated());
}

TEST(ActivityDefinitions, HaveOneDynamicOneAtMost) {
    hg::activity::Definitions some;
    some.add_dynamic<&forward>();
    hg::activity::Definitions all;
    all.add(some).add(some);
    EXPECT_THAT(
        [&] { all.add_dynamic<&name_of_type>(); },
        ThrowsMessage<hg::DuplicateRegistrationError>(
            AllOf(HasSubstr("'forward'"), HasSubstr("'name_of_type'"))
        )
    );
    EXPECT_THROW(
        all.add_dynamic([](const hg::Payloads&) { return 1; }), hg::DuplicateRegistrationError
    );
}

TEST(ActivityDefinitions, AreDynamicIfTheirLineSaysSo) {
    const auto found = hg::activity::Catalog::definitions().find("unknown");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->name, "forward");
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
