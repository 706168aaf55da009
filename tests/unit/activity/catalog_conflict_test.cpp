#include "hourglass/activity/catalog.hpp"
#include "hourglass/base/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace one {
inline int price() {
    return 1;
}
}  // namespace one
namespace two {
inline int price() {
    return 2;
}
}  // namespace two

HOURGLASS_ACTIVITY(one::price);
HOURGLASS_ACTIVITY(two::price);

TEST(ActivityCatalog, ReportsTwoActivitiesOfOneNameWhenItIsAskedAndNotEarlier) {
    for (int again = 0; again < 2; ++again) {
        EXPECT_THAT(
            [] { static_cast<void>(hourglass::activity::Catalog::definitions()); },
            testing::ThrowsMessage<hourglass::DuplicateRegistrationError>(
                testing::HasSubstr("'price'")
            )
        );
    }
}
