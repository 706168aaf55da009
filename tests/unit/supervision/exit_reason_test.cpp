#include "hourglass/supervision/exit_reason.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <stdexcept>

namespace hourglass::supervision {
namespace {

template <class E>
ExitReason crash(E error) {
    return ExitReason::crashed(std::make_exception_ptr(std::move(error)));
}

TEST(ExitReasonTest, OnlyNormalAndShutdownAreNotAbnormal) {
    EXPECT_FALSE(ExitReason{}.is_abnormal());
    EXPECT_FALSE(ExitReason::normal().is_abnormal());
    EXPECT_FALSE(ExitReason::shutdown().is_abnormal());
    EXPECT_FALSE(ExitReason::shutdown("moving house").is_abnormal());
    EXPECT_TRUE(ExitReason::killed().is_abnormal());
    EXPECT_TRUE(ExitReason::no_process().is_abnormal());
    EXPECT_TRUE(crash(std::runtime_error{"boom"}).is_abnormal());
    EXPECT_TRUE(ExitReason::named("bridge_reloaded").is_abnormal());
}

TEST(ExitReasonTest, SaysTheTypeAndTextOfTheException) {
    const auto reason = crash(std::out_of_range{"index 7"});
    EXPECT_EQ(reason.text(), "crashed: std::out_of_range: index 7");
    EXPECT_EQ(reason.exception_type(), "std::out_of_range");
    EXPECT_EQ(reason.detail(), "index 7");
    EXPECT_THROW(std::rethrow_exception(reason.exception()), std::out_of_range);
}

TEST(ExitReasonTest, KnowsExceptionsThatAreNoStdException) {
    EXPECT_EQ(crash(42).text(), "crashed: int");
}

TEST(ExitReasonTest, KeepsNestedExceptionsAsCauses) {
    std::exception_ptr outer;
    try {
        try {
            throw std::runtime_error{"disk full"};
        } catch (...) {  // nested on purpose
            std::throw_with_nested(std::logic_error{"cannot save"});
        }
    } catch (...) {  // kept for the reason
        outer = std::current_exception();
    }
    const auto reason = ExitReason::crashed(outer);
    ASSERT_NE(reason.cause(), nullptr);
    EXPECT_EQ(reason.cause()->text(), "crashed: std::runtime_error: disk full");
}

TEST(ExitReasonTest, ShowsItsChainOfCauses) {
    const auto reason =
        ExitReason::shutdown("too much")
            .caused_by(
                ExitReason::named("bridge_reloaded", "generation 2").caused_by(ExitReason::killed())
            );
    EXPECT_EQ(
        reason.text(),
        "shutdown: too much; caused by bridge_reloaded: generation 2; caused by killed"
    );
}

TEST(ExitReasonTest, IsComparedByKindNameAndDetail) {
    EXPECT_EQ(ExitReason::shutdown(), ExitReason::shutdown().caused_by(ExitReason::killed()));
    EXPECT_NE(ExitReason::shutdown(), ExitReason::shutdown("why"));
    EXPECT_NE(ExitReason::named("a"), ExitReason::named("b"));
    EXPECT_NE(ExitReason::kill(), ExitReason::killed());
    EXPECT_TRUE(ExitReason::named("bridge_reloaded").is("bridge_reloaded"));
}

}  // namespace
}  // namespace hourglass::supervision
