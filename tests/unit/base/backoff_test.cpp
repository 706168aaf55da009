#include "src/base/backoff.hpp"

#include <gtest/gtest.h>

#include <climits>

namespace hourglass {
namespace {

using namespace std::chrono_literals;

TEST(BackoffPolicyTest, GrowsFromTheFirstWaitToTheLongestAndNeverBeyond) {
    const BackoffPolicy policy{.first = 100ms, .factor = 2, .longest = 1s};
    for (int round = 0; round < 100; ++round) {
        for (const auto& [failures, most] :
             {std::pair{1, 100ms}, {2, 200ms}, {4, 800ms}, {5, 1000ms}, {INT_MAX, 1000ms}}) {
            const auto wait = policy.after(failures);
            EXPECT_LE(wait, most) << failures;
            EXPECT_GE(wait, most / 2) << failures;
        }
    }
}

TEST(BackoffPolicyTest, SpreadsItsWaits) {
    const BackoffPolicy policy{.first = 10s, .longest = 10s};
    const auto first = policy.after(1);
    bool differs = false;
    for (int i = 0; i < 100 && !differs; ++i) {
        differs = policy.after(1) != first;
    }
    EXPECT_TRUE(differs);
}

TEST(BackoffTest, StartsAfreshAfterAReset) {
    Backoff backoff{{.first = 100ms, .factor = 10, .longest = 10s}};
    EXPECT_LE(backoff.next(), 100ms);
    EXPECT_GE(backoff.next(), 500ms);
    backoff.reset();
    EXPECT_LE(backoff.next(), 100ms);
}

}  // namespace
}  // namespace hourglass
