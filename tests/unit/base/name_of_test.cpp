#include "hourglass/base/name_of.hpp"

#include "hourglass/base/function_traits.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace name_of_test::inner {

int free_function(std::string text, const std::vector<int>& numbers);
int renamed(int value);

struct Type {
    void method(std::string text);
    int constant() const noexcept;
};

}  // namespace name_of_test::inner

template <>
inline constexpr std::string_view
    hourglass::detail::kFunctionNameOverride<&name_of_test::inner::renamed> = "other-name";

namespace hourglass::detail {
namespace {

namespace inner = name_of_test::inner;

TEST(NameOf, IsTheNameWithoutNamespacesAndClass) {
    EXPECT_EQ(kNameOfFunction<&inner::free_function>, "free_function");
    EXPECT_EQ(kNameOfFunction<&inner::Type::method>, "method");
    EXPECT_EQ(kNameOfFunction<&inner::Type::constant>, "constant");
    EXPECT_EQ(kNameOfType<inner::Type>, "Type");
}

TEST(NameOf, IsTheOverrideWhereThereIsOne) {
    EXPECT_EQ(kNameOfFunction<&inner::renamed>, "other-name");
}

TEST(FunctionTraits, GiveArgumentsAsValues) {
    static_assert(std::is_same_v<
                  ArgumentsOf<&inner::free_function>,
                  std::tuple<std::string, std::vector<int>>>);
    static_assert(std::is_same_v<ResultOf<&inner::Type::constant>, int>);
    static_assert(std::is_same_v<TraitsOf<&inner::Type::method>::Class, inner::Type>);
    static_assert(kArgumentsMatch<
                  ArgumentsOf<&inner::free_function>,
                  const char*,
                  std::vector<int>>);
    static_assert(!kArgumentsMatch<ArgumentsOf<&inner::free_function>, const char*>);
    static_assert(!kArgumentsMatch<ArgumentsOf<&inner::renamed>, std::string>);
}

}  // namespace
}  // namespace hourglass::detail
