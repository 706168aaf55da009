#include "src/convert/type_text.hpp"

#include "hourglass/convert/conversion_error.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace hourglass {
namespace {

struct Local {};

TEST(TypeNames, AreReadableFromTheCompiler) {
    EXPECT_EQ(detail::type_text<int>(), "int");
    EXPECT_EQ(detail::type_text<std::string>(), "std::string");
    EXPECT_EQ(detail::type_text<std::vector<std::string>>(), "std::vector<std::string>");
    EXPECT_EQ((detail::type_text<std::map<std::string, int>>()), "std::map<std::string, int>");
    EXPECT_EQ(detail::type_text<Local>(), "hourglass::Local");
}

TEST(TypeNames, AreReadableAtRunTime) {
    EXPECT_EQ(convert::type_text(typeid(std::string)), "std::string");
    EXPECT_EQ(
        (convert::type_text(typeid(std::map<std::string, std::vector<int>>))),
        "std::map<std::string, std::vector<int>>"
    );
    EXPECT_EQ(convert::type_text(typeid(Local)), "hourglass::Local");
    EXPECT_EQ(convert::type_text(typeid(nlohmann::json)), "nlohmann::json");
}

TEST(TypeNames, OfNestedExceptionsAreThoseOfTheException) {
    try {
        std::throw_with_nested(std::runtime_error{"x"});
    } catch (...) {
        EXPECT_EQ(convert::current_exception_type(), "std::runtime_error");
    }
}

}  // namespace
}  // namespace hourglass
