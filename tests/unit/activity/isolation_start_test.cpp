// Where the isolation server cannot be, or is not. A binary of its own: the tests' main starts
// none.
#include "hourglass/activity/isolation.hpp"
#include "hourglass/base/error.hpp"
#include "src/activity/isolation/failures.hpp"
#include "tests/unit/activity/harness.hpp"
#include "tests/unit/activity/isolated_bodies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace hourglass::activity {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(IsolationStart, IsRefusedOnceThereAreThreads) {
    Promise<void> end;
    const std::jthread other{[wait = end.future()] { wait.get(); }};
    EXPECT_THAT(
        [] { hourglass::isolation::start(); },
        ThrowsMessage<ConfigurationError>(
            HasSubstr("call hourglass::isolation::start() first in main")
        )
    );
    EXPECT_FALSE(hourglass::isolation::started());
    end.set_value();
}

TEST(IsolationStart, IsNeededForAnIsolatedActivity) {
    Harness harness;
    harness.definitions.add<&isolated_bodies::add>(isolated);
    const auto result = harness.run("add", 1, 2);
    EXPECT_EQ(result.failed().failure().application_failure_info().type(), isolation::kNoServer);
    EXPECT_THAT(result.failed().failure().message(), HasSubstr("isolation::start()"));
}

}  // namespace
}  // namespace hourglass::activity
