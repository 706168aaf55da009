#include "hourglass/convert/failures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace shop {

class CardDeclined : public hourglass::ApplicationError {
public:
    CardDeclined() : ApplicationError{"no money"} {}
};

struct OutOfStock : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace shop

namespace hourglass {
namespace {

using namespace std::chrono_literals;

std::exception_ptr thrown_by(auto function) {
    try {
        function();
    } catch (...) {
        return std::current_exception();
    }
    return nullptr;
}

const ApplicationError& application(const FailureCause& failure) {
    return dynamic_cast<const ApplicationError&>(*failure);
}

TEST(ApplicationErrors, CarryWhatTheyWereGiven) {
    const ApplicationError error{
        "declined",
        {.type = "Declined",
         .non_retryable = true,
         .details = encode_arguments("card", 42),
         .next_retry_delay = 5s,
         .category = ErrorCategory::Benign}
    };
    EXPECT_STREQ(error.what(), "declined");
    EXPECT_EQ(error.type(), "Declined");
    EXPECT_TRUE(error.non_retryable());
    EXPECT_EQ(error.detail<std::string>(0), "card");
    EXPECT_EQ(error.detail<int>(1), 42);
    EXPECT_EQ(error.next_retry_delay(), 5s);
    EXPECT_EQ(error.category(), ErrorCategory::Benign);
    EXPECT_EQ(error.cause(), nullptr);
    try {
        (void)error.detail<int>(2);
        FAIL();
    } catch (const ConversionError& missing) {
        EXPECT_THAT(
            missing.what(),
            testing::HasSubstr("there is no such detail: the ApplicationError carries 2")
        );
    }
}

TEST(ApplicationErrors, OfADerivedClassAreTypedByItsName) {
    EXPECT_EQ(shop::CardDeclined{}.type(), "shop::CardDeclined");
    EXPECT_EQ(ApplicationError{"plain"}.type(), "");
}

TEST(AnyException, BecomesAnApplicationErrorTypedByItsCppType) {
    const auto standard = as_failure(thrown_by([] { throw std::out_of_range{"too far"}; }));
    EXPECT_EQ(application(standard).type(), "std::out_of_range");
    EXPECT_EQ(standard->message(), "too far");
    EXPECT_FALSE(application(standard).non_retryable());

    const auto own = as_failure(thrown_by([] { throw shop::OutOfStock{"sold out"}; }));
    EXPECT_EQ(application(own).type(), "shop::OutOfStock");

    const auto number = as_failure(thrown_by([] { throw 42; }));
    EXPECT_EQ(application(number).type(), "int");
    EXPECT_EQ(number->message(), "42");

    const auto text = as_failure(thrown_by([] { throw std::string{"text"}; }));
    EXPECT_EQ(application(text).type(), "std::string");
    EXPECT_EQ(text->message(), "text");

    const auto literal = as_failure(thrown_by([] { throw "literal"; }));
    EXPECT_EQ(application(literal).type(), "char const*");
    EXPECT_EQ(literal->message(), "literal");

    struct Odd {};
    const auto odd = as_failure(thrown_by([] { throw Odd{}; }));
    EXPECT_EQ(odd->message(), "an exception without text");
    EXPECT_THAT(application(odd).type(), testing::HasSubstr("Odd"));
}

TEST(AnyException, ThatIsAFailureStaysTheSameObject) {
    const auto failure = as_failure(thrown_by([] { throw shop::CardDeclined{}; }));
    EXPECT_NE(dynamic_cast<const shop::CardDeclined*>(failure.get()), nullptr);
    EXPECT_EQ(application(failure).type(), "shop::CardDeclined");
}

void nest() {
    try {
        try {
            throw std::invalid_argument{"bottom"};
        } catch (...) {
            std::throw_with_nested(shop::OutOfStock{"middle"});
        }
    } catch (...) {
        std::throw_with_nested(ApplicationError{"top", {.type = "Top"}});
    }
}

TEST(NestedExceptions, AreTheChainOfCauses) {
    const auto top = as_failure(thrown_by(nest));
    EXPECT_EQ(application(top).type(), "Top");
    ASSERT_NE(top->cause(), nullptr);
    EXPECT_EQ(application(top->cause()).type(), "shop::OutOfStock");
    ASSERT_NE(top->cause()->cause(), nullptr);
    EXPECT_EQ(application(top->cause()->cause()).type(), "std::invalid_argument");
    EXPECT_EQ(top->cause()->cause()->cause(), nullptr);
    EXPECT_EQ(
        to_text(*top),
        "ApplicationError (Top): top; because ApplicationError (shop::OutOfStock): middle; because "
        "ApplicationError "
        "(std::invalid_argument): bottom"
    );
}

TEST(NestedExceptions, OfAFailureAreItsCauseWhenItIsCaught) {
    try {
        nest();
        FAIL();
    } catch (const ApplicationError& error) {
        ASSERT_NE(error.cause(), nullptr);
        EXPECT_EQ(error.cause()->message(), "middle");
    }
}

TEST(Causes, AreFoundByTheirType) {
    const auto timeout =
        as_failure(std::make_exception_ptr(TimeoutError{"late", TimeoutType::Heartbeat}));
    const ChildWorkflowError error{
        "child",
        {.workflow_id = "c"},
        {.cause = std::make_shared<ActivityError>(
             "activity",
             ActivityFailureInfo{.activity_type = "charge"},
             FailureContext{.cause = timeout}
         )}
    };
    ASSERT_NE(error.find_cause<TimeoutError>(), nullptr);
    EXPECT_EQ(error.find_cause<TimeoutError>()->type(), TimeoutType::Heartbeat);
    EXPECT_EQ(error.find_cause<ActivityError>()->activity_type(), "charge");
    EXPECT_EQ(error.find_cause<CancelledError>(), nullptr);
    EXPECT_EQ(
        to_text(error),
        "ChildWorkflowError: child; because ActivityError (charge): activity; because TimeoutError "
        "(heartbeat): late"
    );
}

TEST(CancelledErrors, HaveDetailsAndADefaultMessage) {
    EXPECT_STREQ(CancelledError{}.what(), "cancelled");
    const CancelledError error{"stop", {.details = encode_arguments("why"), .identity = "ops"}};
    EXPECT_EQ(error.detail<std::string>(0), "why");
    EXPECT_EQ(error.identity(), "ops");
}

}  // namespace
}  // namespace hourglass
