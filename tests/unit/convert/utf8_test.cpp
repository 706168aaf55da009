#include "src/convert/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hourglass::convert {
namespace {

TEST(Utf8, ThatIsValidStaysAsItIs) {
    for (const std::string text :
         {"",
          "ascii",
          "gr\xC3\xBC\xC3\x9F",
          "\xE2\x82\xAC",
          "\xF0\x9F\x98\x80",
          "\xED\x9F\xBF",
          "\xF4\x8F\xBF\xBF"}) {
        EXPECT_TRUE(is_utf8(text)) << text;
        EXPECT_EQ(valid_utf8(text), text);
    }
    EXPECT_TRUE(is_utf8(std::string("a\0b", 3)));
}

TEST(Utf8, ThatIsBrokenIsReplacedByteByByte) {
    const std::string r = "\xEF\xBF\xBD";
    EXPECT_EQ(valid_utf8("caf\xE9"), "caf" + r);
    EXPECT_EQ(valid_utf8("\xC0\xAF"), r + r);                  // overlong
    EXPECT_EQ(valid_utf8("\xED\xA0\x80"), r + r + r);          // a surrogate
    EXPECT_EQ(valid_utf8("\xF4\x90\x80\x80"), r + r + r + r);  // beyond U+10FFFF
    EXPECT_EQ(valid_utf8("a\xE2\x82"), "a" + r + r);           // cut off
    EXPECT_EQ(valid_utf8("\x80z"), r + "z");
    EXPECT_FALSE(is_utf8("\xF8\x88\x80\x80\x80"));
}

}  // namespace
}  // namespace hourglass::convert
