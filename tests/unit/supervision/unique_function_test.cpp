#include "hourglass/base/unique_function.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <utility>

namespace hourglass {
namespace {

TEST(UniqueFunctionTest, HoldsWhatCannotBeCopied) {
    UniqueFunction<int(int)> add = [base = std::make_unique<int>(40)](int more) {
        return *base + more;
    };
    UniqueFunction<int(int)> moved = std::move(add);
    EXPECT_FALSE(add);  // NOLINT(bugprone-use-after-move): a moved-from one is empty
    EXPECT_EQ(moved(2), 42);
}

TEST(UniqueFunctionTest, HoldsWhatIsTooLargeToLiveInside) {
    std::array<char, 200> large{};
    large[199] = 'x';
    UniqueFunction<char()> last = [large] { return large[199]; };
    UniqueFunction<char()> moved = std::move(last);
    EXPECT_EQ(moved(), 'x');
}

TEST(UniqueFunctionTest, DestroysItsCallableOnce) {
    const auto token = std::make_shared<int>(1);
    {
        UniqueFunction<void()> holder = [token] {};
        EXPECT_EQ(token.use_count(), 2);
        UniqueFunction<void()> moved = std::move(holder);
        EXPECT_EQ(token.use_count(), 2);
        moved = nullptr;
        EXPECT_EQ(token.use_count(), 1);
        moved = [token] {};
    }
    EXPECT_EQ(token.use_count(), 1);
}

TEST(UniqueFunctionTest, PassesMoveOnlyArgumentsAndReferences) {
    UniqueFunction<std::string(std::unique_ptr<std::string>, int&)> join =
        [](std::unique_ptr<std::string> text, int& count) {
            ++count;
            return *text + std::to_string(count);
        };
    int count = 0;
    EXPECT_EQ(join(std::make_unique<std::string>("a"), count), "a1");
    EXPECT_EQ(count, 1);
}

TEST(UniqueFunctionTest, DropsAResultThatNobodyWants) {
    int calls = 0;
    UniqueFunction<void()> ignore = [&calls] { return ++calls; };
    ignore();
    EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace hourglass
