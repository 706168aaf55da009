#include "src/subsystem/reapings.hpp"

#include <gtest/gtest.h>

namespace hourglass::subsystem {
namespace {

TEST(ReapingsTest, AreNoneBeforeTheFirst) {
    Reapings reapings;
    EXPECT_TRUE(reapings.none().ready());
}

TEST(ReapingsTest, AreNoneWhenTheLastHasEnded) {
    Reapings reapings;
    reapings.begun();
    reapings.begun();
    const auto none = reapings.none();
    reapings.ended();
    EXPECT_FALSE(none.ready());
    reapings.ended();
    EXPECT_TRUE(none.ready());
    EXPECT_TRUE(reapings.none().ready());
}

}  // namespace
}  // namespace hourglass::subsystem
