// The table of the bridge's functions: complete, and the only way to them.
#include "src/core/bridge.hpp"

#include "hourglass/base/error.hpp"
#include "src/core/generation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace hourglass::core {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::ThrowsMessage;

std::string read(const std::filesystem::path& file) {
    std::ifstream stream{file};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

std::string without_comments(const std::string& code) {
    return std::regex_replace(code, std::regex{"//[^\n]*"}, "");
}

std::set<std::string> found(const std::string& code, const std::string& pattern) {
    const std::regex regex{pattern};
    std::set<std::string> names;
    for (std::sregex_iterator match{code.begin(), code.end(), regex};
         match != std::sregex_iterator{};
         ++match) {
        names.insert((*match)[1]);
    }
    return names;
}

TEST(Bridge, HasEveryFunctionOfTheHeader) {
    std::set<std::string> in_table;
#define HOURGLASS_TEST_NAME(name) in_table.insert("hg_" #name);
    HOURGLASS_BRIDGE_FUNCTIONS(HOURGLASS_TEST_NAME)
#undef HOURGLASS_TEST_NAME
    const auto header =
        without_comments(read(HOURGLASS_TEST_SOURCE "/bridge/include/hourglass_bridge.h"));
    const auto declared = found(header, R"(\b(hg_[a-z0-9_]+)\()");
    EXPECT_GE(declared.size(), 30u);
    EXPECT_EQ(in_table, declared);
}

// Else a program that has loaded another build would mix the two.
TEST(Bridge, IsTheOnlyWayToItsFunctions) {
    std::size_t files = 0;
    for (const auto& file :
         std::filesystem::directory_iterator{HOURGLASS_TEST_SOURCE "/src/core"}) {
        if (file.path().extension() == ".cpp" || file.path().extension() == ".hpp") {
            ++files;
            const auto code = without_comments(read(file.path()));
            EXPECT_THAT(found(code, R"(\b(hg_(?!cpp_|c_)[a-z0-9_]+)\b)"), IsEmpty()) << file.path();
        }
    }
    EXPECT_GE(files, 20u);
}

TEST(Bridge, StaysIfTheOtherOneCannotBeLoaded) {
    const auto before = generation::current();
    EXPECT_THAT(
        [] { generation::load_bridge("/no/such/library.so"); },
        ThrowsMessage<Error>(HasSubstr("/no/such/library.so"))
    );
    EXPECT_THAT(
        [] { generation::load_bridge("libm.so.6"); },
        ThrowsMessage<Error>(HasSubstr("it has no function hg_bytes_free"))
    );
    EXPECT_EQ(generation::current(), before);
}

}  // namespace
}  // namespace hourglass::core
