#include "hourglass/convert/failure_converter.hpp"
#include "hourglass/convert/operation_failures.hpp"
#include "src/convert/failure_converter.hpp"
#include "tests/support/log_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

namespace library {

/// Of a library that knows nothing of Temporal.
struct Refused : std::runtime_error {
    Refused() : std::runtime_error{"account 7"} {}
};

}  // namespace library

namespace hourglass {
namespace {

using convert::ProtoFailure;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A class of one's own for failures of a type.
class Declined : public ApplicationError {
public:
    explicit Declined(const ApplicationError& failure)
        : ApplicationError{
              failure.message(),
              {.type = failure.type(), .details = failure.details()},
              failure.context()
          } {}

    [[nodiscard]] int account() const { return detail<int>(0); }
};

class Converter final : public FailureConverter {
public:
    [[nodiscard]] FailureCause to_failure(const std::exception_ptr& error) const override {
        try {
            std::rethrow_exception(error);
        } catch (const library::Refused& refused) {
            return std::make_shared<const ApplicationError>(
                refused.what(),
                ApplicationErrorOptions{
                    .type = "Declined", .non_retryable = true, .details = encode_arguments(7)
                }
            );
        } catch (const std::bad_alloc&) {
            throw std::logic_error{"a bug of the converter's"};
        } catch (const std::domain_error&) {
            const FailureCause usual = as_failure(error);
            return std::make_shared<const ApplicationError>(
                "outside: " + usual->message(), ApplicationErrorOptions{.cause = usual}
            );
        } catch (...) {
            return nullptr;
        }
    }
    [[nodiscard]] std::exception_ptr from_failure(const FailureError& failure) const override {
        if (failure.message() == "unreadable") {
            throw std::logic_error{"a bug of the converter's"};
        }
        const auto* const application = dynamic_cast<const ApplicationError*>(&failure);
        if (application != nullptr && application->type() == "Declined") {
            return std::make_exception_ptr(Declined{*application});
        }
        return nullptr;
    }
};

class OwnFailures : public ::testing::Test {
protected:
    OwnFailures() { set_failure_converter(std::make_shared<const Converter>()); }
    ~OwnFailures() override { set_failure_converter(nullptr); }

    template <class E>
    static ProtoFailure sent(const E& error) {
        ProtoFailure failure;
        convert::to_failure(std::make_exception_ptr(error), &failure);
        return failure;
    }
};

TEST_F(OwnFailures, AreSentForExceptionsOfLibraries) {
    const ProtoFailure failure = sent(library::Refused{});
    EXPECT_EQ(failure.message(), "account 7");
    EXPECT_EQ(failure.application_failure_info().type(), "Declined");
    EXPECT_TRUE(failure.application_failure_info().non_retryable());
    EXPECT_EQ(failure.application_failure_info().details().payloads(0).data(), "7");
}

TEST_F(OwnFailures, AreSentForWhatIsNestedInAnother) {
    ProtoFailure failure;
    try {
        try {
            throw library::Refused{};
        } catch (...) {
            std::throw_with_nested(ApplicationError{"order failed"});
        }
    } catch (...) {
        convert::to_failure(std::current_exception(), &failure);
    }
    EXPECT_EQ(failure.message(), "order failed");
    EXPECT_EQ(failure.cause().application_failure_info().type(), "Declined");
}

TEST_F(OwnFailures, LeaveAloneWhatIsAFailureOrNotMeant) {
    EXPECT_EQ(
        sent(ApplicationError{"mine", {.type = "Mine"}}).application_failure_info().type(), "Mine"
    );
    EXPECT_EQ(
        sent(std::out_of_range{"index"}).application_failure_info().type(), "std::out_of_range"
    );
}

TEST_F(OwnFailures, MayBeMadeOfTheUsualOnes) {
    const ProtoFailure failure = sent(std::domain_error{"7 is not even"});
    EXPECT_EQ(failure.message(), "outside: 7 is not even");
    EXPECT_EQ(failure.cause().application_failure_info().type(), "std::domain_error");
}

TEST_F(OwnFailures, AreThrownForFailuresThatCome) {
    const ProtoFailure failure = sent(library::Refused{});
    try {
        std::rethrow_exception(convert::from_failure(failure));
        FAIL() << "nothing was thrown";
    } catch (const Declined& declined) {
        EXPECT_EQ(declined.account(), 7);
        ProtoFailure again;
        convert::to_failure(declined, &again);
        EXPECT_EQ(again.SerializeAsString(), failure.SerializeAsString()) << "as it came";
    }
}

TEST_F(OwnFailures, AreFoundAmongTheCauses) {
    const ProtoFailure failure = sent(ActivityError{
        "activity failed", {}, {.cause = as_failure(std::make_exception_ptr(library::Refused{}))}
    });
    const FailureCause read = convert::to_cause(failure);
    ASSERT_NE(read->find_cause<Declined>(), nullptr);
    EXPECT_EQ(read->find_cause<Declined>()->account(), 7);
}

TEST_F(OwnFailures, GiveWayToTheUsualOnesIfTheConverterThrows) {
    const test::LogLines lines;
    EXPECT_EQ(sent(std::bad_alloc{}).application_failure_info().type(), "std::bad_alloc");
    ProtoFailure failure;
    failure.set_message("unreadable");
    EXPECT_EQ(convert::to_cause(failure)->message(), "unreadable");
    EXPECT_THAT(
        lines.at_least(log::Level::Error),
        ElementsAre(HasSubstr("to_failure"), HasSubstr("from_failure"))
    );
}

TEST(NoConverterOfOnesOwn, IsTheUsualWay) {
    ProtoFailure failure;
    convert::to_failure(std::make_exception_ptr(library::Refused{}), &failure);
    EXPECT_EQ(failure.application_failure_info().type(), "library::Refused");
}

}  // namespace
}  // namespace hourglass
